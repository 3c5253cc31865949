"""Public pages of what remains: the minutes of a meeting, and the ledger of promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from consult.errors import NotFound
from consult.forums import queries as forums
from consult.forums.afterwards import queries
from consult.forums.afterwards.aftermath import box
from consult.forums.afterwards.minutes import ENTRY_NAMES, STANDING_NAMES, STANDING_TAGS, Standing
from consult.forums.parts import Provider
from consult.forums.questions import queries as questions
from consult.forums.speakers import queries as speakers
from consult.forums.speakers.speaker import clock, totals
from consult.i18n import Locale
from consult.web import AnyRequest, page


@get("/{language:str}/forums/{slug:str}/minutes")
async def minutes_page(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    forum = await forums.forum(slug)
    found = (await queries.minutes_of([forum.id])).get(forum.id) if forum and forum.is_public else None
    if forum is None or found is None:
        raise NotFound
    return page(
        request,
        "forums/minutes.html",
        forum=forum,
        minutes=found,
        answered=await questions.for_minutes(forum.id),
        totals=totals(await speakers.for_minutes(forum.id), now),
        clock=clock,
        attendance=(await queries.attendance_of([forum.id])).get(forum.id),
        today=locale.local(now).date(),
        entry_names=ENTRY_NAMES,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
    )


@get("/{language:str}/promises")
async def promises_page(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    standing: FromQuery[str] = "",
    unit: FromQuery[str] = "",
) -> Response[bytes]:
    today = locale.local(now).date()
    chosen = Standing(standing) if standing in set(Standing) else None
    known = await queries.units_with_promises()
    by = next((key for key, _ in known if str(key) == unit), None)
    return page(
        request,
        "forums/promises.html",
        found=await queries.ledger(today, standing=chosen, unit=by, number=page_number),
        counts=await queries.standings(today),
        units=known,
        chosen=chosen,
        unit=by,
        today=today,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
    )


routes: list[Any] = [minutes_page, promises_page]
forum_parts: list[Provider] = [box]
