"""Public pages: the list of meetings, a meeting with its form, the slip, and the page behind the letters' link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from consult.errors import Invalid, NotFound, Problem
from consult.forums import calendar, queries
from consult.forums.agenda import by_session
from consult.forums.desk import desk
from consult.forums.forum import KIND_NAMES, STAGE_NAMES, STAGE_TAGS, Forum, ForumSession, Stage
from consult.forums.links import Links, links_of
from consult.forums.notice import Notice, notice_of
from consult.forums.parts import Shown, parts_of, providers
from consult.forums.registering import Wish
from consult.forums.registration import (
    MOST_COMPANIONS,
    NEEDS,
    Registrant,
    State,
)
from consult.forums.tongues import tongue_names
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.profile import Profile
from consult.web import AnyRequest, Form, page, patience, plain_page, read_form, see_other, shell, url

WantedSession = Annotated[str, QueryParameter(name="session", max_length=50)]
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}


@dataclass(frozen=True, slots=True)
class Dates:
    """A forum's days as its head shows them: the first in large, the others in words."""

    day: str
    month: str
    weekday: str
    hours: str
    others: tuple[str, ...]


def dates(forum: Forum, locale: Locale) -> Dates | None:
    if not forum.sessions:
        return None
    days: dict[date, list[ForumSession]] = {}
    for session in forum.sessions:
        days.setdefault(locale.local(session.starts_at).date(), []).append(session)
    (first, sittings), *later = days.items()
    return Dates(
        day=locale.number(first.day),
        month=str(locale.babel.months["stand-alone"]["wide"][first.month]),
        weekday=locale.weekday(first),
        hours=_hours(sittings, locale),
        others=tuple(f"{locale.date(day, 'day')}, {_hours(on_it, locale)}" for day, on_it in later),
    )


def _hours(sessions: Sequence[ForumSession], locale: Locale) -> str:
    end = max(session.ends_at for session in sessions)
    return f"{locale.time(sessions[0].starts_at)}\u2060–\u2060{locale.time(end)}"


async def public_forum(slug: str) -> Forum:
    """The forum, if the public may see it. Raises NotFound."""
    forum = await queries.forum(slug)
    if forum is None or not forum.is_public:
        raise NotFound
    return forum


def links(request: AnyRequest) -> Links:
    return links_of(shell(request).settings)


@get("/{language:str}/forums")
async def forum_list(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
) -> Response[bytes]:
    coming = await queries.coming(now)
    return page(
        request,
        "forums/list.html",
        coming=[(forum, dates(forum, locale)) for forum in coming],
        past=await queries.past(now, number=page_number),
        at=now,
        kinds=KIND_NAMES,
        stages=STAGE_NAMES,
        tags=STAGE_TAGS,
        Stage=Stage,
    )


@get("/{language:str}/forums/{slug:str}")
async def forum_page(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    wanted: WantedSession = "",
) -> Response[bytes]:
    forum = await public_forum(slug)
    form = Form({"sessions": [wanted]} if wanted else {})
    return await _forum_page(request, forum, form, locale, now)


