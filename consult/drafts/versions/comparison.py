"""Two wordings beside each other, word by word. Pure, and fast enough for an article of 30,000 words.

    compare("Within 10 days.", "Within 15 working days.")
        same "Within", deleted " 10", inserted " 15 working", same " days."

Words are compared as they are written: case, signs and numbers count, the width of blanks and where lines are wrapped
do not. An empty line, or a line that begins with "(2) ", begins a paragraph, and that counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from consult.drafts.versions.alignment import matches
from consult.textmatch.letters import WORD

Kind = Literal["same", "inserted", "deleted"]

BREAK = "\n\n"
SHORT_STRETCH = 3
"""So many unchanged words between two longer changes are shown as changed with them: that reads better than scraps."""
CONTEXT_WORDS = 12
ALIKE = 0.5
"""Paragraphs that share less are not set against each other."""
_PARAGRAPH = re.compile(r"\s*\n\s*(?:\n\s*|(?=\(\d+[a-zа-шѓѕјљњќџა-ჰ]?\)\s))")
_TOKEN = re.compile(rf"\n\n| ?(?:\(\d+[a-zа-шѓѕјљњќџა-ჰ]?\)|{WORD.pattern}|\S)")
_MOST_PAIRS = 900


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. The same and the deleted pieces together are the old text, same and inserted the new one.

    A piece begins with its blank where there is one. A paragraph begins after an empty line, within a piece or as one.
    """

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One change with some unchanged words on either side. deleted or inserted may be empty, never both.

    start and end say where the inserted words stand in `plain(new)`; where words were only deleted they are equal.
    """

    before: str
    deleted: str
    inserted: str
    after: str
    start: int
    end: int


def plain(text: str) -> str:
    """A text as it is compared: composed letters, single blanks, one empty line between paragraphs."""
    parts = _PARAGRAPH.split(unicodedata.normalize("NFC", text).strip())
    return BREAK.join(" ".join(part.split()) for part in parts if part.strip())


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """What stayed, what was deleted, what was inserted, in reading order; a deletion stands before what replaces it.

    Paragraphs that are equal stay, those that are alike are compared by words, and the others come or go as a whole;
    where fewer words differ if paragraphs are taken together (one was divided), that is shown instead.
    """
    first, second = _paragraphs(old), _paragraphs(new)
    runs: list[_Run] = []
    at = there = 0
    for start, begin, size in [*matches(_joined(first), _joined(second)), (len(first), len(second), 0)]:
        runs += _between(first[at:start], second[there:begin])
        for ours, theirs in zip(first[start : start + size], second[begin : begin + size], strict=True):
            runs += _runs(ours, theirs)
        at, there = start + size, begin + size
    return tuple(_pieces(_without_scraps([_slid(run, runs, index) for index, run in enumerate(runs)])))


def likeness(old: str, new: str) -> float:
    """How many of their words two texts share in the same order, 0 to 1. Clearly less than ALIKE counts as 0."""
    return _likeness(_words(old), _words(new))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_keys(_TOKEN.findall(plain(text))))


def _likeness(first: Sequence[str], second: Sequence[str]) -> float:
    total = len(first) + len(second)
    if 2 * (Counter(first) & Counter(second)).total() < ALIKE * total:
        return 0.0
    return 2 * sum(size for _, _, size in matches(first, second)) / total if total else 1.0


def changed_passages(old: str, new: str) -> tuple[Passage, ...]:
    """The changes of a text one by one, each with its surroundings in the new text."""
    pieces = compare(old, new)
    text = plain(new)
    found = []
    at = 0
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        parts = list(group)
        inserted = "".join(part.text for part in parts if part.kind == "inserted")
        if is_same:
            at += sum(len(part.text) for part in parts)
            continue
        end = at + len(inserted)
        start = end - len(inserted.lstrip())
        deleted = "".join(part.text for part in parts if part.kind == "deleted")
        found.append(
            Passage(
                before=_last_words(text[:at]),
                deleted=deleted.strip(),
                inserted=inserted.strip(),
                after=_first_words(text[end:]),
                start=start,
                end=end,
            )
        )
        at = end
    return tuple(found)


def _last_words(text: str) -> str:
    return " ".join(text.rpartition(BREAK)[2].split()[-CONTEXT_WORDS:])


def _first_words(text: str) -> str:
    return " ".join(text.partition(BREAK)[0].split()[:CONTEXT_WORDS])


def _paragraphs(text: str) -> list[list[str]]:
    """The tokens of each paragraph; all but the first begin with the break."""
    parts = plain(text).split(BREAK)
    return [[BREAK] * bool(index) + _TOKEN.findall(part) for index, part in enumerate(parts) if part]


def _joined(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    return ["".join(tokens).strip() for tokens in paragraphs]


def _between(first: Sequence[list[str]], second: Sequence[list[str]]) -> list[_Run]:
    """The paragraphs between two equal ones, in the better of two ways."""
    together = list(_runs([token for part in first for token in part], [token for part in second for token in part]))
    if len(first) * len(second) in {0, 1} or len(first) * len(second) > _MOST_PAIRS:
        return together
    apart: list[_Run] = []
    at = there = 0
    for one, other in [*_alike(first, second), (len(first), len(second))]:
        apart += [_Run([], part, []) for part in first[at:one]]
        apart += [_Run([], [], part) for part in second[there:other]]
        if one < len(first):
            apart += _runs(first[one], second[other])
        at, there = one + 1, other + 1
    return apart if _changed(apart) * 2 <= _changed(together) * 3 else together


def _alike(first: Sequence[list[str]], second: Sequence[list[str]]) -> list[tuple[int, int]]:
    """Pairs of paragraphs that are alike, in order on both sides, with as much likeness as possible in all."""
    best = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    alike = [[_likeness(_keys(one), _keys(other)) for other in second] for one in first]
    for one in reversed(range(len(first))):
        for other in reversed(range(len(second))):
            paired = best[one + 1][other + 1] + alike[one][other] if alike[one][other] >= ALIKE else 0.0
            best[one][other] = max(paired, best[one + 1][other], best[one][other + 1])
    pairs = []
    one = other = 0
    while one < len(first) and other < len(second):
        if best[one][other] == best[one + 1][other]:
            one += 1
        elif best[one][other] == best[one][other + 1]:
            other += 1
        else:
            pairs.append((one, other))
            one, other = one + 1, other + 1
    return pairs


def _changed(runs: Iterable[_Run]) -> int:
    return sum(_length(run.deleted) + _length(run.inserted) for run in runs)


def _keys(tokens: Sequence[str]) -> list[str]:
    return [token if token == BREAK else token.strip() for token in tokens]


@dataclass(slots=True)
class _Run:
    """Tokens in a row: kept where both texts have them (as the new one spells them), else what each has there."""

    kept: list[str]
    deleted: list[str]
    inserted: list[str]


def _runs(first: Sequence[str], second: Sequence[str]) -> Iterator[_Run]:
    """Changes and kept stretches by turns."""
    at_first = at_second = 0
    for start, begin, size in [*matches(_keys(first), _keys(second)), (len(first), len(second), 0)]:
        if start > at_first or begin > at_second:
            yield _Run([], list(first[at_first:start]), list(second[at_second:begin]))
        if size:
            yield _Run(list(second[begin : begin + size]), [], [])
        at_first, at_second = start + size, begin + size


def _slid(run: _Run, runs: Sequence[_Run], index: int) -> _Run:
    """Words that only came or only went begin with their paragraph if they can be cut so: ". ¶ y" + "." is "¶ y."."""
    after = runs[index + 1] if index + 1 < len(runs) else None
    tokens = run.deleted or run.inserted
    if run.kept or (run.deleted and run.inserted) or after is None or BREAK not in tokens:
        return run
    size = tokens.index(BREAK)
    if size and after.kept[:size] == tokens[:size] and index and runs[index - 1].kept:
        runs[index - 1].kept.extend(tokens[:size])
        del after.kept[:size]
        tokens.extend(tokens[:size])
        del tokens[:size]
    return run


def _without_scraps(runs: list[_Run]) -> list[_Run]:
    """Join changes that only a few kept words divide, where both changes are longer than what divides them."""
    joined: list[_Run] = []
    for index, run in enumerate(runs):
        is_scrap = (
            run.kept
            and joined
            and index + 1 < len(runs)
            and not joined[-1].kept
            and _is_scrap(run.kept, joined[-1], runs[index + 1])
        )
        if is_scrap:
            joined[-1].deleted += run.kept
            joined[-1].inserted += run.kept
        elif not run.kept and joined and not joined[-1].kept:
            joined[-1].deleted += run.deleted
            joined[-1].inserted += run.inserted
        else:
            joined.append(run)
    return joined


def _is_scrap(kept: Sequence[str], before: _Run, after: _Run) -> bool:
    words = sum(token.strip().isalnum() for token in kept)
    if words > SHORT_STRETCH or BREAK in kept:
        return False
    letters = _length(kept)
    return all(_length(run.deleted) >= letters and _length(run.inserted) >= letters for run in (before, after))


def _length(tokens: Sequence[str]) -> int:
    return sum(map(len, tokens))


def _pieces(runs: Sequence[_Run]) -> Iterator[Piece]:
    parts = [(kind, "".join(tokens)) for run in runs for kind, tokens in _sides(run) if tokens]
    for kind, group in groupby(parts, key=lambda part: part[0]):
        yield Piece(kind, "".join(text for _, text in group))


def _sides(run: _Run) -> tuple[tuple[Kind, list[str]], ...]:
    return ("same", run.kept), ("deleted", run.deleted), ("inserted", run.inserted)
