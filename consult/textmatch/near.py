"""Groups of equal and near-equal texts, among tens of thousands, in bounded time and memory.

Equal are texts with equal keys. Near-equal are two keys that share at least NEAR of their pieces of four letters
(Jaccard index of the sets), or short keys that one letter tells apart (not a figure: 12 and 13 are different answers).

Texts that resemble the most frequent wording of a group form the group; resemblance is not carried on from member to
member, so a group never drifts. Candidates come from MinHash signatures (Broder 1997) in 20 bands of 5, and each is
then compared exactly: a pair at exactly NEAR is overlooked with probability 0.004, one at 0.8 with 0.0004. The hash
functions are fixed and heads are chosen by frequency and then by their own words: the order of texts changes nothing.

Differing words are not judged: `affordable` and `unaffordable` may stand in one group, and difference.py shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.textmatch.distinct import distinct

PIECE = 4
NEAR = 0.75
BANDS, ROWS = 20, 5
DOUBT = 0.15
"""A signature of 100 values tells the index to about 0.043: candidates further below NEAR are not compared."""
SHORTEST_TYPO, LONGEST_TYPO = 5, 40
BLOCK = 2000
MOST_COMPARED = 400_000_000
"""Pieces looked at in all comparisons (some 15 s); beyond them texts stay alone, and Groups.is_complete says so."""

_random = np.random.default_rng(20261122)
_FACTORS = _random.integers(1, 2**63, size=BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _random.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64)
_MIX = tuple(np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5))


@dataclass(frozen=True, slots=True)
class Groups:
    """Of n texts.

    group  (n,) the number of each text's group; groups are numbered by size, then by their heads.
    heads  the key of each group's most frequent wording; every member equals it or resembles it.
    sizes  (g,) how many texts each has; wordings (g,) how many different keys.
    """

    group: NDArray[np.int64]
    heads: tuple[str, ...]
    sizes: NDArray[np.int64]
    wordings: NDArray[np.int64]
    is_complete: bool = True

    def members(self, number: int) -> NDArray[np.int64]:
        """The places of a group's texts."""
        return np.flatnonzero(self.group == number)


def resemblance(first: str, second: str) -> float:
    """The share of pieces that two keys have in common, 0 to 1; two empty keys are the same."""
    if first == second:
        return 1.0
    left, right = (frozenset(_pieces([key])[0].tolist()) for key in (first, second))
    return len(left & right) / len(left | right) if left | right else 0.0


def are_near(first: str, second: str) -> bool:
    """Whether two keys are equal or near-equal; it does not matter which is the first."""
    return first == second or resemblance(first, second) >= NEAR or _one_letter(first, second)


def groups(keys: Sequence[str]) -> Groups:
    """Group texts by their keys (letters.key). Texts without a word form no group with any other."""
    counted: dict[str, int] = {}
    for key in keys:
        counted[key] = counted.get(key, 0) + 1
    ranked = sorted(counted, key=lambda key: (-counted[key], len(key), key))
    head_of, is_complete = _heads([key for key in ranked if key])
    size: dict[str, int] = {}
    wordings: dict[str, int] = {}
    for key, count in counted.items():
        head = head_of.get(key, key)
        size[head] = size.get(head, 0) + count
        wordings[head] = wordings.get(head, 0) + 1
    heads = sorted(size, key=lambda head: (-size[head], head))
    number = {head: place for place, head in enumerate(heads)}
    return Groups(
        group=np.array([number[head_of.get(key, key)] for key in keys], dtype=np.int64),
        heads=tuple(heads),
        sizes=np.array([size[head] for head in heads], dtype=np.int64),
        wordings=np.array([wordings[head] for head in heads], dtype=np.int64),
        is_complete=is_complete,
    )


def _heads(ranked: Sequence[str]) -> tuple[dict[str, str], bool]:
    """Each key's head: the first key of the ranking, not in a group yet, that it equals or resembles."""
    pieces, starts = _sets(ranked)
    buckets = _Buckets(ranked, pieces, starts)
    head_of: dict[str, str] = {}
    is_free = np.ones(len(ranked), dtype=np.bool_)
    compared = 0
    for place, key in enumerate(ranked):
        if not is_free[place]:
            continue
        is_free[place] = False
        head_of[key] = key
        if compared > MOST_COMPARED:
            continue
        found = buckets.like(place, is_free)
        compared += int((starts[found + 1] - starts[found]).sum())
        near = found[_shares(place, found, pieces, starts) >= NEAR]
        typos = [one for one in buckets.one_letter_from(place) if is_free[one] and _one_letter(key, ranked[one])]
        for member in (*near.tolist(), *typos):
            head_of[ranked[member]] = key
            is_free[member] = False
    return head_of, compared <= MOST_COMPARED


