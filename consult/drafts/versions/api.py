"""The comparison of two published versions as JSON, read only: for every article what became of it, word by word."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from consult.drafts.comments.pages import published_draft
from consult.drafts.versions import queries
from consult.drafts.versions.compared import Comparison, Words
from consult.drafts.versions.pages import chosen, compared
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import languages
from consult.i18n import locale as locale_of

Old = Annotated[int | None, QueryParameter(name="from", ge=1, le=10_000, description="The one before where missing.")]
New = Annotated[int | None, QueryParameter(name="to", ge=1, le=10_000, description="The newest where it is missing.")]
Spoken = Annotated[
    str | None, QueryParameter(name="language", max_length=3, description="The authentic one where it is missing.")
]


class PieceOut(msgspec.Struct, frozen=True):
    """`kind` is same, inserted or deleted; an empty line in `text` begins a paragraph."""

    kind: str
    text: str


class ArticleComparedOut(msgspec.Struct, frozen=True):
    """`what` is same, changed, moved, added or removed; `changed_in` names the languages in which words differ.

    `language` is that of `heading` and `text`. `id` is the article's identity over all versions.
    """

    id: str
    what: str
    number_before: str | None
    number: str | None
    changed_in: list[str]
    language: str
    chapter: list[PieceOut]
    heading: list[PieceOut]
    text: list[PieceOut]


class ComparisonOut(msgspec.Struct, frozen=True):
    draft: str
    old: int
    new: int
    published_at: dt.datetime
    reason: dict[str, str]
    authentic_language: str
    counts: dict[str, int]
    preamble: list[PieceOut]
    articles: list[ArticleComparedOut]


@get("/api/v1/drafts/{slug:str}/comparison", include_in_schema=True, tags=["drafts"])
async def get_comparison(
    slug: FromPath[str], old: Old = None, new: New = None, language: Spoken = None
) -> ComparisonOut:
    """What changed between two versions, in one language. The earlier version is always taken as the old one."""
    draft = await published_draft(slug)
    spoken = language or draft.authentic_language
    if spoken not in languages():
        raise Invalid([Problem("language", N_("Choose a language of this platform."))])
    pair = chosen(await queries.versions(draft.id), old, new)
    if pair is None:
        raise NotFound
    made = await compared(draft, pair, locale_of(spoken))
    return comparison_out(made, slug=draft.slug, authentic=draft.authentic_language)


def comparison_out(made: Comparison, *, slug: str, authentic: str) -> ComparisonOut:
    return ComparisonOut(
        draft=slug,
        old=made.old.number,
        new=made.new.number,
        published_at=made.new.published_at,
        reason=made.new.reason,
        authentic_language=authentic,
        counts={what.value: count for what, count in made.counts.items()},
        preamble=_pieces(made.preamble),
        articles=[
            ArticleComparedOut(
                id=str(one.change.article.id),
                what=one.change.what.value,
                number_before=one.change.old.number if one.change.old else None,
                number=one.change.new.number if one.change.new else None,
                changed_in=list(one.change.changed_in),
                language=one.language,
                chapter=_pieces(one.chapter),
                heading=_pieces(one.heading),
                text=_pieces(one.body),
            )
            for one in made.articles
        ],
    )


def _pieces(words: Words) -> list[PieceOut]:
    return [PieceOut(piece.kind, piece.text) for piece in words.pieces]


routes = [get_comparison]
