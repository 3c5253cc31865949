"""What a moderator can do: cover words and take a cover off, mark comments as checked, and act on many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import REFUSALS, Comment, State
from consult.drafts.moderation import letters, log, queries
from consult.drafts.moderation.queue import Action, Effect, Obstacle, Outcome, effect_of, outcome, token
from consult.drafts.moderation.redaction import COVERS, is_covered, place_of
from consult.errors import N_, Invalid, NotFound, Problem
from consult.records.operations import audit
from consult.storage import execute, fetchrow, fetchval, transaction

RECORD = "comment"


async def cover_words(
    comment_id: UUID, *, places: Sequence[str], reason: str, base_url: str, actor: UUID | None, at: datetime
) -> int:
    """Cover places of a comment's text ("12-25") for one of the public reasons; give how many were not covered yet.

    The trail keeps why and how many, never which words. Raises NotFound, Invalid.
    """
    async with transaction():
        comment = await _locked(comment_id)
        found = [place_of(place, comment.text) for place in dict.fromkeys(places)]
        problems = []
        if not found or None in found:
            problems.append(Problem("chosen", N_("Choose the places that are to be covered.")))
        if reason not in COVERS:
            problems.append(Problem("reason", N_("Choose a reason from the list.")))
        if problems:
            raise Invalid(problems)
        known = (await queries.redactions_of([comment_id])).get(comment_id, ())
        fresh = [place for place in found if place and not is_covered(*place, known)]
        for begins, ends in fresh:
            await execute(
                "insert into comment_redaction (id, comment, begins, ends, reason, made_at, made_by) "
                "values ($1, $2, $3, $4, $5, $6, $7)",
                uuid4(),
                comment_id,
                begins,
                ends,
                reason,
                at,
                actor,
            )
        if fresh:
            await letters.words_covered(comment, cover=COVERS[reason], base_url=base_url, at=at)
            await log.note(comment, "covered", actor=actor, at=at, reason=reason)
            after = {"cover": f"cover-{reason}", "places": len(fresh)}
            await audit(actor=actor, kind="moderation.covered", record=RECORD, record_id=comment_id, after=after, at=at)
    return len(fresh)


async def uncover_words(redaction_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Show covered words again; doing it twice changes nothing. Raises NotFound."""
    async with transaction():
        row = await fetchrow(
            "select comment, reason, withdrawn_at from comment_redaction where id = $1 for update", redaction_id
        )
        if row is None:
            raise NotFound
        if row["withdrawn_at"] is not None:
            return
        await execute(
            "update comment_redaction set withdrawn_at = $2, withdrawn_by = $3 where id = $1", redaction_id, at, actor
        )
        comment = await _locked(row["comment"])
        await log.note(comment, "uncovered", actor=actor, at=at, reason=row["reason"])
        await audit(
            actor=actor,
            kind="moderation.uncovered",
            record=RECORD,
            record_id=comment.id,
            before={"cover": f"cover-{row['reason']}"},
            at=at,
        )


async def check_comment(comment_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Mark a published comment as checked; a comment that was checked or is not published stays as it is."""
    async with transaction():
        comment = await _locked(comment_id)
        if comment.state is not State.PUBLISHED or comment.moderated_at is not None:
            return
        await execute("update comment set moderated_at = $2, moderated_by = $3 where id = $1", comment_id, at, actor)
        await audit(actor=actor, kind="moderation.checked", record=RECORD, record_id=comment_id, at=at)


async def carry_out(
    action: Action, *, seen: Sequence[str], reason: str, base_url: str, actor: UUID | None, at: datetime
) -> Outcome:
    """Do one thing to many comments, each in a transaction of its own, and tell what was done and what was not.

    seen holds a token (see queue.token) for each comment as the moderator saw it: where somebody decided since then,
    nothing is done. Raises Invalid for an unknown reason of a refusal.
    """
    if action is Action.REFUSE and reason not in REFUSALS:
        raise Invalid([Problem("reason", N_("Choose a reason from the list."))])
    done: list[tuple[str, Effect | Obstacle]] = []
    for one in dict.fromkeys(seen):
        number = one.partition("|")[0]
        async with transaction():
            done.append((number, await _act(action, one, reason, base_url, actor, at)))
    return outcome(done)


async def _act(
    action: Action, seen: str, reason: str, base_url: str, actor: UUID | None, at: datetime
) -> Effect | Obstacle:
    row = await fetchrow("select id, moderated_by from comment where number = $1 for update", seen.partition("|")[0])
    comment = await comments.comment(row["id"]) if row else None
    if row is None or comment is None:
        return Obstacle.UNKNOWN
    found = effect_of(action, comment)
    if token(comment) != seen:
        is_done = isinstance(found, Obstacle) and actor is not None and row["moderated_by"] == actor
        return Obstacle.DONE_BY_YOU if is_done else Obstacle.QUICKER
    match found:
        case Effect.PUBLISH:
            await comment_operations.publish_comment(comment.id, base_url=base_url, actor=actor, at=at)
        case Effect.CHECK:
            await check_comment(comment.id, actor=actor, at=at)
        case Effect.REFUSE | Effect.HIDE:
            await comment_operations.refuse_comment(comment.id, reason=reason, base_url=base_url, actor=actor, at=at)
    return found


async def _locked(comment_id: UUID) -> Comment:
    await fetchval("select 1 from comment where id = $1 for update", comment_id)
    comment = await comments.comment(comment_id)
    if comment is None:
        raise NotFound
    return comment