def _pieces(keys: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Hashes of all pieces of four letters of the keys with a blank on both sides, and where each key's begin."""
    padded = [f" {key:<{PIECE - 2}} " for key in keys]
    letters = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    ends = np.cumsum(lengths)
    hashed = np.zeros(max(0, len(letters) - PIECE + 1), dtype=np.uint64)
    for place, factor in enumerate(_MIX):
        hashed ^= (letters[place : place + len(hashed)] + np.uint64(1 + place)) * factor
        hashed *= _MIX[0]
        hashed ^= hashed >> np.uint64(29)
    is_inside = np.ones(len(letters), dtype=np.bool_)
    for back in range(1, PIECE):
        is_inside[ends - back] = False  # pieces that would reach into the next text
    starts = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum(lengths - PIECE + 1, out=starts[1:])
    return (hashed[is_inside[: len(hashed)]] >> np.uint64(32)).astype(np.uint32), starts


def _sets(keys: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The pieces of each key, each once and in order."""
    blocks: list[NDArray[np.uint32]] = [np.zeros(0, np.uint32)]
    lengths: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
    for begin in range(0, len(keys), BLOCK):
        pieces, starts = _pieces(keys[begin : begin + BLOCK])
        owner = np.repeat(np.arange(len(starts) - 1, dtype=np.uint64), np.diff(starts))
        unique = distinct((owner << np.uint64(32)) | pieces)
        blocks.append((unique & np.uint64(2**32 - 1)).astype(np.uint32))
        lengths.append(np.bincount((unique >> np.uint64(32)).astype(np.int64), minlength=len(starts) - 1))
    return np.concatenate(blocks), np.cumsum(np.concatenate(lengths))


def _signatures(pieces: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """(n, 100) the least value of each hash function over a text's pieces."""
    n = len(starts) - 1
    made = np.empty((n, BANDS * ROWS), dtype=np.uint32)
    for begin in range(0, n, BLOCK):
        end = min(begin + BLOCK, n)
        part = pieces[starts[begin] : starts[end]].astype(np.uint64)
        offsets = starts[begin:end] - starts[begin]
        for column, (factor, shift) in enumerate(zip(_FACTORS, _SHIFTS, strict=True)):
            values = ((part * factor + shift) >> np.uint64(32)).astype(np.uint32)
            made[begin:end, column] = np.minimum.reduceat(values, offsets)
    return made


class _Buckets:
    """Which texts may resemble which: those that share a band of their signatures, or differ by one letter."""

    def __init__(self, keys: Sequence[str], pieces: NDArray[np.uint32], starts: NDArray[np.int64]) -> None:
        self.keys = keys
        self.signatures = _signatures(pieces, starts)
        self.bands = [self._band(band) for band in range(BANDS)]
        self.typos: dict[str, list[int]] = {}
        for place, key in enumerate(keys):
            for shortened in _shortened(key):
                self.typos.setdefault(shortened, []).append(place)

    def _band(self, band: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The texts in the order of their bucket; of each text the first and last place of its bucket there."""
        part = self.signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        mixed = np.zeros(len(part), dtype=np.uint64)
        for column in range(ROWS):
            mixed = (mixed ^ part[:, column]) * _MIX[1]
            mixed ^= mixed >> np.uint64(31)
        _, bucket, sizes = np.unique(mixed, return_inverse=True, return_counts=True)
        ends = np.cumsum(sizes)
        return np.argsort(bucket, kind="stable"), (ends - sizes)[bucket], ends[bucket]

    def like(self, place: int, is_free: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The free texts that may share enough pieces with one."""
        parts = [
            order[first[place] : last[place]] for order, first, last in self.bands if last[place] - first[place] > 1
        ]
        if not parts:
            return np.zeros(0, dtype=np.int64)
        found = distinct(np.concatenate(parts))
        found = found[is_free[found]]
        alike = (self.signatures[found] == self.signatures[place]).mean(axis=1)
        likely: NDArray[np.int64] = found[alike >= NEAR - DOUBT]
        return likely

    def one_letter_from(self, place: int) -> Iterable[int]:
        return sorted(
            {other for short in _shortened(self.keys[place]) for other in self.typos[short] if other != place}
        )


def _shares(
    place: int, others: NDArray[np.int64], pieces: NDArray[np.uint32], starts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The exact index of one text with each of the others."""
    own = pieces[starts[place] : starts[place + 1]]
    made = np.empty(len(others), dtype=np.float64)
    for begin in range(0, len(others), BLOCK):
        block = others[begin : begin + BLOCK]
        lengths = starts[block + 1] - starts[block]
        offsets = np.cumsum(lengths) - lengths
        index = np.arange(int(lengths.sum())) + np.repeat(starts[block] - offsets, lengths)
        theirs = pieces[index]
        found = np.minimum(np.searchsorted(own, theirs), len(own) - 1)
        common = np.add.reduceat((own[found] == theirs).astype(np.int64), offsets)
        made[begin : begin + len(block)] = common / (len(own) + lengths - common)
    return made


def _shortened(key: str) -> Iterator[str]:
    """A short key, and it without each of its letters: two keys that one letter tells apart share one of these."""
    if SHORTEST_TYPO <= len(key) <= LONGEST_TYPO:
        yield key
        yield from {key[:place] + key[place + 1 :] for place in range(len(key))}


def _one_letter(first: str, second: str) -> bool:
    """Whether one letter is wrong, missing or too much, or two neighbours are exchanged; never a figure."""
    shorter, longer = sorted((first, second), key=len)
    if first == second or len(shorter) < SHORTEST_TYPO or len(longer) > LONGEST_TYPO:
        return False
    begin = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    rest, other = shorter[begin:], longer[begin:]
    if len(rest) == len(other):
        is_near = rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
        changed = rest[:2] + other[:2] if rest[1:] != other[1:] else rest[0] + other[0]
    else:
        is_near, changed = rest == other[1:], other[0]
    return is_near and not any(sign.isdigit() for sign in changed)
