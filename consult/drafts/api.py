"""Draft regulations and their published comments as JSON, read only. No e-mail address is ever in it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from consult.drafts import queries
from consult.drafts.answers.api import AnswerOut, answer_out
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.draft import Article, Draft
from consult.drafts.sources import queries as sources
from consult.drafts.sources.document import Attached
from consult.errors import NotFound

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=100_000, description="Counted from 1.")]
PageSize = Annotated[int, QueryParameter(name="size", ge=1, le=100, description="Items on a page.")]
VersionNumber = Annotated[
    int | None, QueryParameter(name="version", ge=1, le=10_000, description="The newest where it is missing.")
]


class ArticleOut(msgspec.Struct, frozen=True):
    """`id` stays the same over all versions; `number` is written alike in all languages; `body` is Markdown."""

    id: str
    number: str
    position: int
    label: dict[str, str]
    chapter: dict[str, str]
    heading: dict[str, str]
    body: dict[str, str]
    plain_words: dict[str, str]
    comments: int


class AttachmentOut(msgspec.Struct, frozen=True):
    """A file published beside a version; `language` is missing where it is for all, `url` leads to the file."""

    title: dict[str, str]
    kind: str
    language: str | None
    media_type: str
    size: int
    url: str


class DraftOut(msgspec.Struct, frozen=True):
    slug: str
    consultation: str | None
    title: dict[str, str]
    summary: dict[str, str]
    authentic_language: str
    takes_comments: bool
    version: int
    versions: list[int]
    published_at: dt.datetime
    reason: dict[str, str]
    preamble: dict[str, str]
    memorandum: dict[str, str]
    legal_basis: dict[str, str]
    attachments: list[AttachmentOut]
    articles: list[ArticleOut]
    comments: int
    is_demo: bool


class DraftLine(msgspec.Struct, frozen=True):
    slug: str
    consultation: str | None
    title: dict[str, str]
    summary: dict[str, str]
    version: int | None
    published_at: dt.datetime | None
    takes_comments: bool
    is_demo: bool


class CommentOut(msgspec.Struct, frozen=True):
    """A published comment in the language it was written in; `article` is missing where it is on the whole draft.

    `quote` are words of the article in `version`; `reply_to` is the number of another comment; `supports` counts
    browsers and confirmed addresses; `channel` is web, letter, phone, counter or forum.
    """

    number: str
    article: str | None
    version: int
    language: str
    kind: str
    text: str
    name: str
    published_at: dt.datetime | None
    is_erased: bool
    answer: AnswerOut | None
    quote: str
    reply_to: str | None
    supports: int
    channel: str


class DraftPage(msgspec.Struct, frozen=True):
    items: list[DraftLine]
    page: int
    size: int
    total: int


class CommentPage(msgspec.Struct, frozen=True):
    items: list[CommentOut]
    page: int
    size: int
    total: int


@get("/api/v1/drafts", include_in_schema=True, tags=["drafts"])
async def list_drafts(now: NamedDependency[dt.datetime], page: PageNumber = 1, size: PageSize = 50) -> DraftPage:
    """All published draft regulations, the newest version first."""
    found = await queries.published_drafts()
    items = [_line(draft, now) for draft in found[(page - 1) * size : page * size]]
    return DraftPage(items, page, size, len(found))


@get("/api/v1/drafts/{slug:str}", include_in_schema=True, tags=["drafts"])
async def get_draft(slug: FromPath[str], now: NamedDependency[dt.datetime], version: VersionNumber = None) -> DraftOut:
    """One draft with all articles of a version."""
    reading = await queries.reading(slug, now, version)
    if reading is None:
        raise NotFound
    draft = reading.draft
    beside = await sources.of_version(reading.version.id)
    return DraftOut(
        slug=draft.slug,
        consultation=draft.consultation.slug if draft.consultation else None,
        title=draft.title,
        summary=draft.summary,
        authentic_language=draft.authentic_language,
        takes_comments=draft.takes_comments(now),
        version=reading.version.number,
        versions=list(reading.versions),
        published_at=reading.version.published_at,
        reason=reading.version.reason,
        preamble=reading.version.preamble,
        memorandum=reading.version.memorandum,
        legal_basis=beside.legal_basis,
        attachments=[_attachment(draft, one) for one in beside.files],
        articles=[_article(article, reading.counts.get(article.id, 0)) for article in reading.articles],
        comments=reading.total_comments,
        is_demo=draft.is_demo,
    )


def _attachment(draft: Draft, one: Attached) -> AttachmentOut:
    url = f"/{one.language or draft.authentic_language}/drafts/{draft.slug}/files/{one.id}"
    return AttachmentOut(one.title, one.kind, one.language or None, one.media_type, one.size, url)


@get("/api/v1/drafts/{slug:str}/comments", include_in_schema=True, tags=["drafts"])
async def list_comments(slug: FromPath[str], page: PageNumber = 1, size: PageSize = 50) -> CommentPage:
    """The published comments of a draft with the released answers, the newest first."""
    draft = await queries.draft(slug)
    if draft is None or not draft.is_published:
        raise NotFound
    found = await comments.comments_and_replies(draft.id, number=page, size=size)
    return CommentPage([_comment(one) for one in found.items], page, size, found.total)


def _line(draft: Draft, now: dt.datetime) -> DraftLine:
    return DraftLine(
        slug=draft.slug,
        consultation=draft.consultation.slug if draft.consultation else None,
        title=draft.title,
        summary=draft.summary,
        version=draft.version_number,
        published_at=draft.published_at,
        takes_comments=draft.takes_comments(now),
        is_demo=draft.is_demo,
    )


def _article(article: Article, count: int) -> ArticleOut:
    return ArticleOut(
        id=str(article.id),
        number=article.number,
        position=article.position,
        label=article.label,
        chapter=article.chapter,
        heading=article.heading,
        body=article.body,
        plain_words=article.plain_words,
        comments=count,
    )


def _comment(comment: Comment) -> CommentOut:
    answer = comment.released_answer
    return CommentOut(
        number=comment.number,
        article=comment.article_number,
        version=comment.version_number,
        language=comment.language,
        kind=comment.kind.value,
        text=comment.public_text,
        name=comment.name,
        published_at=comment.published_at,
        is_erased=comment.is_erased,
        answer=answer_out(answer) if answer else None,
        quote=comment.quote,
        reply_to=comment.reply_to_number or None,
        supports=comment.supports,
        channel=comment.channel.value,
    )


routes = [list_drafts, get_draft, list_comments]
