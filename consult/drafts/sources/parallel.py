"""The languages of a version side by side, article by article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from consult.drafts.draft import Article, DraftVersion
from consult.drafts.markup import to_html
from consult.drafts.regulation import ARTICLE_WORDS, article_key
from consult.i18n import Text
from consult.storage import Slice

MOST_LANGUAGES = 3
ON_A_PAGE = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """What one language says; html is "" where it has no text."""

    language: str
    name: str
    heading: str
    html: str


@dataclass(frozen=True, slots=True)
class Row:
    """One article, or the words before the first one, where article is None."""

    article: Article | None
    cells: tuple[Cell, ...]


def chosen(wanted: Sequence[str], written: Sequence[str], authentic: str, shown: str) -> tuple[str, ...]:
    """At most three languages of the text: the authentic one first, then the page's, then the others."""
    asked = [language for language in wanted if language in written]
    order = [authentic, shown, *written]
    known = [language for language in dict.fromkeys(order) if language in written]
    if asked:
        known = [language for language in known if language in asked]
    return tuple(known[:MOST_LANGUAGES])


def written_languages(version: DraftVersion, articles: Iterable[Article], order: Sequence[str]) -> tuple[str, ...]:
    """The languages of a version, in the order of the municipality."""
    found = set(version.preamble) | {language for article in articles for language in article.label}
    return tuple(language for language in order if language in found) + tuple(sorted(found - set(order)))


def place_of(articles: Sequence[Article], asked: str) -> int | None:
    """Where an article stands, counted from 0, whatever language its number is written in; None if there is none."""
    wanted = {asked.strip().lower()}
    with suppress(ValueError):
        wanted.add(article_key(asked.strip()))
    return next((place for place, article in enumerate(articles) if article.number in wanted), None)


def rows(
    version: DraftVersion, articles: Sequence[Article], languages: Sequence[str], number: int
) -> tuple[tuple[Row, ...], Slice[Article]]:
    """One page; the first one begins with the preamble."""
    start = (number - 1) * ON_A_PAGE
    part = list(articles[start : start + ON_A_PAGE])
    found = [Row(article, tuple(_cell(article, language) for language in languages)) for article in part]
    if number == 1 and any(version.preamble.values()):
        found.insert(0, Row(None, tuple(_words(version.preamble, language) for language in languages)))
    return tuple(found), Slice(part, number, len(articles), ON_A_PAGE)


def _name(label: str, language: str) -> str:
    """As the language itself says it: an annex has its own word already."""
    return f"{ARTICLE_WORDS.get(language, 'Article')} {label}" if label[:1].isdigit() else label


def _words(text: Text, language: str) -> Cell:
    return Cell(language, "", "", to_html(text.get(language, "")))


def _cell(article: Article, language: str) -> Cell:
    return Cell(
        language,
        _name(article.label.get(language, ""), language),
        article.heading.get(language, ""),
        to_html(article.body.get(language, ""), first_heading=4),
    )
