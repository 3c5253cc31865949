"""What a person can do with the answer to a comment: write, send for review, review, release, correct."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from consult.consultations.following import operations as following
from consult.drafts import queries as drafts
from consult.drafts.answers import letters, queries
from consult.drafts.answers.answer import Decision, Stage, Work, reason_problems
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment, State
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Text
from consult.records.operations import Entry, audit, audit_all
from consult.storage import execute, fetch, transaction

RECORD = "comment"


class NotAnswerable(Refused):
    message = N_("Only a published comment gets an answer.")


class AnswerReleased(Refused):
    message = N_("This answer has been released and no longer changes. Write a correction with its reason.")


class NothingToCorrect(Refused):
    message = N_("Only a released answer is corrected. This one can still be changed.")


class NothingToReview(Refused):
    message = N_("This answer does not wait for a review any more.")


class OwnAnswer(Refused):
    message = N_("An answer is reviewed by somebody else than the person who wrote it or sent it for review.")


class NothingToRelease(Refused):
    message = N_("No answer of this draft is reviewed and waiting for its release.")


class ReleaseIsPartial(Invalid):
    message = N_("Some comments would stay without an answer.")

    def __init__(self, count: int) -> None:
        told = N_("Comments that would stay without an answer for now: %(count)s. Confirm that you release the others.")
        more = N_("The draft still takes comments. Confirm that you release the answers all the same.")
        super().__init__([Problem("partial", told if count else more, {"count": count} if count else {})])


async def answer_comment(
    comment_id: UUID,
    *,
    decision: str,
    reason: Mapping[str, str],
    actor: UUID | None,
    at: datetime,
    also: Sequence[UUID] = (),
) -> int:
    """Write the answer, or write it anew, unseen until it is released. What was reviewed must be reviewed again.

    also    further comments that get the same answer, each a row of its own; those that are not published or whose
            answer is released already are left as they are.
    Gives how many comments were answered. Raises Invalid, NotAnswerable, AnswerReleased, NotFound.
    """
    async with transaction():
        found = await _locked([comment_id, *also])
        first = found[0]
        if first.state is not State.PUBLISHED:
            raise NotAnswerable
        if first.released_answer is not None:
            raise AnswerReleased
        chosen = [one for one in found if one.state is State.PUBLISHED and one.released_answer is None]
        text = _clean(reason)
        await _check(decision, text, chosen)
        together = uuid4() if len(chosen) > 1 else None
        await _write(chosen, decision, text, together, actor=actor, at=at)
    return len(chosen)


async def correct_answer(
    comment_id: UUID,
    *,
    decision: str,
    reason: Mapping[str, str],
    correction: Mapping[str, str],
    actor: UUID | None,
    at: datetime,
) -> None:
    """Write a new answer that will take the place of a released one, which stays to be read. correction says why.

    Raises Invalid, NothingToCorrect, NotFound.
    """
    async with transaction():
        chosen = await _locked([comment_id])
        standing = await queries.released(comment_id)
        if standing is None:
            raise NothingToCorrect
        text, why = _clean(reason), _clean(correction)
        await _check(decision, text, chosen, why)
        await _write(chosen, decision, text, None, actor=actor, at=at, corrects=standing.id, correction=why)


async def send_for_review(comment_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Ask another person to review an answer; answers written together go together. Raises NotFound."""
    async with transaction():
        work = await _in_work(comment_id)
        if work.stage is not Stage.DRAFTED:
            return
        await _together(
            work, "sent_at = $2, sent_by = $3, note = ''", at, actor, act=Entry(actor, "answer.sent", RECORD, "", at)
        )


async def approve_answer(comment_id: UUID, *, actor: UUID, at: datetime) -> None:
    """Say that an answer may be released. Raises NotFound, NothingToReview, OwnAnswer."""
    async with transaction():
        work = await _to_review(comment_id, actor)
        await _together(
            work, "reviewed_at = $2, reviewed_by = $3", at, actor, act=Entry(actor, "answer.reviewed", RECORD, "", at)
        )


async def return_answer(comment_id: UUID, *, note: str, actor: UUID, at: datetime) -> None:
    """Give an answer back to whoever wrote it, with what should change. Raises Invalid, NothingToReview, OwnAnswer."""
    if not note.strip():
        raise Invalid([Problem("note", N_("Write what should change."))])
    if len(note) > 1000:
        raise Invalid([Problem("note", N_("Use at most %(most)s characters."), {"most": 1000})])
    async with transaction():
        work = await _to_review(comment_id, actor)
        said = note.strip()
        act = Entry(actor, "answer.returned", RECORD, "", at, reason=said)
        await _together(work, "sent_at = null, sent_by = null, note = $2", said, act=act)


