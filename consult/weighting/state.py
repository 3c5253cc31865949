"""What the figures of surveys follow from, in a few words that change whenever they would, for many surveys at once.

Whoever shows figures of several surveys on a page asks for the states first, and makes anew only what has changed:

    found = await states(surveys)
    chart = await charts.of(survey, key, found[survey], lambda: ...)
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

from consult.storage import fetch

T = TypeVar("T")
State = tuple[Hashable, ...] | None
"""None: figures are to be made anew, for answers wait to be taken into the files or nothing says what changed."""

# Rows never change in place: their xmin tells another version of a row from this one.
STATES = """select s.id, s.xmin::text as survey, now()::date as day, s.opens_at, s.closes_at,
    s.closes_at is not null and s.closes_at <= now() as is_closed,
    (select max(number) from survey_version where survey = s.id) as version,
    (select generation from column_store where survey = s.id) as generation,
    (select xmin::text from results_publication where survey = s.id) as publication,
    (select xmin::text from survey_design where survey = s.id) as design,
    (select md5(string_agg(xmin::text, ' ' order by key)) from weight_set where survey = s.id) as weights,
    exists (select from code_frame where survey = s.id) as is_coded,
    exists (select from response_pending where survey = s.id) as waits,
    exists (select from response where survey = s.id) as is_answered
    from survey s where s.id = any($1::uuid[])"""


async def states(surveys: Collection[UUID], *, with_codes: bool = False) -> dict[UUID, State]:
    """The state of each of these surveys. with_codes: figures of coded texts too, which are always made anew."""
    if not surveys:
        return {}
    rows = await fetch(STATES, list(surveys))
    return {row["id"]: None if _changes(row, with_codes) else tuple(row.values()) for row in rows}


def _changes(row: Mapping[str, Any], with_codes: bool) -> bool:
    is_unread = row["generation"] is None and row["is_answered"]  # no files yet: nothing says which answers there are
    return row["waits"] or is_unread or (with_codes and row["is_coded"])


class Remembered(Generic[T]):
    """What was made of the answers of surveys, for as long as it would be made alike; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.made: OrderedDict[Hashable, tuple[State, T]] = OrderedDict()

    async def of(self, key: Hashable, state: State, make: Callable[[], Awaitable[T]]) -> T:
        known = self.made.get(key)
        if known is not None and state is not None and known[0] == state:
            self.made.move_to_end(key)
            return known[1]
        found = await make()
        self.made[key] = (state, found)
        while len(self.made) > self.most:
            self.made.popitem(last=False)
        return found
