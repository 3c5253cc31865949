"""What changed between two versions, article by article, so that a person can say which comment led to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from consult.drafts.draft import Article
from consult.drafts.versions.comparison import Passage, changed_passages
from consult.i18n import Text, pick


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article with its changed passages in the authentic language; what is "changed", "new" or "removed"."""

    id: UUID
    number: str
    label: Text
    heading: Text
    what: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment that was accepted, at least partly, and may have led to a change."""

    id: UUID
    number: str
    article: UUID | None
    version_number: int
    decision: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """That a comment changed an article, and in which version."""

    version_number: int
    comment_number: str


def changed_articles(old: Sequence[Article], new: Sequence[Article], language: str) -> list[ChangedArticle]:
    """The articles whose words differ, in the order of the new version; those that were left out come last."""
    before = {article.id: article for article in old}
    found = []
    for article in new:
        was = before.pop(article.id, None)
        if was is not None and (was.heading, was.body) == (article.heading, article.body):
            continue
        passages = changed_passages(wording(was, language) if was else "", wording(article, language))
        if passages:
            found.append(_changed(article, "changed" if was else "new", passages))
    for article in before.values():
        found.append(_changed(article, "removed", changed_passages(wording(article, language), "")))
    return found


def origins(kept: Iterable[tuple[UUID, UUID | None]]) -> dict[UUID, set[UUID]]:
    """For each article those that it was split from or merged with, from (article, related) pairs of a version."""
    found: dict[UUID, set[UUID]] = {}
    for article, related in kept:
        if related is not None:
            found.setdefault(article, set()).add(related)
            found.setdefault(related, set()).add(article)
    return found


def wording(article: Article, language: str) -> str:
    """The heading and the words of an article in one language, or in another where that is missing."""
    return f"{pick(article.heading, language)[0]}\n\n{pick(article.body, language)[0]}".strip()


def _changed(article: Article, what: str, passages: tuple[Passage, ...]) -> ChangedArticle:
    return ChangedArticle(article.id, article.number, article.label, article.heading, what, passages)
