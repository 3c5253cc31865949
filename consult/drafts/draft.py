"""A draft regulation, its versions and its articles, as records. The decision who may comment and when is made here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from consult.consultations.consultation import Consultation
from consult.drafts.answers.answer import Answer
from consult.drafts.comments.comment import Comment, Moderation
from consult.drafts.markup import to_html
from consult.i18n import Text, pick

__all__ = ["Answer", "Article", "Comment", "Draft", "DraftVersion", "Reading", "Rendered", "WorkingCopy"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Markdown text as HTML, with the language it is in: another one than asked for where that is missing."""

    html: Markup
    language: str


def rendered(text: Text, language: str, order: Iterable[str], first_heading: int = 3) -> Rendered:
    words, spoken = pick(text, language, order)
    return Rendered(to_html(words, first_heading=first_heading), spoken)


@dataclass(frozen=True, slots=True)
class Draft:
    """version_number and published_at are those of the newest version, None while there is none."""

    id: UUID
    slug: str
    consultation: Consultation | None
    title: Text
    summary: Text
    authentic_language: str
    moderation: Moderation
    closes_at: datetime | None
    is_demo: bool
    version_number: int | None
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """The public sees a draft that has a version and whose consultation, if it has one, is public."""
        return self.version_number is not None and (self.consultation is None or self.consultation.is_public)

    def takes_comments(self, now: datetime) -> bool:
        if not self.is_published:
            return False
        if self.consultation is not None:
            return self.consultation.is_open(now)
        return self.closes_at is None or now < self.closes_at

    @property
    def comments_end(self) -> datetime | None:
        return self.consultation.closes_at if self.consultation else self.closes_at


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """A published version; its texts never change."""

    id: UUID
    number: int
    preamble: Text
    memorandum: Text
    reason: Text
    published_at: datetime

    def preamble_in(self, language: str, order: Iterable[str] = ()) -> Rendered:
        return rendered(self.preamble, language, order)

    def memorandum_in(self, language: str, order: Iterable[str] = ()) -> Rendered:
        return rendered(self.memorandum, language, order)


@dataclass(frozen=True, slots=True)
class Article:
    """The words of one article in one version. id is the article's identity over all versions.

    number is written as in addresses ("12-a"), label as each language writes it ("12-а"); chapter is filled where the
    article begins a chapter.
    """

    id: UUID
    position: int
    number: str
    label: Text
    chapter: Text
    heading: Text
    body: Text
    plain_words: Text

    @property
    def anchor(self) -> str:
        return f"article-{self.number}"

    def body_in(self, language: str, order: Iterable[str] = ()) -> Rendered:
        return rendered(self.body, language, order)


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """What staff write: Markdown by language, the only text of a draft that may change."""

    texts: Text
    memorandum: Text
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """All a reading page needs. comments holds the newest few of each article; the key None is the whole draft."""

    draft: Draft
    version: DraftVersion
    articles: tuple[Article, ...]
    comments: dict[UUID | None, tuple[Comment, ...]]
    counts: dict[UUID | None, int]
    versions: tuple[int, ...]

    @property
    def total_comments(self) -> int:
        return sum(self.counts.values())
