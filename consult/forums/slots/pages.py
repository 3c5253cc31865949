"""Public pages of appointments: the rule and the times, the form, the order that was made, one's own request."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.forum import Forum, Stage
from consult.forums.links import token_hash
from consult.forums.pages import PRIVATE, links, public_forum
from consult.forums.parts import Part, Provider, Shown
from consult.forums.slots import queries
from consult.forums.slots import request_operations as operations
from consult.forums.slots.allocation import Rule, drawn
from consult.forums.slots.slot import (
    PURPOSE,
    RULE_NAMES,
    RULE_WORDS,
    STATE_NAMES,
    STATE_TAGS,
    TIE_WORDS,
    Requested,
    Slot,
    SlotRequest,
    State,
    Terms,
)
from consult.i18n import AUTONYMS, Locale, languages
from consult.i18n import locale as locale_of
from consult.settings import secret_key
from consult.storage import Slice
from consult.web import AnyRequest, Form, form_id, page, patience, plain_page, read_form, see_other, shell, url

ALL = "/{language:str}/forums/{slug:str}/appointments"
MINE = "/{language:str}/appointments/{token:str}"
DRAW_PAGE = 100
NOTICES = {
    "cancelled": N_("Your request is cancelled. Thank you for telling us."),
    "settled": N_("Thank you. Your request is settled."),
}


async def _published(slug: str) -> tuple[Forum, Terms]:
    """The forum and its terms, once those are public. Raises NotFound."""
    forum = await public_forum(slug)
    terms = await queries.terms(forum.id)
    if terms is None or not terms.is_frozen:
        raise NotFound
    return forum, terms


@get(ALL)
async def appointments(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    forum, terms = await _published(slug)
    slots = [slot for slot in await queries.slots(forum.id) if slot.cancelled_at is None]
    counts = await queries.counts(forum.id)
    holders = await queries.in_state(forum.id, State.GIVEN, State.HEARD, State.ABSENT) if terms.allocated_at else []
    return page(
        request,
        "forums/appointments.html",
        forum=forum,
        terms=terms,
        groups=_alike(slots, locale),
        holders={slot.id: [one.number for one in holders if one.slot == slot.id] for slot in slots},
        requests=sum(counts.values()),
        rule=RULE_NAMES[terms.rule],
        rule_words=RULE_WORDS[terms.rule],
        tie_words=TIE_WORDS[terms.tie] if terms.rule is Rule.NEVER_HEARD else None,
        is_off=forum.stage(now) is Stage.CANCELLED,
        autonyms=AUTONYMS,
        at=now,
    )


def _alike(slots: Sequence[Slot], locale: Locale) -> list[list[Slot]]:
    """Times of one day that differ in nothing else stand together."""
    found: dict[tuple[object, ...], list[Slot]] = {}
    for slot in slots:
        day, place = locale.local(slot.starts_at).date(), tuple(sorted(slot.place.items()))
        same = (day, slot.official, place, slot.topic, slot.language, slot.has_interpreter)
        found.setdefault(same, []).append(slot)
    return list(found.values())


@get(f"{ALL}/new")
async def request_form(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    forum, terms = await _published(slug)
    return _form_page(request, forum, terms, Form(), locale, now)


@post(f"{ALL}/new")
async def send_request(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    """Note the request and lead to a page that says the same to everybody; the letter tells the rest."""
    forum, terms = await _published(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return _form_page(request, forum, terms, form, locale_of(form.get("language")), now)
    if patience.must_wait(request, "slot", shell(request).settings.registrations_per_network, now):
        return _form_page(request, forum, terms, form, locale, now, (patience.PROBLEM,), status=429)
    try:
        await operations.ask(
            form_id=form_id.read(secret_key(shell(request).settings), PURPOSE, form.get("form")),
            forum_slug=slug,
            requested=requested_of(form),
            language=locale.code,
            links=links(request),
            at=now,
        )
    except Invalid as invalid:
        return _form_page(request, forum, terms, form, locale, now, invalid.problems, status=422)
    except Refused as refused:
        problems = [refused.problem()]
        return _form_page(request, forum, terms, form, locale, now, problems, status=409, fresh=True)
    patience.note(request, "slot", now)
    return see_other(url(locale, "forums", slug, "appointments", "noted"))


def requested_of(form: Form) -> Requested:
    return Requested(**{name: form.get(name) for name in ("name", "email", "phone", "topic", "text", "prior")})


@get(f"{ALL}/noted")
async def noted(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    forum, terms = await _published(slug)
    return page(request, "forums/appointment_noted.html", headers=PRIVATE, forum=forum, terms=terms)


@get(f"{ALL}/draw")
async def order_page(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], page_number: NamedDependency[int]
) -> Response[bytes]:
    """The order that was made, and how anybody makes it again; before that, what the draw has been bound to."""
    forum, terms = await _published(slug)
    if terms.gives_at_once:
        raise NotFound
    made = await queries.order_made(forum.id) if terms.allocated_at else []
    shown = Slice(
        items=made[Slice.offset(page_number, DRAW_PAGE) :][:DRAW_PAGE],
        number=page_number,
        total=len(made),
        size=DRAW_PAGE,
    )
    if page_number > 1 and not shown.items:
        raise NotFound
    slots = {slot.id: slot for slot in await queries.slots(forum.id)}
    return page(
        request,
        "forums/appointment_draw.html",
        forum=forum,
        terms=terms,
        shown=shown,
        slots=slots,
        drawn=drawn,
        rule_words=RULE_WORDS[terms.rule],
        tie_words=TIE_WORDS[terms.tie] if terms.rule is Rule.NEVER_HEARD else None,
        states=STATE_NAMES,
        numbers=" ".join(str(one) for one in sorted(one.number for one in made)[:20]),
    )


@get(f"{ALL}/draw.csv")
async def order_file(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """The whole order for a machine: number, whether received before, digits of the draw, place."""
    forum, terms = await _published(slug)
    if terms.gives_at_once or not terms.allocated_at:
        raise NotFound
    lines = StringIO()
    writer = csv.writer(lines)
    writer.writerow(("place", "request", "received_before", "sha256"))
    for one in await queries.order_made(forum.id):
        digits = drawn(terms.seed, one.number) if terms.seed else ""
        writer.writerow((one.rank, one.number, int(bool(one.heard_before)), digits))
    headers = {"content-disposition": f'attachment; filename="{slug}-draw.csv"'}
    return plain_page(request, lines.getvalue().encode(), "text/csv; charset=utf-8", headers=headers)


@get(MINE)
async def own_request(
    request: AnyRequest,
    token: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    """How a request stands, for whoever has the link. Opening it changes nothing; mail scanners open links too."""
    return await _own_page(request, await _mine(token), now, done=NOTICES.get(done))


@post(MINE)
async def end_request(
    request: AnyRequest, token: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    mine = await _mine(token)
    form = await read_form(request)
    action = form.get("action")
    if action not in {"cancel", "settle"}:
        raise NotFound
    try:
        await operations.end(mine.id, is_settled=action == "settle", links=links(request), at=now)
    except Refused as refused:
        problem = refused.problem()
        return await _own_page(request, mine, now, problems=[problem], status=409)
    done = "settled" if action == "settle" else "cancelled"
    return see_other(url(locale, "appointments", token), done=done)


async def _mine(token: str) -> SlotRequest:
    found = await queries.request_of_token(token_hash(token)) if 20 <= len(token) <= 100 else None
    if found is None:
        raise NotFound
    return found


async def _own_page(
    request: AnyRequest,
    mine: SlotRequest,
    now: datetime,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum = await forums.forum_by_id(mine.forum)
    if forum is None:
        raise NotFound
    terms = await queries.terms(mine.forum)
    slot = await queries.slot(mine.slot) if mine.slot else None
    return page(
        request,
        "forums/appointment.html",
        status=status,
        headers=PRIVATE,
        forum=forum,
        terms=terms,
        mine=mine,
        slot=slot,
        position=await queries.position(mine) if mine.state is State.WAITING else None,
        topic=terms.topic(mine.topic) if terms else None,
        may_end=mine.is_living and (slot is None or now < slot.starts_at),
        state=STATE_NAMES[mine.state],
        tag=STATE_TAGS[mine.state],
        done=done,
        problems=problems,
    )


def _form_page(
    request: AnyRequest,
    forum: Forum,
    terms: Terms,
    form: Form,
    locale: Locale,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
    fresh: bool = False,
) -> Response[bytes]:
    token = "" if fresh else form.get("form")
    return page(
        request,
        "forums/appointment_form.html",
        status=status,
        headers=PRIVATE | patience.HEADERS if status == 429 else PRIVATE,
        locale=locale,
        forum=forum,
        terms=terms,
        form=form,
        form_token=token or form_id.issue(secret_key(shell(request).settings), PURPOSE),
        problems=problems,
        is_open=terms.takes_requests(now) and forum.stage(now) is not Stage.CANCELLED,
        rule_words=RULE_WORDS[terms.rule],
        tie_words=TIE_WORDS[terms.tie] if terms.rule is Rule.NEVER_HEARD else None,
    )


async def appointments_box(shown: Shown) -> Part | None:
    """The appointments on the page of the forum, once their rule is public."""
    terms = await queries.terms(shown.forum.id)
    if terms is None or not terms.is_frozen:
        return None
    slots = [slot for slot in await queries.slots(shown.forum.id) if slot.cancelled_at is None]
    values = {"terms": terms, "times": len(slots), "rule": RULE_NAMES[terms.rule], "first": slots[0] if slots else None}
    return Part("forums/appointments_box.html", values | {"is_open": terms.takes_requests(shown.now)})


forum_parts: list[Provider] = [appointments_box]
routes: list[Any] = [
    appointments,
    request_form,
    send_request,
    noted,
    order_page,
    order_file,
    own_request,
    end_request,
]
