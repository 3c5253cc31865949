"""What a person can do with a question: ask, support, check, group, choose, show in the hall, answer, erase."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.forum import Forum
from consult.forums.forum import State as ForumState
from consult.forums.links import Links
from consult.forums.questions import letters, queries
from consult.forums.questions.question import (
    REFUSALS,
    Asked,
    Asking,
    Channel,
    Moderation,
    Question,
    State,
    answer_problems,
)
from consult.i18n import Text
from consult.mail.message import email_address
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "forum_question"
ADDRESS_KEPT = timedelta(days=30)


class QuestionsClosed(Refused):
    message = N_("This meeting does not take questions at the moment. Your question was not sent.")


class OtherQuestion(Refused):
    message = N_(
        "This form was already sent with other words, and those are kept. "
        "To send these as well, press the button again."
    )


class NotPublished(Refused):
    message = N_("Only a published question can be chosen, shown or answered.")


class QuestionAnswered(Refused):
    message = N_("This question has been answered and stays published.")


async def ask(
    *,
    form_id: UUID,
    forum_slug: str,
    asked: Asked,
    language: str,
    at: datetime,
    channel: Channel = Channel.WEB,
    actor: UUID | None = None,
) -> Question:
    """Keep a question under its form's id; the same form with the same words gives the same question.

    Staff may add one as long as the forum is not over. Raises Invalid, NotFound, QuestionsClosed, OtherQuestion.
    """
    async with transaction():
        forum = await forums.forum(forum_slug)
        if forum is None or not forum.is_public:
            raise NotFound
        if problems := asked.problems(forum):
            raise Invalid(problems)
        # Numbers have no gaps, and two clicks on one button wait for each other.
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"forum-question:{forum.id}")
        known = await queries.question(form_id)
        if known is not None:
            if known.text != asked.text.strip() or known.forum != forum.id:
                raise OtherQuestion
            return known
        asking = await queries.asking(forum.id)
        if not _takes(forum, asking, channel, at):
            raise QuestionsClosed
        is_shown = channel is not Channel.WEB or asking.moderation is Moderation.AFTER
        number = await fetchval("SELECT coalesce(max(number), 0) + 1 FROM forum_question WHERE forum = $1", forum.id)
        await execute(
            """INSERT INTO forum_question (id, forum, number, session, language, text, name, email, channel, state,
                   refusal, asked_at, published_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12)""",
            form_id,
            forum.id,
            number,
            asked.session,
            language,
            asked.text.strip(),
            " ".join(asked.name.split()),
            email_address(asked.email) if asked.email else "",
            channel,
            State.PUBLISHED if is_shown else State.SUBMITTED,
            at,
            at if is_shown else None,
        )
        kept = await _found(form_id)
        await audit(
            actor=actor, kind="question.asked", record=RECORD, record_id=form_id, after={"number": number}, at=at
        )
    return kept


def _takes(forum: Forum, asking: Asking, channel: Channel, at: datetime) -> bool:
    if channel is Channel.WEB:
        return asking.is_due(forum, at)
    return forum.state is ForumState.PUBLISHED and forum.ends_at is not None and at < forum.ends_at


async def support(*, question_id: UUID, mark: bytes, at: datetime) -> None:
    """Note a browser's support; a second time changes nothing. Raises NotFound, NotPublished."""
    async with transaction():
        question = await _found(question_id)
        if not question.is_public:
            raise NotPublished
        await execute(
            """INSERT INTO forum_question_support (question, mark, supported_at) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING""",
            question_id,
            mark,
            at,
        )


async def take_back(*, question_id: UUID, mark: bytes) -> None:
    """Take a browser's support back; where there is none nothing changes."""
    async with transaction():
        await execute("DELETE FROM forum_question_support WHERE question = $1 AND mark = $2", question_id, mark)


async def publish(
    question_ids: Sequence[UUID], *, forum_id: UUID, links: Links, actor: UUID | None, at: datetime
) -> int:
    """Show questions of a forum to everybody; gives how many were not shown before."""
    shown = 0
    async with transaction():
        for question_id in sorted(set(question_ids)):
            question = await _locked(question_id, forum_id)
            if question.is_public or question.erased_at is not None:
                continue
            await execute(
                """UPDATE forum_question SET state = 'published', refusal = '', published_at = $2, moderated_at = $2,
                       moderated_by = $3 WHERE id = $1""",
                question_id,
                at,
                actor,
            )
            await letters.published(await _forum(forum_id), question, links, at=at)
            await _note(actor, "question.published", question, at, before=question.state, after=State.PUBLISHED)
            shown += 1
    return shown


