"""Writes: a unit with its name and the people who work in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem
from consult.people import units
from consult.records.operations import audit, keep_unit
from consult.storage import execute, fetch, transaction

RECORD = "unit"
LONGEST_NAME = 120


async def save_unit(
    *,
    unit_id: UUID | None,
    name: Mapping[str, str],
    needed: str,
    members: Iterable[UUID],
    actor: UUID | None,
    at: dt.datetime,
    key: str = "",
) -> UUID:
    """Keep a unit, new where no id is given, with exactly these members. Raises Invalid, NotFound.

    needed    the language in which there must be a name.
    key       the word for programs; one is made where none is given.
    """
    words = {language: text.strip() for language, text in name.items() if text.strip()}
    problems = [
        Problem(f"name-{language}", N_("Use at most %(most)s characters."), {"most": LONGEST_NAME})
        for language, text in words.items()
        if len(text) > LONGEST_NAME
    ]
    if needed not in words:
        problems.insert(0, Problem(f"name-{needed}", N_("Write the name of the unit; it is needed in this language.")))
    if problems:
        raise Invalid(problems)
    async with transaction():
        before = await units.unit(unit_id) if unit_id else None
        saved = await keep_unit(key=before.key if before else key or f"u-{uuid4().hex[:10]}", name=words)
        known = {row["id"] for row in await fetch("SELECT id FROM person WHERE id = ANY($1::uuid[])", list(members))}
        await execute("DELETE FROM unit_member WHERE unit = $1 AND NOT person = ANY($2::uuid[])", saved, list(known))
        await execute(
            "INSERT INTO unit_member (id, unit, person) SELECT gen_random_uuid(), $1, p FROM unnest($2::uuid[]) p "
            "ON CONFLICT DO NOTHING",
            saved,
            list(known),
        )
        after = await units.unit(saved)
        if before != after:
            await audit(
                actor=actor,
                kind="unit.changed" if before else "unit.added",
                record=RECORD,
                record_id=saved,
                before=_said(before) if before else None,
                after=_said(after),
                at=at,
            )
    return saved


def _said(unit: units.Unit) -> dict[str, object]:
    return {"name": unit.name, "members": [member.name for member in unit.members]}
