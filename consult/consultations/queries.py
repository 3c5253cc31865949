"""Reading consultations. Records come out, never table rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.consultations.consultation import Consultation, Kind, Outcome, Stored, phases_from_json
from consult.errors import NotFound
from consult.storage import fetch, fetchrow, fetchval

COLUMNS = (
    "id, slug, kind, title, summary, plain_words, legal_basis, contact, authentic_language, state, announced_at, "
    "opens_at, closes_at, answers_due, minimum_days, short_reason, phases, outcome, is_demo"
)


def from_row(row: Any) -> Consultation:
    outcome = row["outcome"]
    return Consultation(
        id=row["id"],
        slug=row["slug"],
        kind=Kind(row["kind"]),
        title=row["title"],
        summary=row["summary"],
        plain_words=row["plain_words"],
        legal_basis=row["legal_basis"],
        contact=row["contact"],
        authentic_language=row["authentic_language"],
        stored=Stored(row["state"]),
        announced_at=row["announced_at"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        answers_due=row["answers_due"],
        minimum_days=row["minimum_days"],
        short_reason=row["short_reason"],
        phases=phases_from_json(row["phases"]),
        outcome=Outcome(outcome["asked"], outcome["said"], outcome["did"]) if outcome else None,
        is_demo=row["is_demo"],
    )


async def consultation(slug: str) -> Consultation | None:
    """A consultation of any state; a public page must ask `is_public`."""
    row = await fetchrow(f"select {COLUMNS} from consultation where slug = $1", slug)  # noqa: S608 - a constant
    return from_row(row) if row else None


async def the_consultation(slug: str) -> Consultation:
    """Raises NotFound."""
    found = await consultation(slug)
    if found is None:
        raise NotFound
    return found


async def by_id(consultation_id: UUID) -> Consultation | None:
    row = await fetchrow(f"select {COLUMNS} from consultation where id = $1", consultation_id)  # noqa: S608 - a constant
    return from_row(row) if row else None


async def by_ids(ids: Sequence[UUID]) -> dict[UUID, Consultation]:
    rows = await fetch(f"select {COLUMNS} from consultation where id = any($1::uuid[])", list(ids))  # noqa: S608 - a constant
    return {row["id"]: from_row(row) for row in rows}


async def all_consultations(*, public_only: bool = False) -> list[Consultation]:
    """Every consultation, the one that closes last first; those in preparation at the top."""
    rows = await fetch(
        f"select {COLUMNS} from consultation where state <> 'draft' or not $1 "  # noqa: S608 - a constant
        "order by closes_at desc nulls first, slug",
        public_only,
    )
    return [from_row(row) for row in rows]


async def public_page(*, limit: int, offset: int) -> tuple[list[Consultation], int]:
    """One page of the public consultations, and how many there are."""
    rows = await fetch(
        f"select {COLUMNS} from consultation where state <> 'draft' "  # noqa: S608 - a constant
        "order by closes_at desc nulls first, slug limit $1 offset $2",
        limit,
        offset,
    )
    total = await fetchval("select count(*) from consultation where state <> 'draft'")
    return [from_row(row) for row in rows], int(total)


async def open_now(at: datetime) -> list[Consultation]:
    """Those one can take part in at this moment, the one that closes first at the top."""
    rows = await fetch(
        f"select {COLUMNS} from consultation where state = 'published' and opens_at <= $1 and closes_at > $1 "  # noqa: S608 - a constant
        "order by closes_at, slug",
        at,
    )
    return [from_row(row) for row in rows]


async def announced(at: datetime) -> list[Consultation]:
    """Those that have been announced and will open, the next first."""
    rows = await fetch(
        f"select {COLUMNS} from consultation where state = 'published' and opens_at > $1 order by opens_at, slug",  # noqa: S608 - a constant
        at,
    )
    return [from_row(row) for row in rows]


async def closed_with_outcome() -> list[Consultation]:
    """Those of which the town has said what came of them, the newest first."""
    rows = await fetch(
        f"select {COLUMNS} from consultation where outcome is not null and state not in ('draft', 'cancelled') "  # noqa: S608 - a constant
        "order by closes_at desc, slug"
    )
    return [from_row(row) for row in rows]


async def report_published_at(consultation_id: UUID) -> datetime | None:
    """When the newest public report on it came out; reports themselves belong to `consult.proceedings`."""
    found: datetime | None = await fetchval(
        "select max(published_at) from proceedings where consultation = $1", consultation_id
    )
    return found
