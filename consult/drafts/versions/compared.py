"""Two versions of a draft in one language, ready to be shown: on the page, as PDF, in the terminal, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from consult.drafts.draft import Article, DraftVersion
from consult.drafts.versions.changes import Change, What, changes, counts
from consult.drafts.versions.comparison import Piece, compare
from consult.drafts.versions.words import words_of
from consult.i18n import Text, pick

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What differs in one text, in the language that is shown."""

    pieces: Pieces

    @property
    def differ(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Compared:
    """One article: what became of it, and its chapter's title, its heading and its text word by word.

    language is the one the words are in: the authentic one where there is no translation.
    """

    change: Change
    language: str
    chapter: Words
    heading: Words
    body: Words

    @property
    def is_folded(self) -> bool:
        """Whether no word differs here in this language; a new number alone is told in a line."""
        kept = self.change.what in {What.SAME, What.MOVED}
        return kept and not (self.heading.differ or self.body.differ or self.chapter.differ)

    @property
    def is_only_translation(self) -> bool:
        return bool(self.change.changed_in) and not (self.heading.differ or self.body.differ)


@dataclass(frozen=True, slots=True)
class Comparison:
    old: DraftVersion
    new: DraftVersion
    preamble: Words
    preamble_language: str
    articles: tuple[Compared, ...]
    counts: dict[What, int]

    @property
    def blocks(self) -> list[tuple[bool, tuple[Compared, ...]]]:
        """The articles in their order; those in a row in which no word differs are one block, marked by True."""
        return [(folded, tuple(group)) for folded, group in groupby(self.articles, key=lambda one: one.is_folded)]

    @property
    def is_without_change(self) -> bool:
        return not self.preamble.differ and all(one.change.what is What.SAME and one.is_folded for one in self.articles)


def comparison(
    old: DraftVersion,
    new: DraftVersion,
    articles: tuple[Sequence[Article], Sequence[Article]],
    *,
    language: str,
    order: Iterable[str],
) -> Comparison:
    """Compare two versions with their articles (old, new). order: the languages to fall back to, the best first."""
    order = tuple(order)
    made = changes(*articles)
    compared = compared_articles(made, language, order)
    spoken = _common_language(old.preamble, new.preamble, language, order)
    preamble = _words(old.preamble, new.preamble, spoken)
    return Comparison(old, new, preamble, spoken, compared, counts(made))


def compared_articles(made: Iterable[Change], language: str, order: Sequence[str]) -> tuple[Compared, ...]:
    return tuple(_compared(change, language, order) for change in made)


def _compared(change: Change, language: str, order: Sequence[str]) -> Compared:
    nothing: Text = {}
    old, new = change.old, change.new
    spoken = _common_language(old.body if old else nothing, new.body if new else nothing, language, order)
    return Compared(
        change,
        spoken,
        chapter=_words(old.chapter if old else nothing, new.chapter if new else nothing, spoken),
        heading=_words(old.heading if old else nothing, new.heading if new else nothing, spoken),
        body=_words(old.body if old else nothing, new.body if new else nothing, spoken),
    )


def _common_language(old: Text, new: Text, language: str, order: Sequence[str]) -> str:
    """The language both wordings are in, the asked one if possible. A translation that is new is no change of words."""
    sides = [text for text in (old, new) if text]
    for each in (language, *order):
        if sides and all(text.get(each) for text in sides):
            return each
    return pick(new or old, language, order)[1]


def _words(old: Text, new: Text, language: str) -> Words:
    return Words(compared_words(old.get(language, ""), new.get(language, "")))


def compared_words(old: str, new: str) -> Pieces:
    """Compare two Markdown texts by their words; what was not touched costs nothing but its own words."""
    if old == new:
        words = words_of(new)
        return (Piece("same", words),) if words else ()
    return compare(words_of(old), words_of(new))