async def refuse(
    question_id: UUID, *, forum_id: UUID, reason: str, links: Links, actor: UUID | None, at: datetime
) -> None:
    """Keep a question from the public for one of the public reasons. Raises Invalid, NotFound, QuestionAnswered."""
    if reason not in REFUSALS:
        raise Invalid([Problem("reason", N_("Choose a reason from the list."))])
    async with transaction():
        question = await _locked(question_id, forum_id)
        if question.is_answered:
            raise QuestionAnswered
        await execute("UPDATE forum_question SET head = NULL WHERE head = $1", question_id)
        await execute("UPDATE forum_stage SET question = NULL, changed_at = $2 WHERE question = $1", question_id, at)
        await execute(
            """UPDATE forum_question SET state = 'refused', refusal = $2, published_at = NULL, shortlisted_at = NULL,
                   head = NULL, moderated_at = $3, moderated_by = $4 WHERE id = $1""",
            question_id,
            reason,
            at,
            actor,
        )
        await letters.refused(await _forum(forum_id), question, REFUSALS[reason], links, at=at)
        await _note(actor, "question.refused", question, at, before=question.state, after=State.REFUSED, refusal=reason)


async def shortlist(question_id: UUID, *, forum_id: UUID, is_on: bool, actor: UUID | None, at: datetime) -> None:
    """Choose a question for the meeting, or drop it again. Raises NotFound, NotPublished."""
    async with transaction():
        question = await _locked(question_id, forum_id)
        if not question.is_public:
            raise NotPublished
        if is_on == (question.shortlisted_at is not None):
            return
        await execute("UPDATE forum_question SET shortlisted_at = $2 WHERE id = $1", question_id, at if is_on else None)
        await _note(actor, "question.shortlisted" if is_on else "question.dropped", question, at)


async def put_on_stage(*, forum_id: UUID, question_id: UUID | None, at: datetime) -> None:
    """Show a question in the hall, or none. Raises NotFound, NotPublished."""
    async with transaction():
        if question_id is not None and not (await _locked(question_id, forum_id)).is_public:
            raise NotPublished
        await execute(
            """INSERT INTO forum_stage (forum, question, changed_at) VALUES ($1, $2, $3)
               ON CONFLICT (forum) DO UPDATE SET question = excluded.question, changed_at = excluded.changed_at""",
            forum_id,
            question_id,
            at,
        )


async def answer(
    question_id: UUID, *, forum_id: UUID, answer: Text, links: Links, actor: UUID | None, at: datetime
) -> None:
    """Note that a question has been answered, with the words for the minutes if there are any yet.

    Whoever left an address gets the words, once, and the address is erased. Raises Invalid, NotFound, NotPublished.
    """
    words = {language: written.strip() for language, written in answer.items() if written.strip()}
    if problems := answer_problems(words):
        raise Invalid(problems)
    async with transaction():
        question = await _locked(question_id, forum_id)
        if not question.is_public:
            raise NotPublished
        await execute(
            "UPDATE forum_question SET answer = $2, answered_at = coalesce(answered_at, $3) WHERE id = $1",
            question_id,
            words or question.answer,
            at,
        )
        await execute("UPDATE forum_stage SET question = NULL, changed_at = $2 WHERE question = $1", question_id, at)
        if words:
            await _tell_askers(question, words, links, at)
        await _note(actor, "question.answered", question, at, answer=words)


async def _tell_askers(question: Question, words: Text, links: Links, at: datetime) -> None:
    """Everybody in the group gets the one answer."""
    forum = await _forum(question.forum)
    members = (await queries.members_of([question.id])).get(question.id, [])
    for one in (question, *members):
        await letters.answered(forum, one, words, links, at=at)
    await execute("UPDATE forum_question SET email = '' WHERE id = $1 OR head = $1", question.id)


async def reopen(question_id: UUID, *, forum_id: UUID, actor: UUID | None, at: datetime) -> None:
    """A question that was marked as answered by mistake is open again.

    Raises QuestionAnswered where words were written down, NotFound.
    """
    async with transaction():
        question = await _locked(question_id, forum_id)
        if question.answer:
            raise QuestionAnswered
        await execute("UPDATE forum_question SET answered_at = NULL WHERE id = $1", question_id)
        await _note(actor, "question.reopened", question, at)


