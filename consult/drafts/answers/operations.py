"""What a person can do with the answer to a comment: prepare it, release all of a draft together."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from consult.consultations.consultation import LONGEST_TEXT
from consult.drafts.answers import letters
from consult.drafts.answers.answer import Decision
from consult.drafts.comments import queries
from consult.drafts.comments.comment import Comment, State
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction

RECORD = "comment"


class NotAnswerable(Refused):
    message = N_("Only a published comment gets an answer.")


class AnswerReleased(Refused):
    message = N_("This answer has been released and no longer changes.")


async def answer_comment(
    comment_id: UUID, *, decision: str, reason: Mapping[str, str], actor: UUID | None, at: datetime
) -> None:
    """Prepare the reasoned answer, unseen before it is released. Raises Invalid, NotAnswerable, AnswerReleased."""
    async with transaction():
        comment = await _locked(comment_id)
        text = {language: words.strip() for language, words in reason.items() if words.strip()}
        problems = []
        if decision not in {one.value for one in Decision}:
            problems.append(Problem("decision", N_("Choose a decision.")))
        if comment.language not in text:
            problems.append(
                Problem(f"reason-{comment.language}", N_("Write the reason, in the language of the comment."))
            )
        problems += [
            Problem(f"reason-{language}", N_("Use at most %(most)s characters."), {"most": LONGEST_TEXT})
            for language, words in text.items()
            if len(words) > LONGEST_TEXT
        ]
        if problems:
            raise Invalid(problems)
        if comment.state is not State.PUBLISHED:
            raise NotAnswerable
        if comment.released_answer is not None:
            raise AnswerReleased
        await execute(
            "insert into reasoned_answer (id, comment, decision, reason, decided_at, decided_by) "
            "values ($1, $2, $3, $4, $5, $6) on conflict (comment) do update set decision = excluded.decision, "
            "reason = excluded.reason, decided_at = excluded.decided_at, decided_by = excluded.decided_by",
            uuid4(),
            comment_id,
            decision,
            text,
            at,
            actor,
        )
        await audit(
            actor,
            "answer.prepared",
            RECORD,
            comment_id,
            before={"decision": comment.answer.decision.value, "reason": comment.answer.reason}
            if comment.answer
            else None,
            after={"decision": decision, "reason": text},
            at=at,
        )


async def release_answers(draft_id: UUID, *, base_url: str, actor: UUID | None, at: datetime) -> int:
    """Publish every prepared answer of a draft at once, mail those who asked for it, and tell how many there were.

    The address was given for this answer only, so it is removed from the comment together with the mail.
    """
    async with transaction():
        rows = await fetch(
            "select c.id from comment c join reasoned_answer r on r.comment = c.id "
            "where c.draft = $1 and r.released_at is null and c.state = 'published' order by c.id for update",
            draft_id,
        )
        for row in rows:
            comment = await _found(row["id"])
            await letters.answer_released(comment, base_url=base_url, at=at)
        ids = [row["id"] for row in rows]
        await execute("update reasoned_answer set released_at = $2 where comment = any($1::uuid[])", ids, at)
        await execute("update comment set email = '' where id = any($1::uuid[])", ids)
        if ids:
            await audit(actor, "answer.released", "draft", draft_id, after={"answers": len(ids)}, at=at)
    return len(ids)


async def _locked(comment_id: UUID) -> Comment:
    await fetchval("select 1 from comment where id = $1 for update", comment_id)
    return await _found(comment_id)


async def _found(comment_id: UUID) -> Comment:
    comment = await queries.comment(comment_id)
    if comment is None:
        raise NotFound
    return comment
