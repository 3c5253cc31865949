"""The calendar: a month as a page, everything as a file, and one consultation as a file."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import groupby

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.consultations import queries as consultations
from consult.consultations.consultation import first_moment
from consult.errors import NotFound
from consult.i18n import Locale
from consult.portal import feeds
from consult.portal.dates import dates
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, page, plain_page, read_query

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MEDIA_TYPE = "text/calendar; charset=utf-8"
BEHIND = timedelta(days=92)
AHEAD = timedelta(days=400)
FOR_EVER = timedelta(days=20_000)


@get("/{language:str}/calendar")
async def month_page(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    today = locale.local(now).date()
    first = month_of(read_query(request).get("month"), today)
    after, before = next_month(first), (first - timedelta(days=1)).replace(day=1)
    found = await dates(
        first_moment(first, profile.time_zone), first_moment(after, profile.time_zone), profile.time_zone
    )
    days = [(day, tuple(those)) for day, those in groupby(found, key=lambda one: locale.local(one.when).date())]
    return page(
        request, "portal/calendar.html", locale=locale, first=first, before=before, after=after, days=days, today=today
    )


def month_of(asked: str, today: date) -> date:
    """The first day of the month that an address names, of the running one without a name. Raises NotFound."""
    if not asked:
        return today.replace(day=1)
    match = MONTH.fullmatch(asked)
    if match is None:
        raise NotFound
    return date(int(match[1]), int(match[2]), 1)


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


@get("/{language:str}/calendar.ics")
async def calendar_file(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    found = await dates(now - BEHIND, now + AHEAD, profile.time_zone)
    return plain_page(request, feeds.calendar(locale, settings, profile.name[locale.code], found), MEDIA_TYPE)


@get("/{language:str}/consultations/{slug:str}/calendar.ics")
async def consultation_file(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    one = await consultations.consultation(slug)
    if one is None or not one.is_public:
        raise NotFound
    found = await dates(now - FOR_EVER, now + FOR_EVER, profile.time_zone, consultation_id=one.id)
    return plain_page(request, feeds.calendar(locale, settings, feeds.words(one.title, locale), found), MEDIA_TYPE)


routes = [month_page, calendar_file, consultation_file]
