"""Reading followers."""

from __future__ import annotations

from uuid import UUID

from consult.consultations.following.follower import Follower
from consult.storage import fetch, fetchrow, fetchval

COLUMNS = "id, email, language, consultation, confirmed_at"


async def follower(follower_id: UUID) -> Follower | None:
    row = await fetchrow(f"select {COLUMNS} from follower where id = $1", follower_id)  # noqa: S608 - a constant
    return Follower(**row) if row else None


async def by_address(email: str, consultation_id: UUID | None) -> Follower | None:
    row = await fetchrow(
        f"select {COLUMNS} from follower where lower(email) = lower($1) and consultation is not distinct from $2",  # noqa: S608 - a constant
        email,
        consultation_id,
    )
    return Follower(**row) if row else None


async def confirmed(consultation_id: UUID | None, *, after: UUID | None = None, most: int = 1000) -> list[Follower]:
    """Confirmed followers of a consultation, or (None) of the weekly letter, in the order of their ids."""
    rows = await fetch(
        f"select {COLUMNS} from follower where consultation is not distinct from $1 and confirmed_at is not null "  # noqa: S608 - a constant
        "and ($2::uuid is null or id > $2) order by id limit $3",
        consultation_id,
        after,
        most,
    )
    return [Follower(**row) for row in rows]


async def count_of(consultation_id: UUID | None) -> int:
    return int(
        await fetchval(
            "select count(*) from follower where consultation is not distinct from $1 and confirmed_at is not null",
            consultation_id,
        )
    )
