"""Staff pages of minutes: the whole, an item, an entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums.afterwards import operations, queries
from consult.forums.afterwards.aftermath import staff_box
from consult.forums.afterwards.minutes import (
    ENTRY_NAMES,
    STANDING_NAMES,
    STANDING_TAGS,
    Entry,
    EntryContent,
    EntryKind,
    Item,
    Minutes,
)
from consult.forums.forms import text_of
from consult.forums.forum import Forum
from consult.forums.staff_pages import READS, ROLES, RUNS, autonyms, the_forum
from consult.i18n import Locale, Text, languages
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.profile import Profile
from consult.records.queries import units
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff

BASE = "/staff/{language:str}/forums/{forum_id:uuid}/minutes"
NOTICES = {
    "saved": N_("Saved."),
    "published": N_("The minutes are published."),
    "removed": N_("Removed."),
}


@get(BASE, guards=READS)
async def minutes_page(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _minutes_page(request, await the_forum(forum_id), locale, now, done=NOTICES.get(done))


@post(BASE, guards=READS)
async def save_summary(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Keep the summary, or make items of the agenda's lines."""
    forum = await the_forum(forum_id)
    form = await read_form(request)
    try:
        if form.get("action") == "agenda":
            await operations.take_agenda(forum_id, actor=person.id, at=now)
        else:
            authentic = profile.authentic_language
            await operations.keep_summary(
                forum_id=forum_id, summary=text_of(form, "summary"), authentic=authentic, actor=person.id, at=now
            )
    except Invalid as invalid:
        return await _minutes_page(request, forum, locale, now, form=form, problems=invalid.problems, status=422)
    except Refused as refused:
        return await _minutes_page(request, forum, locale, now, form=form, problems=_said(refused), status=409)
    return _to(locale, forum_id, "saved")


@post(f"{BASE}/publish", guards=RUNS)
async def publish(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    try:
        await operations.publish_minutes(forum_id, actor=person.id, at=now)
    except Refused as refused:
        return await _minutes_page(request, forum, locale, now, problems=_said(refused), status=409)
    return _to(locale, forum_id, "published")


@get(f"{BASE}/items/new", guards=READS)
async def new_item(request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale]) -> Response[bytes]:
    return _item_page(request, await the_forum(forum_id), None, Form())


