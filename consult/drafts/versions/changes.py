"""Which article became which between two versions. Pure: an article is the same one where its identity is the same.

same      not a word differs, and it stands where it stood
changed   its words differ in at least one language that both versions have
moved     it has another number, or the order of the articles was changed around it; its words may differ too
added     the version before had no such article
removed   the new version has it no more
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from consult.drafts.draft import Article
from consult.drafts.regulation import AlignedArticle
from consult.i18n import Text


class What(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article. changed_in names the languages in which its words differ; both sides have them."""

    what: What
    old: Article | None
    new: Article | None
    changed_in: tuple[str, ...] = ()

    @property
    def article(self) -> Article:
        """As it stands now, or as it last stood."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change without an article")
        return found

    @property
    def anchor(self) -> str:
        return f"article-{self.new.number}" if self.new else f"removed-{self.article.number}"

    @property
    def is_renumbered(self) -> bool:
        return self.old is not None and self.new is not None and self.old.number != self.new.number


def changes(old: Sequence[Article], new: Sequence[Article]) -> tuple[Change, ...]:
    """All articles of both versions in the order of the new one; a removed one stands after its former neighbour."""
    before = {article.id: article for article in old}
    steady = _steady([(article.id, article.position) for article in new if article.id in before], before)
    now = {article.id for article in new}
    gone: dict[UUID | None, list[Change]] = {}
    neighbour: UUID | None = None
    for article in old:
        if article.id in now:
            neighbour = article.id
        else:
            gone.setdefault(neighbour, []).append(Change(What.REMOVED, article, None))
    made = gone.pop(None, [])
    for article in new:
        made.append(_change(before.get(article.id), article, is_steady=article.id in steady))
        made += gone.get(article.id, [])
    return tuple(made)


def counts(made: Sequence[Change]) -> dict[What, int]:
    """How many articles each thing happened to; every kind is there."""
    found = Counter(change.what for change in made)
    return {what: found[what] for what in What}


def differing_languages(old: Article, new: Article | AlignedArticle) -> tuple[str, ...]:
    """The languages both are written in whose heading or text differs."""
    return tuple(
        sorted(
            language
            for language in old.label.keys() & new.label.keys()
            if _in(old.heading, language) != _in(new.heading, language)
            or _in(old.body, language) != _in(new.body, language)
        )
    )


def _in(text: Text, language: str) -> list[str]:
    return text.get(language, "").split()


def _change(old: Article | None, new: Article, *, is_steady: bool) -> Change:
    if old is None:
        return Change(What.ADDED, None, new)
    differing = differing_languages(old, new)
    if old.number != new.number or not is_steady:
        return Change(What.MOVED, old, new, differing)
    return Change(What.CHANGED if differing else What.SAME, old, new, differing)


def _steady(continued: Sequence[tuple[UUID, int]], before: dict[UUID, Article]) -> set[UUID]:
    """The most articles that kept their order among each other (the longest rising sequence of old positions)."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (identity, _) in enumerate(continued):
        position = before[identity].position
        at = bisect_left(tails, position)
        previous.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [position]
        ends[at : at + 1] = [index]
    kept = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(continued[index][0])
        index = previous[index]
    return kept
