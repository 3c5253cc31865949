"""What a page of public results shows, in a few words that change whenever it would: asked for at every request.

Requests that come while the database is asked share the next question, so that many visitors cost it little, and none
is answered with less than what was committed when it came.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Hashable
from contextvars import Context
from datetime import datetime
from typing import Any

from consult.columns.frame import frame
from consult.errors import NotFound
from consult.storage import fetchrow

# Rows never change in place: their xmin tells another version of a row from this one.
LOOK = """select s.id, s.opens_at, s.closes_at, now()::date as day, s.xmin::text as survey, p.xmin::text as publication,
    (select max(number) from survey_version where survey = s.id) as version,
    (select generation from column_store where survey = s.id) as generation,
    (select xmin::text from survey_design where survey = s.id) as design,
    (select xmin::text from weight_set where survey = s.id and is_default) as weights,
    (select xmin::text from survey_access where survey = s.id) as access,
    (select md5(string_agg(xmin::text, ' ' order by id)) from standing_index_measurement) as measured,
    (select md5(string_agg(xmin::text, ' ' order by standing_index, number)) from standing_index_version) as indices,
    (select md5(string_agg(xmin::text, ' ' order by survey)) from results_publication) as public,
    exists (select from response_pending where survey = s.id) as waits
from survey s left join results_publication p on p.survey = s.id where s.slug = $1"""

_waiting: defaultdict[str, list[asyncio.Future[Any]]] = defaultdict(list)
_asking: dict[str, asyncio.Task[None]] = {}


async def standing(slug: str, now: datetime) -> Hashable:
    """Raises NotFound where the results are not public."""
    look = await _look(slug)
    closes_at = look["closes_at"]
    return (*look.values(), closes_at is not None and now >= closes_at)


async def settled(slug: str, now: datetime) -> Hashable:
    """The same, once new answers are in the files. Raises NotFound."""
    look = await _look(slug)
    if look["waits"] or look["generation"] is None:
        await frame(look["id"])
    return await standing(slug, now)


async def _look(slug: str) -> Any:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    _waiting[slug].append(future)
    if slug not in _asking:
        _asking[slug] = asyncio.create_task(_ask(slug), context=Context())
    look = await future
    if look is None or look["publication"] is None:
        raise NotFound
    return look


async def _ask(slug: str) -> None:
    try:
        while those := _waiting.pop(slug, None):
            found: tuple[Any] = await asyncio.gather(fetchrow(LOOK, slug), return_exceptions=True)
            for one in those:
                if one.done():
                    continue
                if isinstance(found[0], BaseException):
                    one.set_exception(found[0])
                else:
                    one.set_result(found[0])
    finally:
        del _asking[slug]