async def release_answers(
    draft_id: UUID,
    *,
    base_url: str,
    actor: UUID | None,
    at: datetime,
    partial: bool = False,
    appeal: Text | None = None,
) -> int:
    """Publish every reviewed answer of a draft at once, mail those who asked for it, and tell how many there were.

    partial   release although comments of the draft stay without an answer or may still come.
    appeal    how to appeal, for the letters.
    The address was given for this answer only, so it is removed from the comment together with the mail.
    Raises NothingToRelease, ReleaseIsPartial, NotFound.
    """
    async with transaction():
        draft = await drafts.draft_by_id(draft_id)
        if draft is None:
            raise NotFound
        await fetch("select id from comment where draft = $1 order by id for update", draft_id)
        ready = await queries.readiness(draft_id, takes_comments=draft.takes_comments(at))
        if not ready.may_release:
            raise NothingToRelease
        if ready.needs_consent and not partial:
            raise ReleaseIsPartial(ready.unready)
        rows = await fetch(
            "select r.id, r.comment, r.corrects from reasoned_answer r join comment c on c.id = r.comment "
            "where c.draft = $1 and r.released_at is null and r.reviewed_at is not null and c.state = 'published' "
            "order by c.number",
            draft_id,
        )
        corrected = [row["corrects"] for row in rows if row["corrects"]]
        await execute("update reasoned_answer set is_current = false where id = any($1::uuid[])", corrected)
        ids = [row["id"] for row in rows]
        await execute(
            "update reasoned_answer set released_at = $2, is_current = true where id = any($1::uuid[])", ids, at
        )
        answered = [row["comment"] for row in rows]
        await letters.answers_released(answered, draft, appeal=appeal or {}, base_url=base_url, at=at)
        await execute("update comment set email = '' where id = any($1::uuid[]) and email <> ''", answered)
        if draft.consultation is not None:
            event = f"answer.released:{draft_id}:{at:%Y-%m-%dT%H:%M:%S}"
            await following.announce(
                consultation_id=draft.consultation.id, notice="answers", event=event, path=("drafts", draft.slug)
            )
        after = {"answers": len(ids)} | ({"corrections": len(corrected)} if corrected else {})
        await audit(actor=actor, kind="answer.released", record="draft", record_id=draft_id, after=after, at=at)
    return len(ids)


async def _together(work: Work, change: str, *values: object, act: Entry) -> None:
    """Change an answer and those that were written with it, each with its entry in the trail."""
    found = await queries.written_together(work)
    ids = [one.id for one in found]
    await execute(f"update reasoned_answer set {change} where id = any($1::uuid[])", ids, *values)  # noqa: S608 - ours
    await audit_all([replace(act, record_id=one.comment) for one in found])


async def _write(
    chosen: Sequence[Comment],
    decision: str,
    text: Text,
    together: UUID | None,
    *,
    actor: UUID | None,
    at: datetime,
    corrects: UUID | None = None,
    correction: Text | None = None,
) -> None:
    """A row for each comment; an answer in work is written over and goes back to its beginning."""
    ids = [comment.id for comment in chosen]
    before = await queries.all_in_work(ids)
    await execute(
        "insert into reasoned_answer (id, comment, decision, reason, decided_at, decided_by, together, is_current, "
        "corrects, correction) select gen_random_uuid(), c, $2, $3, $4, $5, $6, $7, $8, $9 from unnest($1::uuid[]) c "
        "on conflict (comment) where released_at is null do update set decision = excluded.decision, "
        "reason = excluded.reason, decided_at = excluded.decided_at, decided_by = excluded.decided_by, "
        "together = excluded.together, correction = excluded.correction, sent_at = null, sent_by = null, "
        "reviewed_at = null, reviewed_by = null",
        ids,
        decision,
        text,
        at,
        actor,
        together,
        corrects is None,
        corrects,
        correction or {},
    )
    kind = "answer.corrected" if corrects else "answer.prepared"
    after = {"decision": decision, "reason": text} | ({"correction": correction} if correction else {})
    await audit_all([Entry(actor, kind, RECORD, one, at, before=_said(before.get(one)), after=after) for one in ids])


def _said(work: Work | None) -> object:
    return {"decision": work.decision.value, "reason": work.reason} if work else None


async def _check(decision: str, text: Text, chosen: Sequence[Comment], correction: Text | None = None) -> None:
    problems = []
    if decision not in {one.value for one in Decision}:
        problems.append(Problem("decision", N_("Choose a decision.")))
    needed = [comment.letters_in for comment in chosen]
    draft = await drafts.draft_by_id(chosen[0].draft)
    if draft is not None:
        needed.append(draft.authentic_language)
    problems += reason_problems(text, needed)
    if correction is not None:
        problems += reason_problems(correction, needed, place="correction")
    if problems:
        raise Invalid(problems)


def _clean(reason: Mapping[str, str]) -> Text:
    return {language: words.strip() for language, words in reason.items() if words.strip()}


async def _to_review(comment_id: UUID, actor: UUID) -> Work:
    work = await _in_work(comment_id)
    if work.stage is not Stage.IN_REVIEW:
        raise NothingToReview
    if not work.may_review(actor):
        raise OwnAnswer
    return work


async def _in_work(comment_id: UUID) -> Work:
    await _locked([comment_id])
    work = await queries.in_work(comment_id)
    if work is None:
        raise NotFound
    return work


async def _locked(comment_ids: Sequence[UUID]) -> list[Comment]:
    """The comments, each once and the first one first, locked in the order of their ids."""
    ids = list(dict.fromkeys(comment_ids))
    await fetch("select 1 from comment where id = any($1::uuid[]) order by id for update", ids)
    found = await comments.by_ids(ids)
    if not found or found[0].id != ids[0]:
        raise NotFound
    return found
