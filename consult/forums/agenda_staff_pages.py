"""The staff page of a forum's agenda: items with hours, session by session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, Problem
from consult.forums import agenda_operations as operations
from consult.forums import forms, queries
from consult.forums.agenda import MOST_ITEMS, AgendaItem, ItemContent, agenda_problems
from consult.forums.forum import Forum
from consult.forums.staff_pages import ONE, RUNS, autonyms, the_forum
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

EMPTY_ROWS = 3


@get(f"{ONE}/agenda", guards=RUNS)
async def agenda_page(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    items = (await queries.agenda_of([forum_id]))[forum_id]
    return _page(request, forum, _form_of(items), profile)


@post(f"{ONE}/agenda", guards=RUNS)
async def keep_agenda(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    form = await read_form(request)
    if form.get("language") in languages():
        return _page(request, forum, form, profile, spoken=locale_of(form.get("language")))
    if form.get("action") == "add":
        return _page(request, forum, form, profile, more=EMPTY_ROWS)
    form = _closed_up(form)
    problems: list[Problem] = []
    items = list(_items(form, problems))
    try:
        if problems:
            raise Invalid([*problems, *agenda_problems(items, forum, profile.authentic_language)])
        await operations.keep_agenda(
            forum_id=forum_id, items=items, authentic=profile.authentic_language, actor=person.id, at=now
        )
    except Invalid as invalid:
        return _page(request, forum, form, profile, invalid.problems, status=422)
    return to_staff(locale, "forums", forum_id, done="changed")


def _closed_up(form: Form) -> Form:
    """The same form without its empty and removed rows, so that rows and items have the same numbers."""
    values = {name: sent for name, sent in form.values.items() if not name.startswith("item-")}
    number = 0
    for row in range(1, _rows(form) + 1):
        place = f"item-{row}-"
        fields = {name: sent for name, sent in form.values.items() if name.startswith(place)}
        said = (name for name in fields if not name.endswith(("-id", "-session")))
        if form.flag(f"{place}remove") or not any(form.get(name) for name in said):
            continue
        number += 1
        values |= {name.replace(place, f"item-{number}-", 1): sent for name, sent in fields.items()}
    return Form(values)


def _items(form: Form, problems: list[Problem]) -> Iterator[ItemContent]:
    for number in range(1, _rows(form) + 1):
        place = f"item-{number}"
        yield ItemContent(
            id=forms.id_of(form.get(f"{place}-id")),
            session=forms.id_of(form.get(f"{place}-session")),
            starts=_hour(form.get(f"{place}-starts"), f"{place}-starts", problems),
            title=forms.text_of(form, f"{place}-title"),
            speakers=forms.text_of(form, f"{place}-speakers"),
        )


def _hour(written: str, place: str, problems: list[Problem]) -> time | None:
    if not written:
        return None
    try:
        hour = time.fromisoformat(written)
    except ValueError:
        hour = None
    if hour is None or hour.tzinfo is not None:
        problems.append(Problem(place, N_("Write an hour such as 18:00.")))
        return None
    return hour


def _rows(form: Form) -> int:
    return max((n for n in range(1, MOST_ITEMS + 1) if f"item-{n}-starts" in form), default=0)


def _form_of(items: Sequence[AgendaItem]) -> Form:
    fields: dict[str, list[str]] = {}
    for number, item in enumerate(items, start=1):
        place = f"item-{number}"
        fields |= {
            f"{place}-id": [str(item.id)],
            f"{place}-session": [str(item.session or "")],
            f"{place}-starts": [f"{item.starts:%H:%M}" if item.starts else ""],
        }
        fields |= {f"{place}-title-{language}": [words] for language, words in item.title.items()}
        fields |= {f"{place}-speakers-{language}": [words] for language, words in item.speakers.items()}
    return Form(fields)


def _page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
    spoken: Locale | None = None,
    more: int = 0,
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_agenda.html",
        status=status,
        locale=spoken,
        forum=forum,
        form=form,
        problems=problems,
        rows=min(_rows(form) + more, MOST_ITEMS) or EMPTY_ROWS,
        most=MOST_ITEMS,
        offered=languages(),
        authentic=profile.authentic_language,
        autonyms=autonyms(),
    )


routes: list[Any] = [agenda_page, keep_agenda]
nav: list[NavItem] = []
