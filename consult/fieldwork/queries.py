"""Reads: contacts of a survey, files on their way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.fieldwork.contact import Contact
from consult.storage import Slice, fetch, fetchrow, fetchval

CONTACT = """select id, survey, name, email, phone, language, address, household, external_id, stratum, weight,
    is_issued, has_opted_out, bounce, printed_on from contact"""
MATCHES = """
where survey = $1 and ($2 = '' or strpos(lower(concat_ws(' ', name, email, address, external_id)), lower($2)) > 0)
"""
COUNT = "select count(*) from contact " + MATCHES  # noqa: S608 - both are constants


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of contacts that somebody is matching."""

    id: UUID
    survey: UUID
    person: UUID | None
    name: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    created_at: datetime

    @property
    def numbered(self) -> list[tuple[int, tuple[str, ...]]]:
        return list(zip(self.numbers, self.rows, strict=True))


async def contact(survey_id: UUID, contact_id: UUID) -> Contact:
    """Raises NotFound."""
    row = await fetchrow(CONTACT + " where id = $1 and survey = $2", contact_id, survey_id)
    if row is None:
        raise NotFound
    return _contact(row)


async def who_answered(response_id: UUID) -> str:
    """The name of the contact whose response it is, else the e-mail address; nothing where no contact was kept."""
    row = await fetchrow(
        """select coalesce(nullif(name, ''), email, '') as name
           from contact join response_contact on contact = contact.id where response = $1""",
        response_id,
    )
    return row["name"] if row else ""


async def contacts(survey_id: UUID) -> list[Contact]:
    """All of a survey, in the order of households and names."""
    rows = await fetch(CONTACT + " where survey = $1 order by household nulls last, name, id", survey_id)
    return [_contact(row) for row in rows]


async def some_contacts(survey_id: UUID, *, words: str = "", number: int = 1, size: int = 50) -> Slice[Contact]:
    """One page of the contacts in which the words stand."""
    rows = await fetch(
        f"{CONTACT} {MATCHES} order by name, id limit $3 offset $4",
        survey_id,
        words,
        size,
        Slice.offset(number, size),
    )
    total = int(await fetchval(COUNT, survey_id, words))
    return Slice([_contact(row) for row in rows], number=number, total=total, size=size)


async def count(survey_id: UUID) -> int:
    return int(await fetchval("select count(*) from contact where survey = $1", survey_id))


async def known_marks(survey_id: UUID, one_per_household: bool) -> dict[tuple[str, str], str]:
    """By what the contacts of a survey are recognised, with their names."""
    rows = await fetch(
        "select name, lower(email) as email, external_id, household from contact where survey = $1", survey_id
    )
    keys = ("email", "external_id", "household") if one_per_household else ("email", "external_id")
    return {(key, row[key]): row["name"] for row in rows for key in keys if row[key]}


async def upload(survey_id: UUID, upload_id: UUID) -> Upload:
    """Raises NotFound."""
    row = await fetchrow("select * from contact_upload where id = $1 and survey = $2", upload_id, survey_id)
    if row is None:
        raise NotFound
    fields: dict[str, Any] = dict(row)
    fields["head"] = tuple(fields["head"])
    fields["rows"] = tuple(tuple(one) for one in fields["rows"])
    fields["numbers"] = tuple(fields["numbers"])
    return Upload(**fields)


async def by_ids(contact_ids: Sequence[UUID]) -> list[Contact]:
    rows = await fetch(CONTACT + " where id = any($1::uuid[]) order by name, id", list(contact_ids))
    return [_contact(row) for row in rows]


def _contact(row: Mapping[str, Any]) -> Contact:
    return Contact(**dict(row))
