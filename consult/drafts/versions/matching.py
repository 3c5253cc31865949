"""Proposing which old article each new one continues. Pure; staff correct and confirm what it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

from consult.drafts.regulation import AlignedArticle
from consult.drafts.versions.comparison import likeness, plain
from consult.i18n import pick

SAME_TEXT = 0.6
TAKEN = 0.6
"""A new article of which so many word pairs stood in an old one was taken out of it; in reverse, it went into it."""
CANDIDATES = 6
COMMON = 25
"""A pair of words that stands in more articles than this says nothing about which one continues which."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of the version before, in the authentic language."""

    id: UUID
    number: str
    heading: str
    body: str


def match(known: Sequence[KnownArticle], articles: Sequence[AlignedArticle], authentic: str) -> list[UUID | None]:
    """Say for each new article which known one it continues; None is a new article.

    First come articles with equal words, then those with the same number and similar words. What is left is paired by
    similarity, the most similar first and only above SAME_TEXT: an article that was renumbered keeps its comments, an
    unlike one never inherits them. Last, the same number with the same heading is the same article rewritten.
    """
    state = _Matching(known, articles, authentic)
    state.equal()
    state.same_number()
    state.similar()
    state.rewritten()
    return state.found


class Neighbours:
    """Texts by the pairs of neighbouring words they hold, to find those that share many with another."""

    def __init__(self, texts: Mapping[UUID, str]) -> None:
        self.places: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for identity, text in texts.items():
            for pair in _pairs(text):
                self.places[pair].append(identity)

    def shared(self, text: str) -> list[tuple[UUID, float]]:
        """The texts that share the most with this one, the best first, each with the share of this one's pairs."""
        pairs = _pairs(text)
        votes: Counter[UUID] = Counter()
        for pair in pairs:
            holders = self.places.get(pair, ())
            if len(holders) <= COMMON:
                votes.update(holders)
        best = votes.most_common(CANDIDATES)
        return [(identity, count / len(pairs)) for identity, count in best if 2 * count >= best[0][1]]

    def holder(self, text: str) -> UUID | None:
        """The text in which most of this one stands."""
        best = self.shared(text)[:1]
        return best[0][0] if best and best[0][1] >= TAKEN else None


class _Matching:
    def __init__(self, known: Sequence[KnownArticle], articles: Sequence[AlignedArticle], authentic: str) -> None:
        self.known = {old.id: old for old in known}
        self.articles = articles
        self.old = {old.id: f"{old.heading}\n{old.body}" for old in known}
        self.new = [_words_of(article, authentic) for article in articles]
        self.headings = [pick(article.heading, authentic)[0] for article in articles]
        self.found: list[UUID | None] = [None] * len(articles)
        self.left = dict(self.known)

    def pair(self, index: int, old: UUID) -> None:
        self.found[index] = old
        del self.left[old]

    def open(self) -> list[int]:
        return [index for index, old in enumerate(self.found) if old is None]

    def equal(self) -> None:
        """Equal words: under the same number, or where only one article on each side has them."""
        old: dict[str, list[UUID]] = defaultdict(list)
        new: dict[str, list[int]] = defaultdict(list)
        for identity, text in self.old.items():
            old[plain(text)].append(identity)
        for index, text in enumerate(self.new):
            new[plain(text)].append(index)
        for text, places in new.items():
            for index in places:
                number = self.articles[index].number
                same = [one for one in old[text] if one in self.left and self.known[one].number == number]
                if same:
                    self.pair(index, same[0])
            if len(places) == len(old[text]) == 1 and self.found[places[0]] is None:
                self.pair(places[0], old[text][0])

    def same_number(self) -> None:
        by_number = {old.number: old.id for old in self.left.values()}
        for index in self.open():
            old = by_number.get(self.articles[index].number)
            if old is not None and likeness(self.old[old], self.new[index]) >= SAME_TEXT:
                self.pair(index, old)

    def similar(self) -> None:
        neighbours = Neighbours({old: self.old[old] for old in self.left})
        pairs = sorted(
            (
                (likeness(self.old[old], self.new[index]), -index, old)
                for index in self.open()
                for old, _ in neighbours.shared(self.new[index])
            ),
            reverse=True,
            key=lambda pair: pair[:2],
        )
        for alike, negative, old in pairs:
            if alike >= SAME_TEXT and self.found[-negative] is None and old in self.left:
                self.pair(-negative, old)

    def rewritten(self) -> None:
        by_name = {(old.number, old.heading): old.id for old in self.left.values() if old.heading}
        for index in self.open():
            old = by_name.get((self.articles[index].number, self.headings[index]))
            if old is not None:
                self.pair(index, old)


def _words_of(article: AlignedArticle, authentic: str) -> str:
    return f"{pick(article.heading, authentic)[0]}\n{pick(article.body, authentic)[0]}"


@lru_cache(maxsize=2048)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = plain(text).split()
    return frozenset(pairwise(words)) or frozenset((word, "") for word in words)