async def group(
    question_ids: Sequence[UUID], *, head_id: UUID, forum_id: UUID, actor: UUID | None, at: datetime
) -> int:
    """Put questions of the same meaning under one; each keeps its number, its words and its support.

    Those that stood under a question which moves go with it. Raises NotFound, NotPublished.
    """
    moved = 0
    async with transaction():
        head = await _locked(head_id, forum_id)
        if head.head is not None:
            head = await _locked(head.head, forum_id)
        for question_id in sorted(set(question_ids) - {head.id}):
            question = await _locked(question_id, forum_id)
            if not (question.is_public and head.is_public):
                raise NotPublished
            await execute("UPDATE forum_question SET head = $2 WHERE id = $1 OR head = $1", question_id, head.id)
            await _note(actor, "question.grouped", question, at, under=head.number)
            moved += 1
    return moved


async def keep_apart(
    question_ids: Sequence[UUID], *, head_id: UUID, forum_id: UUID, actor: UUID | None, at: datetime
) -> int:
    """Note that questions which look alike differ in meaning, so that they are not proposed again."""
    async with transaction():
        head = await _locked(head_id, forum_id)
        others = sorted(set(question_ids) - {head_id})
        for other_id in others:
            other = await _locked(other_id, forum_id)
            await execute(
                "INSERT INTO forum_question_apart (question, other) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                *sorted((head.id, other.id)),
            )
            await _note(actor, "question.kept_apart", other, at, other=head.number)
    return len(others)


async def ungroup(question_id: UUID, *, forum_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Let a question stand alone again; where it does already nothing changes."""
    async with transaction():
        question = await _locked(question_id, forum_id)
        if question.head is None:
            return
        await execute("UPDATE forum_question SET head = NULL WHERE id = $1", question_id)
        await _note(actor, "question.ungrouped", question, at)


async def erase(
    question_id: UUID, *, forum_id: UUID, with_text: bool, reason: str, actor: UUID | None, at: datetime
) -> None:
    """Blank name and address and, if ordered, the words; the trail keeps why, not what. Raises Invalid, NotFound."""
    if not reason.strip():
        raise Invalid([Problem("ground", N_("Write on what ground you erase."))])
    async with transaction():
        question = await _locked(question_id, forum_id)
        await execute(
            """UPDATE forum_question SET name = '', email = '', text = CASE WHEN $2 THEN '' ELSE text END,
                   erased_at = coalesce(erased_at, $3) WHERE id = $1""",
            question_id,
            with_text,
            at,
        )
        after = {"text": with_text, "number": question.number}
        await audit(
            actor=actor,
            kind="question.erased",
            record=RECORD,
            record_id=question_id,
            after=after,
            reason=reason.strip(),
            at=at,
        )


async def set_asking(*, forum_id: UUID, asking: Asking, actor: UUID | None, at: datetime) -> None:
    """Say whether a forum takes questions, until when, and when they are checked."""
    async with transaction():
        before = await queries.asking(forum_id)
        await execute(
            """INSERT INTO forum_asking (forum, is_open, closes_at, moderation) VALUES ($1, $2, $3, $4)
               ON CONFLICT (forum) DO UPDATE SET is_open = excluded.is_open, closes_at = excluded.closes_at,
                   moderation = excluded.moderation""",
            forum_id,
            asking.is_open,
            asking.closes_at,
            asking.moderation,
        )
        told = [{"is_open": one.is_open, "closes_at": one.closes_at, "moderation": one.moderation.value}
                for one in (before, asking)]  # fmt: skip
        await audit(
            actor=actor,
            kind="forum.asking_changed",
            record="forum",
            record_id=forum_id,
            before=told[0],
            after=told[1],
            at=at,
        )


async def forget(*, at: datetime) -> int:
    """Erase the addresses of who asked, some time after the meeting. Returns how many."""
    done = await execute(
        """UPDATE forum_question SET email = '' WHERE email <> '' AND forum IN
               (SELECT s.forum FROM forum_session s GROUP BY s.forum HAVING max(s.ends_at) <= $1)""",
        at - ADDRESS_KEPT,
    )
    return int(done.rpartition(" ")[2])


async def _note(
    actor: UUID | None, kind: str, question: Question, at: datetime, *, before: Any = None, **after: object
) -> None:
    changed: Mapping[str, object] = {"number": question.number} | after
    await audit(
        actor=actor,
        kind=kind,
        record=RECORD,
        record_id=question.id,
        before={"state": before} if before else None,
        after=changed,
        at=at,
    )


async def _locked(question_id: UUID, forum_id: UUID) -> Question:
    await fetchval("SELECT 1 FROM forum_question WHERE id = $1 FOR UPDATE", question_id)
    question = await _found(question_id)
    if question.forum != forum_id:
        raise NotFound
    return question


async def _found(question_id: UUID) -> Question:
    question = await queries.question(question_id)
    if question is None:
        raise NotFound
    return question


async def _forum(forum_id: UUID) -> Forum:
    forum = await forums.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    return forum
