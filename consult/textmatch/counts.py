"""Which words and which pairs of neighbouring words are frequent: by persons first, then by occurrences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.textmatch.corpus import BREAK, Corpus
from consult.textmatch.distinct import distinct
from consult.textmatch.forms import bases
from consult.textmatch.stops import stop_words

SHORTEST_WORD = 2
MOST_WORDS = 200
MOST_PAIRS = 100


@dataclass(frozen=True, slots=True)
class Count:
    """words: as they are mostly written (one, or two neighbours); persons: texts that have it; times: occurrences.

    forms  the other forms that are counted with it (see forms.py); none for pairs.
    """

    words: str
    key: str
    persons: int
    times: int
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one language. texts: how many there are; the most frequent words and pairs, by persons, times and alphabet."""

    language: str
    texts: int
    words: tuple[Count, ...]
    pairs: tuple[Count, ...]


def counts(corpus: Corpus, language: str, chosen: NDArray[np.bool_] | None = None) -> Counts:
    """Count the texts of one language. Stop words, single letters and figures are left out.

    chosen  (n,) which texts to count; None counts all.
    Neighbours stand side by side with no sign between them; a pair with a stop word is none. Pairs count as written.
    """
    if language not in corpus.languages:
        return Counts(language, 0, (), ())
    counted = corpus.language == corpus.languages.index(language)
    if chosen is not None:
        counted &= chosen
    places = corpus.places()
    inside = counted[places]
    tokens, places = corpus.tokens[inside], places[inside]
    telling = _telling(corpus, language)
    return Counts(
        language,
        int(counted.sum()),
        _words(corpus, language, tokens, places, telling),
        _pairs(corpus, tokens, telling, places),
    )


def _telling(corpus: Corpus, language: str) -> NDArray[np.bool_]:
    """(w,) which words say something about a topic."""
    stops = stop_words(language)
    kept = [
        number != BREAK and len(word) >= SHORTEST_WORD and word not in stops and not word.replace(".", "").isdigit()
        for number, word in enumerate(corpus.words)
    ]
    return np.array(kept, dtype=np.bool_)


def _words(
    corpus: Corpus, language: str, tokens: NDArray[np.int32], places: NDArray[np.int32], telling: NDArray[np.bool_]
) -> tuple[Count, ...]:
    kept = telling[tokens]
    tokens, places = tokens[kept], places[kept]
    size = len(corpus.words)
    alone = _persons(tokens.astype(np.int64), places, size)
    present = np.flatnonzero(alone)
    number = {corpus.words[word]: int(word) for word in present}
    joined = bases({corpus.words[word]: int(alone[word]) for word in present}, language, stop_words(language))
    base = np.arange(size, dtype=np.int64)
    forms: dict[int, list[str]] = {}
    for word, of in joined.items():
        base[number[word]] = number[of]
        forms.setdefault(number[of], []).append(corpus.written[number[word]])
    lemmas = base[tokens]
    persons, times = _persons(lemmas, places, size), np.bincount(lemmas, minlength=size)
    made = [
        Count(
            corpus.written[word],
            corpus.words[word],
            int(persons[word]),
            int(times[word]),
            tuple(sorted(forms.get(int(word), ()))),
        )
        for word in _first(persons, times, MOST_WORDS, lambda word: corpus.written[word])
    ]
    return tuple(made)


def _persons(items: NDArray[np.int64], places: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    """(size,) how many texts have each item."""
    both = distinct(places.astype(np.int64) * size + items)
    return np.bincount(both % size, minlength=size)


def _pairs(
    corpus: Corpus, tokens: NDArray[np.int32], telling: NDArray[np.bool_], places: NDArray[np.int32]
) -> tuple[Count, ...]:
    """A text ends with a break, so no pair reaches over its end.

    Where enough pairs occur more than once, those that occur once are not ranked.
    """
    said = telling[tokens]
    is_pair = said[:-1] & said[1:] if len(tokens) else said
    size = len(corpus.words)
    codes = tokens[:-1][is_pair].astype(np.int64) * size + tokens[1:][is_pair]
    names, times = np.unique(codes, return_counts=True)
    if (often := times > 1).sum() >= MOST_PAIRS:
        names, times = names[often], times[often]
    if not len(names):
        return ()
    number = np.minimum(np.searchsorted(names, codes), len(names) - 1)
    is_named = names[number] == codes
    persons = _persons(number[is_named], places[:-1][is_pair][is_named], len(names))

    def said_as(words: tuple[str, ...], pair: int) -> str:
        return f"{words[int(names[pair]) // size]} {words[int(names[pair]) % size]}"

    first = _first(persons, times, MOST_PAIRS, lambda pair: said_as(corpus.written, pair))
    return tuple(
        Count(said_as(corpus.written, pair), said_as(corpus.words, pair), int(persons[pair]), int(times[pair]))
        for pair in first
    )


def _first(persons: NDArray[np.int64], times: NDArray[np.int64], most: int, name: Callable[[int], str]) -> list[int]:
    """The most frequent items; the alphabet decides among equals, so that the order of texts changes nothing."""
    present = np.flatnonzero(persons)
    if len(present) > most:
        least = np.partition(persons[present], -most)[-most]
        present = present[persons[present] >= least]
    ranked = sorted((-int(persons[one]), -int(times[one]), name(int(one)), int(one)) for one in present)
    return [one for *_, one in ranked[:most]]


def varying(corpus: Corpus, places: NDArray[np.int64], most: int = 12) -> tuple[Count, ...]:
    """The words that some of these texts have and others lack: what members of a group differ in."""
    lengths = corpus.starts[places + 1] - corpus.starts[places]
    offsets = np.cumsum(lengths) - lengths
    tokens = corpus.tokens[np.arange(int(lengths.sum())) + np.repeat(corpus.starts[places] - offsets, lengths)]
    owner = np.repeat(np.arange(len(places), dtype=np.int64), lengths)
    both = distinct((tokens.astype(np.int64) * len(places) + owner)[tokens != BREAK])
    words, persons = np.unique(both // max(1, len(places)), return_counts=True)
    times = np.bincount(tokens, minlength=len(corpus.words))
    found = sorted(
        (-int(count), corpus.written[word], int(word))
        for word, count in zip(words, persons, strict=True)
        if count < len(places)
    )
    return tuple(Count(name, corpus.words[word], -count, int(times[word])) for count, name, word in found[:most])
