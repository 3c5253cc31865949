"""Quotas: how many responses may meet a condition, and what is known of how many do.

The reservation itself is made in the transaction that inserts a response (inserts.py); what stands here decides which
quotas an answer set meets, and turns people away early once one is full, so that nobody fills in pages in vain. The
early look may be a second old; the reservation is exact.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from consult.storage import execute, fetch
from consult.surveys.definition.schema import Quota

FRESH_S = 1.0
RELEASE = "update survey_quota set taken = greatest(taken - 1, 0) where survey = $1 and key = any($2::text[])"

_taken: dict[UUID, tuple[float, Mapping[str, int]]] = {}


async def taken(survey_id: UUID, *, exactly: bool = False) -> Mapping[str, int]:
    """How many places each quota has given away; at most a second old."""
    now = time.monotonic()
    kept = _taken.get(survey_id)
    if kept is None or exactly or now - kept[0] > FRESH_S:
        rows = await fetch("select key, taken from survey_quota where survey = $1", survey_id)
        kept = _taken[survey_id] = (now, {row["key"]: row["taken"] for row in rows})
    return kept[1]


def first_full(met: Iterable[Quota], given: Mapping[str, int], held: Collection[str] = ()) -> Quota | None:
    """The first quota that has no place left. held: keys of quotas in which the respondent has a place already."""
    return next((quota for quota in met if quota.key not in held and given.get(quota.key, 0) >= quota.limit), None)


async def release(survey_id: UUID, keys: Iterable[str]) -> None:
    """Give places back, within the caller's transaction: a response was erased."""
    chosen = list(keys)
    if chosen:
        await execute(RELEASE, survey_id, chosen)


def forget(survey_id: Any = None) -> None:
    """Look again at the next request."""
    if survey_id is None:
        _taken.clear()
    else:
        _taken.pop(survey_id, None)
