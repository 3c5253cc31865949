"""Photos of a meeting: the staff page, and the pictures themselves for everybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums.afterwards import photo_operations as operations
from consult.forums.afterwards.photos import MEDIA_TYPE
from consult.forums.afterwards.staff_pages import in_languages
from consult.forums.forms import text_of
from consult.forums.forum import Forum
from consult.forums.staff_pages import RUNS, the_forum
from consult.i18n import Locale, languages
from consult.people.person import Person
from consult.web import AnyRequest, Form, NavItem, page, read_files, to_staff

BASE = "/staff/{language:str}/forums/{forum_id:uuid}/photos"
NAME = re.compile(r"([0-9a-f]{32})\.webp")
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
NOTICES = {"added": N_("The photo is kept."), "removed": N_("Removed.")}


@get("/meeting-photos/{name:str}")
async def photo(name: FromPath[str]) -> Response[bytes]:
    found = NAME.fullmatch(name)
    if found is None:
        raise NotFound
    return Response(await operations.public_photo(found[1]), media_type=MEDIA_TYPE, headers=FOR_EVER)


@get(BASE, guards=RUNS)
async def photos_page(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], done: FromQuery[str] = ""
) -> Response[bytes]:
    return await _page(request, await the_forum(forum_id), Form(), done=NOTICES.get(done))


@post(BASE, guards=RUNS)
async def add_photo(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    form = await read_files(request)
    sent = form.files.get("photo")
    content, shows = sent.content if sent else b"", text_of(form, "shows")
    try:
        await operations.add_photo(
            forum_id=forum_id, content=content, shows=shows, offered=languages(), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _page(request, forum, form, problems=invalid.problems, status=422)
    except Refused as refused:
        problems = [refused.problem()]
        return await _page(request, forum, form, problems=problems, status=409)
    return to_staff(locale, "forums", forum_id, "photos", done="added")


@post(f"{BASE}/{{photo_id:uuid}}", guards=RUNS)
async def remove_photo(
    forum_id: FromPath[UUID],
    photo_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    await operations.remove_photo(forum_id=forum_id, photo_id=photo_id, actor=person.id, at=now)
    return to_staff(locale, "forums", forum_id, "photos", done="removed")


async def _page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_photos.html",
        status=status,
        forum=forum,
        photos=await operations.photos_of(forum.id),
        form=form,
        done=done,
        problems=problems,
        **in_languages(request),
    )


routes: list[Any] = [photo, photos_page, add_photo, remove_photo]
nav: list[NavItem] = []