@post("/{language:str}/forums/{slug:str}")
async def register(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    """Register, and lead to the slip; whatever is wrong, everything that was typed comes back in the form."""
    form = await read_form(request)
    if form.get("language") in languages():
        return await _forum_page(request, await public_forum(slug), form, locale_of(form.get("language")), now)
    if patience.must_wait(request, "registration", shell(request).settings.registrations_per_network, now):
        problems = (patience.PROBLEM,)
        return await _forum_page(request, await public_forum(slug), form, locale, now, problems, status=429)
    # The desk alone asks the database: thousands who come at once would wait for a connection each.
    try:
        wish = Wish(
            forum_slug=slug,
            sessions=tuple(_ids(form.list("sessions"))),
            registrant=registrant_of(form),
            language=locale.code,
            links=links(request),
            at=now,
        )
        placed = await desk.register(wish)
    except Invalid as invalid:
        return await _forum_page(request, await public_forum(slug), form, locale, now, invalid.problems, status=422)
    patience.note(request, "registration", now)
    return see_other(url(locale, "forums", slug, "registered"), receipt=links(request).receipt(placed))


def registrant_of(form: Form) -> Registrant:
    return Registrant(
        name=form.get("name"),
        email=form.get("email"),
        phone=form.get("phone"),
        companions=form.get("companions") or "0",
        needs=tuple(form.list("needs")),
        needs_note=form.get("needs_note"),
    )


async def _forum_page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    locale: Locale,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    # A page that holds what somebody typed is nobody else's.
    headers = None if status == 200 and request.method == "GET" else PRIVATE
    if status == 429:
        headers = {**PRIVATE, **patience.HEADERS}
    agenda = (await queries.agenda_of([forum.id]))[forum.id]
    return page(
        request,
        "forums/forum.html",
        status=status,
        headers=headers,
        locale=locale,
        forum=forum,
        stage=forum.stage(now),
        Stage=Stage,
        dates=dates(forum, locale),
        kind=KIND_NAMES[forum.kind],
        bookable=forum.bookable(now),
        at=now,
        form=form,
        problems=problems,
        needs=NEEDS,
        most_companions=MOST_COMPANIONS,
        agenda=by_session(forum, agenda),
        notice_given=_short_notice(forum, shell(request).profile),
        tongues={
            "spoken": tongue_names(forum.spoken, locale).values(),
            "interpreted": tongue_names(forum.interpreted, locale).values(),
        },
        parts=await parts_of(providers(request).public, Shown(request, forum, now, locale)),
    )


def _short_notice(forum: Forum, profile: Profile) -> Notice | None:
    """Where the meeting was published later than the rule prescribes."""
    if forum.published_at is None or not forum.notice_reason:
        return None
    return notice_of(forum, forum.published_at.astimezone(profile.zone).date(), profile)


@get("/{language:str}/forums/{slug:str}/registered")
async def slip(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    receipt: FromQuery[str] = "",
) -> Response[bytes]:
    """What came of a registration. It names nobody and says the same to everybody; the letter tells the rest."""
    forum = await public_forum(slug)
    placed = links(request).read_receipt(receipt)
    noted = [(session, one) for one in placed if (session := forum.session(one.session)) is not None]
    if not noted:
        raise NotFound
    return page(
        request,
        "forums/slip.html",
        headers=PRIVATE,
        forum=forum,
        noted=noted,
        has_place=any(one.state is not State.WAITLISTED for _, one in noted),
        State=State,
    )


@get("/{language:str}/forums/{slug:str}/calendar.ics")
async def forum_calendar(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    forum = await public_forum(slug)
    return _calendar(request, forum, forum.sessions, locale)


@get("/{language:str}/forums/{slug:str}/sessions/{name:str}")
async def session_calendar(
    request: AnyRequest, slug: FromPath[str], name: FromPath[str], locale: NamedDependency[Locale]
) -> Response[bytes]:
    forum = await public_forum(slug)
    wanted = _ids([name.removesuffix(".ics")])
    sessions = [session for session in forum.sessions if session.id in wanted and name.endswith(".ics")]
    if not sessions:
        raise NotFound
    return _calendar(request, forum, sessions, locale)


def _calendar(request: AnyRequest, forum: Forum, sessions: Sequence[ForumSession], locale: Locale) -> Response[bytes]:
    made = links(request)
    body = calendar.calendar(forum, sessions, locale, base_url=made.base_url, link=made.forum(locale, forum))
    headers = {"content-disposition": f'attachment; filename="{forum.slug}.ics"'}
    return plain_page(request, body, calendar.MEDIA_TYPE, headers=headers)


def _ids(written: Sequence[str]) -> list[UUID]:
    """The ids among what was sent; anything else is no session."""
    found = []
    for one in written[:50]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


routes: list[Any] = [forum_list, forum_page, register, slip, forum_calendar, session_calendar]
