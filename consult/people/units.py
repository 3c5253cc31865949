"""The units of the town hall and who works in them: reads. Records come out, never table rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Text
from consult.storage import fetch

_UNITS = """
    SELECT u.id, u.key, u.name, array_agg(p.id ORDER BY lower(p.name), p.id) AS ids,
           array_agg(p.name ORDER BY lower(p.name), p.id) AS names
    FROM unit u
    LEFT JOIN unit_member m ON m.unit = u.id
    LEFT JOIN person p ON p.id = m.person AND p.disabled_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the town hall; members are those whose accounts are active."""

    id: UUID
    key: str
    name: Text
    members: tuple[Member, ...]

    def has(self, person_id: UUID) -> bool:
        return any(member.id == person_id for member in self.members)


async def units() -> list[Unit]:
    return [_unit(row) for row in await fetch(f"{_UNITS} GROUP BY u.id ORDER BY u.key")]


async def unit(unit_id: UUID) -> Unit:
    """Raises NotFound."""
    for row in await fetch(f"{_UNITS} WHERE u.id = $1 GROUP BY u.id", unit_id):
        return _unit(row)
    raise NotFound


async def units_of(person_id: UUID) -> frozenset[UUID]:
    """The units that somebody works in."""
    return frozenset(row["unit"] for row in await fetch("SELECT unit FROM unit_member WHERE person = $1", person_id))


async def by_ids(ids: Iterable[UUID | None]) -> dict[UUID, Unit]:
    wanted = [one for one in set(ids) if one is not None]
    if not wanted:
        return {}
    return {
        row["id"]: _unit(row) for row in await fetch(f"{_UNITS} WHERE u.id = ANY($1::uuid[]) GROUP BY u.id", wanted)
    }


def _unit(row: Mapping[str, Any]) -> Unit:
    pairs = zip(row["ids"], row["names"], strict=True)
    members = tuple(Member(member, name) for member, name in pairs if member is not None)
    return Unit(row["id"], row["key"], row["name"], members)
