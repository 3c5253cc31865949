"""Giving comments to the unit that answers them, with the day by which it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from consult.drafts.answers.worklist import Assignment
from consult.errors import N_, Invalid, Problem
from consult.people import units
from consult.records.operations import Entry, audit_all
from consult.storage import execute, fetch, transaction

RECORD = "comment"
LONGEST_REASON = 500


async def assign_comments(
    comment_ids: Sequence[UUID],
    *,
    unit_id: UUID | None,
    person_id: UUID | None = None,
    due_on: date | None = None,
    due_reason: str = "",
    actor: UUID | None,
    at: datetime,
) -> int:
    """Give published comments to a unit, or take them back (unit None), and tell how many were changed.

    due_on    another day than the usual one, only with a reason; without it the promised day counts, also if it moves.
    Raises Invalid, NotFound.
    """
    reason = due_reason.strip() if due_on else ""
    problems = []
    if due_on and not reason:
        problems.append(Problem("due_reason", N_("Write why the day differs from the one that was promised.")))
    if len(reason) > LONGEST_REASON:
        problems.append(Problem("due_reason", N_("Use at most %(most)s characters."), {"most": LONGEST_REASON}))
    if problems:
        raise Invalid(problems)
    async with transaction():
        unit = await units.unit(unit_id) if unit_id else None
        if person_id and (unit is None or not unit.has(person_id)):
            raise Invalid([Problem("person", N_("Choose somebody who works in this unit."))])
        rows = await fetch(
            "select c.id, s.unit, s.person, s.due_on, s.due_reason from comment c "
            "left join comment_assignment s on s.comment = c.id "
            "where c.id = any($1::uuid[]) and c.state = 'published' order by c.id for update of c",
            list(comment_ids),
        )
        wanted = Assignment(unit.id, person_id, due_on, reason) if unit else None
        known = {
            row["id"]: Assignment(row["unit"], row["person"], row["due_on"], row["due_reason"]) if row["unit"] else None
            for row in rows
        }
        changed = [comment for comment, before in known.items() if before != wanted]
        await _keep(changed, wanted, actor, at)
        kind = "answer.assigned" if unit else "answer.taken_back"
        after = {"unit": unit.name} | ({"due_on": due_on.isoformat()} if due_on else {}) if unit else None
        await audit_all([Entry(actor, kind, RECORD, one, at, after=after, reason=reason or None) for one in changed])
    return len(changed)


async def _keep(comment_ids: Sequence[UUID], wanted: Assignment | None, actor: UUID | None, at: datetime) -> None:
    ids = list(comment_ids)
    if wanted is None:
        await execute("delete from comment_assignment where comment = any($1::uuid[])", ids)
        return
    await execute(
        "insert into comment_assignment (comment, unit, person, due_on, due_reason, assigned_at, assigned_by) "
        "select c, $2, $3, $4, $5, $6, $7 from unnest($1::uuid[]) c on conflict (comment) do update set "
        "unit = excluded.unit, person = excluded.person, due_on = excluded.due_on, due_reason = excluded.due_reason, "
        "assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by",
        ids,
        wanted.unit,
        wanted.person,
        wanted.set_on,
        wanted.reason,
        at,
        actor,
    )
