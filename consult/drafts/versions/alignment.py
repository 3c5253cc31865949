"""The stretches that two sequences of words have in common, in order. Pure, and fast for tens of thousands of words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_SMALL = 40_000
"""Two stretches whose lengths multiply to at most this go to difflib as they are; longer ones are cut first."""
_ANCHOR_LENGTHS = (6, 3, 1)


def matches(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int, int]]:
    """Stretches that both have, in order, as (start in first, start in second, length).

    difflib alone takes minutes for long texts. Stretches of six words, then three, then single words that occur once
    on each side are fixed first (the longest rising sequence of them); what lies between is small enough for difflib.
    """
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(first), 0, len(second), 0)]
    while waiting:
        start, end, begin, stop, level = waiting.pop()
        head = _common(first, second, start, end, begin, stop)
        if head:
            found.append((start, begin, head))
            start, begin = start + head, begin + head
        tail = _common_end(first, second, start, end, begin, stop)
        if tail:
            end, stop = end - tail, stop - tail
            found.append((end, stop, tail))
        if start == end or begin == stop:
            continue
        if (end - start) * (stop - begin) <= _SMALL or level == len(_ANCHOR_LENGTHS):
            matcher = SequenceMatcher(
                None, first[start:end], second[begin:stop], autojunk=level == len(_ANCHOR_LENGTHS)
            )
            found += [(start + a, begin + b, size) for a, b, size in matcher.get_matching_blocks() if size]
            continue
        anchors = _anchors(first, second, (start, end, begin, stop), _ANCHOR_LENGTHS[level])
        at, there = start, begin
        for one, other in anchors:
            waiting.append((at, one, there, other, level))
            at, there = one, other
        waiting.append((at, end, there, stop, level if anchors else level + 1))
    return _in_order(found)


def _common(first: Sequence[str], second: Sequence[str], start: int, end: int, begin: int, stop: int) -> int:
    size = 0
    most = min(end - start, stop - begin)
    while size < most and first[start + size] == second[begin + size]:
        size += 1
    return size


def _common_end(first: Sequence[str], second: Sequence[str], start: int, end: int, begin: int, stop: int) -> int:
    size = 0
    most = min(end - start, stop - begin)
    while size < most and first[end - 1 - size] == second[stop - 1 - size]:
        size += 1
    return size


def _anchors(
    first: Sequence[str], second: Sequence[str], span: tuple[int, int, int, int], length: int
) -> list[tuple[int, int]]:
    """Places of word sequences that each side has exactly once, the longest choice of them that rises on both sides."""
    start, end, begin, stop = span
    ours = _once(first, start, end, length)
    theirs = _once(second, begin, stop, length)
    pairs = [(place, theirs[words]) for words, place in ours.items() if words in theirs]
    tails: list[int] = []
    last: list[int] = []
    previous: list[int] = []
    for index, (_, other) in enumerate(pairs):
        at = bisect_left(tails, other)
        previous.append(last[at - 1] if at else -1)
        if at == len(tails):
            tails.append(other)
            last.append(index)
        else:
            tails[at] = other
            last[at] = index
    chosen = []
    index = last[-1] if last else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = previous[index]
    return chosen[::-1]


def _once(words: Sequence[str], start: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    """Where each sequence that occurs once begins, in order of place."""
    spans = [tuple(words[at : at + length]) for at in range(start, end - length + 1)]
    counts = Counter(spans)
    return {span: start + index for index, span in enumerate(spans) if counts[span] == 1}


def _in_order(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Sorted, neighbours joined."""
    joined: list[tuple[int, int, int]] = []
    for start, begin, size in sorted(found):
        if joined and joined[-1][0] + joined[-1][2] == start and joined[-1][1] + joined[-1][2] == begin:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + size)
        else:
            joined.append((start, begin, size))
    return joined
