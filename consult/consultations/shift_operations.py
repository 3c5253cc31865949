"""Extending a consultation, and noting every other move of its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from consult.consultations import queries
from consult.consultations.consultation import Consultation, end_of, last_day, phases_to_json
from consult.consultations.following import operations as following
from consult.consultations.shift import EXTENDABLE, Shift, extension_problems, moved_phases
from consult.errors import N_, Invalid, NotFound, Refused
from consult.i18n import Text, pick
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction


class NotExtendable(Refused):
    message = N_("Only a consultation that is announced or open can be extended.")


async def extend_consultation(
    consultation_id: UUID,
    *,
    last_on: date | None,
    answers_due: date | None,
    reason: Text,
    time_zone: str,
    actor: UUID | None,
    at: datetime,
) -> None:
    """Give people more time, say why, and tell those who follow. Raises NotExtendable, Invalid, NotFound."""
    async with transaction():
        await fetchval("select 1 from consultation where id = $1 for update", consultation_id)
        found = await queries.by_id(consultation_id)
        if found is None:
            raise NotFound
        if found.state_at(at) not in EXTENDABLE:
            raise NotExtendable
        problems = extension_problems(found, last_on, answers_due, reason, time_zone)
        if problems or last_on is None or found.closes_at is None:
            raise Invalid(problems)
        closes_at = end_of(last_on, time_zone)
        due = answers_due or found.answers_due
        before = last_day(found.closes_at, time_zone)
        phases = phases_to_json(moved_phases(found.phases, before, last_on))
        await execute(
            "update consultation set closes_at = $2, answers_due = $3, phases = $4, changed_at = $5 where id = $1",
            consultation_id,
            closes_at,
            max(due, last_on) if due else None,
            phases,
            at,
        )
        await note_shift(found=found, closes_at=closes_at, reason=reason, time_zone=time_zone, actor=actor, at=at)
        await audit(
            actor=actor,
            kind="consultation.extended",
            record="consultation",
            record_id=consultation_id,
            before={"last_on": before.isoformat()},
            after={"last_on": last_on.isoformat()},
            reason=pick(reason, found.authentic_language)[0],
            at=at,
        )


async def note_shift(
    *, found: Consultation, closes_at: datetime, reason: Text, time_zone: str, actor: UUID | None, at: datetime
) -> None:
    """Keep that the end of a public consultation was moved, and have its followers told."""
    if found.closes_at is None or closes_at == found.closes_at:
        return
    shift_id = uuid4()
    await execute(
        "insert into consultation_shift (id, consultation, closed_at, closes_at, reason, decided_at, decided_by) "
        "values ($1, $2, $3, $4, $5, $6, $7)",
        shift_id,
        found.id,
        found.closes_at,
        closes_at,
        {language: words.strip() for language, words in reason.items() if words.strip()},
        at,
        actor,
    )
    await following.announce(
        consultation_id=found.id,
        notice="extended" if closes_at > found.closes_at else "shortened",
        event=f"consultation.shift:{shift_id}",
        path=("consultations", found.slug),
        day=last_day(closes_at, time_zone).isoformat(),
        reason=reason,
    )


async def shifts_of(consultation_ids: Sequence[UUID]) -> dict[UUID, list[Shift]]:
    """The moves of each consultation's end, oldest first."""
    rows = await fetch(
        "select consultation, id, closed_at, closes_at, reason, decided_at from consultation_shift "
        "where consultation = any($1::uuid[]) order by decided_at, id",
        list(consultation_ids),
    )
    found: dict[UUID, list[Shift]] = {one: [] for one in consultation_ids}
    for row in rows:
        fields = dict(row)
        found[fields.pop("consultation")].append(Shift(**fields))
    return found