@post(f"{BASE}/items/new", guards=READS)
async def add_item(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    form = await read_form(request)
    authentic, heading = profile.authentic_language, text_of(form, "heading")
    try:
        kept = await operations.keep_item(
            forum_id=forum_id, heading=heading, authentic=authentic, actor=person.id, at=now
        )
    except Invalid as invalid:
        return _item_page(request, forum, None, form, invalid.problems, status=422)
    except Refused as refused:
        return _item_page(request, forum, None, form, _said(refused), status=409)
    return _to(locale, forum_id, "saved", kept)


@get(f"{BASE}/items/{{item_id:uuid}}", guards=READS)
async def item_page(
    request: AnyRequest, forum_id: FromPath[UUID], item_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    item = await _item(forum, item_id)
    return _item_page(request, forum, item, form_of("heading", item.heading))


@post(f"{BASE}/items/{{item_id:uuid}}", guards=READS)
async def change_item(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    item_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    item = await _item(forum, item_id)
    form = await read_form(request)
    authentic, heading = profile.authentic_language, text_of(form, "heading")
    try:
        if form.get("action") == "remove":
            await operations.remove_item(forum_id=forum_id, item_id=item_id, actor=person.id, at=now)
            return _to(locale, forum_id, "removed")
        await operations.keep_item(
            forum_id=forum_id, heading=heading, authentic=authentic, actor=person.id, at=now, item_id=item_id
        )
    except Invalid as invalid:
        return _item_page(request, forum, item, form, invalid.problems, status=422)
    except Refused as refused:
        return _item_page(request, forum, item, form, _said(refused), status=409)
    return _to(locale, forum_id, "saved", item_id)


@get(f"{BASE}/items/{{item_id:uuid}}/entries/new", guards=READS)
async def new_entry(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    item_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    kind: FromQuery[str] = EntryKind.SAID.value,
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    return await _entry_page(request, forum, await _item(forum, item_id), None, Form({"kind": [kind]}))


@post(f"{BASE}/items/{{item_id:uuid}}/entries/new", guards=READS)
async def add_entry(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    item_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    item = await _item(forum, item_id)
    form = await read_form(request)
    try:
        await operations.add_entry(
            forum_id=forum_id,
            item_id=item_id,
            content=_content(form),
            authentic=profile.authentic_language,
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _entry_page(request, forum, item, None, form, invalid.problems, status=422)
    return _to(locale, forum_id, "saved", item_id)


@get(f"{BASE}/entries/{{entry_id:uuid}}", guards=READS)
async def entry_page(
    request: AnyRequest, forum_id: FromPath[UUID], entry_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    item, entry = await _entry(forum, entry_id)
    return await _entry_page(request, forum, item, entry, _form_of_entry(entry))


@post(f"{BASE}/entries/{{entry_id:uuid}}", guards=READS)
async def change_entry(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    entry_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    item, entry = await _entry(forum, entry_id)
    form = await read_form(request)
    try:
        if form.get("action") == "remove":
            await operations.remove_entry(forum_id=forum_id, entry_id=entry_id, actor=person.id, at=now)
            return _to(locale, forum_id, "removed", item.id)
        authentic = profile.authentic_language
        await operations.change_entry(
            forum_id=forum_id, entry_id=entry_id, content=_content(form), authentic=authentic, actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _entry_page(request, forum, item, entry, form, invalid.problems, status=422)
    except Refused as refused:
        return await _entry_page(request, forum, item, entry, form, _said(refused), status=409)
    return _to(locale, forum_id, "saved", item.id)


async def minutes_to_write(person: Person, at: datetime) -> list[Waiting]:
    label = N_("Meetings without published minutes")
    return [Waiting(label, await queries.forums_without_minutes(at), "forums", ROLES)]


async def _minutes_page(
    request: AnyRequest,
    forum: Forum,
    locale: Locale,
    now: datetime,
    *,
    form: Form | None = None,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    minutes = (await queries.minutes_of([forum.id], public=False)).get(forum.id)
    return page(
        request,
        "forums/staff_minutes.html",
        status=status,
        forum=forum,
        minutes=minutes or Minutes(forum.id, {}, None, None),
        attendance=(await queries.attendance_of([forum.id])).get(forum.id),
        has_begun=forum.is_public and forum.starts_at is not None and now >= forum.starts_at,
        form=form or form_of("summary", minutes.summary if minutes else {}),
        done=done,
        problems=problems,
        kinds=ENTRY_NAMES,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
        today=locale.local(now).date(),
        **in_languages(request),
    )


def _item_page(
    request: AnyRequest,
    forum: Forum,
    item: Item | None,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    template = "forums/staff_minutes_item.html"
    more = in_languages(request)
    return page(request, template, status=status, forum=forum, item=item, form=form, problems=problems, **more)


async def _entry_page(
    request: AnyRequest,
    forum: Forum,
    item: Item,
    entry: Entry | None,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    minutes = (await queries.minutes_of([forum.id], public=False))[forum.id]
    return page(
        request,
        "forums/staff_minutes_entry.html",
        status=status,
        forum=forum,
        item=item,
        entry=entry,
        stays=minutes.is_public and entry is not None and entry.promise is not None,
        form=form,
        problems=problems,
        kinds=ENTRY_NAMES,
        units=await units(),
        **in_languages(request),
    )


def in_languages(request: AnyRequest) -> dict[str, Any]:
    authentic = shell(request).profile.authentic_language
    return {"offered": languages(), "authentic": authentic, "autonyms": autonyms()}


async def _item(forum: Forum, item_id: UUID) -> Item:
    minutes = (await queries.minutes_of([forum.id], public=False)).get(forum.id)
    item = minutes.item(item_id) if minutes else None
    if item is None:
        raise NotFound
    return item


async def _entry(forum: Forum, entry_id: UUID) -> tuple[Item, Entry]:
    minutes = (await queries.minutes_of([forum.id], public=False)).get(forum.id)
    entry = minutes.entry(entry_id) if minutes else None
    item = minutes.item(entry.item) if minutes and entry else None
    if entry is None or item is None:
        raise NotFound
    return item, entry


def _content(form: Form) -> EntryContent:
    try:
        unit = UUID(form.get("unit"))
    except ValueError:
        unit = None
    return EntryContent(form.get("kind"), text_of(form, "text"), unit, day_of(form.get("due_on")))


def day_of(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def form_of(place: str, text: Text) -> Form:
    return Form({f"{place}-{language}": [words] for language, words in text.items()})


def _form_of_entry(entry: Entry) -> Form:
    fields = {"kind": [entry.kind.value], **form_of("text", entry.text).values}
    if entry.promise is not None:
        fields |= {"unit": [str(entry.promise.unit)], "due_on": [entry.promise.due_on.isoformat()]}
    return Form(fields)


def _said(refused: Refused) -> list[Problem]:
    return [refused.problem()]


def _to(locale: Locale, forum_id: UUID, done: str, item: UUID | None = None) -> Redirect:
    return to_staff(locale, "forums", forum_id, "minutes", anchor=f"item-{item}" if item else "", done=done)


routes: list[Any] = [
    minutes_page,
    save_summary,
    publish,
    new_item,
    add_item,
    item_page,
    change_item,
    new_entry,
    add_entry,
    entry_page,
    change_entry,
]
nav: list[NavItem] = []
forum_parts = [staff_box]
waiting_providers: list[Provider] = [minutes_to_write]
