"""Staff pages of a version: its changed passages with the accepted comments that may have led to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from consult.drafts import queries as drafts
from consult.drafts.answers import effect_operations, effect_queries
from consult.drafts.answers.answer import DECISION_NAMES
from consult.drafts.answers.effects import changed_articles, origins
from consult.drafts.draft import Draft
from consult.drafts.versions.queries import kept_changes
from consult.errors import NotFound
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.storage import Slice
from consult.web import AnyRequest, page, read_form, to_staff

MOST_DIGITS = 5
VersionNumber = Annotated[int | None, QueryParameter(name="version", ge=1, le=10_000)]
ONE = "/staff/{language:str}/drafts/{slug:str}/effects"
READS = [requires("designer", "moderator", "analyst")]
WRITES = [requires("designer", "moderator")]
ARTICLES_ON_PAGE = 20


@get(ONE, guards=READS)
async def effects(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    page_number: NamedDependency[int],
    version: VersionNumber = None,
) -> Response[bytes]:
    """The changed articles of a version, the newest unless one is named; before there are two, only why it is empty."""
    draft = await _draft(slug)
    number = version or draft.version_number or 1
    new, old = await drafts.version(draft.id, number), await drafts.version(draft.id, number - 1)
    if version and new is None:
        raise NotFound
    changed = (
        changed_articles(await drafts.articles(old.id), await drafts.articles(new.id), draft.authentic_language)
        if new and old
        else []
    )
    first = (page_number - 1) * ARTICLES_ON_PAGE
    return page(
        request,
        "drafts/staff_effects.html",
        draft=draft,
        number=number,
        numbers=range(2, (draft.version_number or 0) + 1),
        changed=Slice(changed[first : first + ARTICLES_ON_PAGE], page_number, len(changed), ARTICLES_ON_PAGE),
        candidates=await effect_queries.candidates(draft.id, number),
        origins=origins((one.article, one.related) for one in await kept_changes(new.id)) if new else {},
        noted=await effect_queries.noted(new.id) if new else {},
        promises=await effect_queries.open_promises(draft.id, draft.version_number or 1),
        decisions=DECISION_NAMES,
        writes=person.may("designer", "moderator"),
        saved=request.query_params.get("saved", ""),
    )


@post(ONE, guards=WRITES)
async def note_effects(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    """Keep which comments changed one article: the fields `effect` hold "place:comment"."""
    draft = await _draft(slug)
    form = await read_form(request)
    article, number = form.get("article"), form.get("version")
    if len(number) > MOST_DIGITS:
        raise NotFound
    try:
        chosen = [
            (int(place), UUID(comment)) for place, _, comment in (one.partition(":") for one in form.list("effect"))
        ]
        version_number, article_id = int(number), UUID(article)
    except ValueError as fault:
        raise NotFound from fault
    await effect_operations.note_effects(
        draft_id=draft.id, version_number=version_number, article_id=article_id, chosen=chosen, actor=person.id, at=now
    )
    at_page = form.get("page") if form.get("page").isdecimal() and len(form.get("page")) < 7 else "1"
    asked = {"version": version_number, "page": at_page, "saved": article_id}
    return to_staff(locale, "drafts", slug, "effects", anchor=f"article-{article_id}", **asked)


async def _draft(slug: str) -> Draft:
    found = await drafts.draft(slug)
    if found is None or found.version_number is None:
        raise NotFound
    return found


nav = ()
routes = [effects, note_effects]
