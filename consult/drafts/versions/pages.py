"""The public comparison of two versions of a draft: as a page and as PDF, for everybody, in every language."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from consult.drafts.comments.pages import published_draft
from consult.drafts.draft import Draft, DraftVersion
from consult.drafts.versions import queries
from consult.drafts.versions.compared import Comparison, comparison
from consult.drafts.versions.files import as_pdf
from consult.drafts.versions.sheet import sheet_of
from consult.drafts.versions.sides import marked, side_by_side
from consult.errors import NotFound
from consult.i18n import Locale, pick
from consult.profile import Profile
from consult.web import AnyRequest, page, plain_page

Old = Annotated[int | None, QueryParameter(name="from", ge=1, le=10_000)]
New = Annotated[int | None, QueryParameter(name="to", ge=1, le=10_000)]
View = Annotated[str, QueryParameter(name="view", pattern="^(marked|sides)$")]
MOST_KEPT = 24
UNFOLDED = 40_000
"""Up to so many letters the words of articles without a change stand on the page, folded; beyond it leads to them."""


@get("/{language:str}/drafts/{slug:str}/compare")
async def compare_page(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    old: Old = None,
    new: New = None,
    view: View = "marked",
) -> Response[bytes]:
    draft = await published_draft(slug)
    versions = await queries.versions(draft.id)
    pair = chosen(versions, old, new)
    made = await compared(draft, pair, locale) if pair else None
    return page(
        request,
        "drafts/compare.html",
        locale=locale,
        draft=draft,
        versions=versions,
        pair=pair or (versions[-1], versions[-1]),
        comparison=made,
        related=await queries.related(draft.id, pair[0].number, pair[1].number) if pair else {},
        names={one.change.article.id: one.change.article for one in made.articles} if made else {},
        between=[each for each in versions if pair and pair[0].number < each.number <= pair[1].number],
        view=view,
        set_out=side_by_side if view == "sides" else marked,
        marked=marked,
        unfolds=made is not None and _letters(made) <= UNFOLDED,
        authentic_name=locale.language_within(draft.authentic_language),
    )


@get("/{language:str}/drafts/{slug:str}/compare.pdf")
async def compare_pdf(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    old: Old = None,
    new: New = None,
    view: View = "marked",
) -> Response[bytes]:
    """The same as PDF/UA. Versions never change, so what was made is kept; only one is made at a time."""
    draft = await published_draft(slug)
    pair = chosen(await queries.versions(draft.id), old, new)
    if pair is None:
        raise NotFound
    shelf = _shelf(request)
    key = (*(each.id for each in pair), locale.code, view)
    async with shelf.lock:
        if key not in shelf.kept:
            made = sheet_of(draft, await compared(draft, pair, locale), locale, sides=view == "sides")
            sender, brand = pick(profile.name, locale.code, locale.order)[0], profile.colours.brand
            shelf.kept[key] = await asyncio.to_thread(
                as_pdf, made, sender=sender, brand=brand, made_at=pair[1].published_at
            )
            while len(shelf.kept) > MOST_KEPT:
                shelf.kept.popitem(last=False)
    name = f"{slug}-{pair[0].number}-{pair[1].number}-{locale.code}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return plain_page(request, shelf.kept[key], "application/pdf", headers=headers)


@dataclass(slots=True)
class _Shelf:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    kept: OrderedDict[tuple[Hashable, ...], bytes] = field(default_factory=OrderedDict)


def _shelf(request: AnyRequest) -> _Shelf:
    found: _Shelf | None = getattr(request.app.state, "compared_versions", None)
    if found is None:
        found = request.app.state.compared_versions = _Shelf()
    return found


def chosen(
    versions: tuple[DraftVersion, ...], old: int | None, new: int | None
) -> tuple[DraftVersion, DraftVersion] | None:
    """The two versions that are asked for, the earlier first: by default the newest and the one before it.

    None where both are the same one. Raises NotFound for a number that the draft has not.
    """
    known = {each.number: each for each in versions}
    later = versions[-1].number if new is None else new
    earlier = max(later - 1, 1) if old is None else old
    if earlier not in known or later not in known:
        raise NotFound
    if earlier == later:
        return None
    return known[min(earlier, later)], known[max(earlier, later)]


async def compared(draft: Draft, pair: tuple[DraftVersion, DraftVersion], locale: Locale) -> Comparison:
    """Compared beside the event loop: a long regulation takes a second."""
    articles = await queries.articles_of_both(pair[0].id, pair[1].id)
    order = (draft.authentic_language, *locale.order)
    return await asyncio.to_thread(comparison, *pair, articles, language=locale.code, order=order)


def _letters(made: Comparison) -> int:
    return sum(len(piece.text) for one in made.articles for piece in one.body.pieces)


routes = [compare_page, compare_pdf]
