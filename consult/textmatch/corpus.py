"""Many texts as numbers: the words of all of them in one array, so that counting is arithmetic.

Texts are taken in blocks and not kept; what stays is each text's key (for search and comparison) and its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.textmatch.letters import WORDS_AND_BREAKS, composed, key_of

BREAK = 0
"""The number that stands between words which are no neighbours."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """n texts.

    keys       the key of each text (see letters.key).
    languages  the languages there are; language (n,) says which of them each text has.
    words      the keys of the words by number; number 0 is BREAK. written: how each is written most often.
    tokens     (t,) the words of all texts one after another; starts (n + 1,) where each text's words begin.
    """

    keys: tuple[str, ...]
    languages: tuple[str, ...]
    language: NDArray[np.int32]
    words: tuple[str, ...]
    written: tuple[str, ...]
    tokens: NDArray[np.int32]
    starts: NDArray[np.int64]

    @property
    def n(self) -> int:
        return len(self.keys)

    def places(self) -> NDArray[np.int32]:
        """(t,) the number of the text that each word is in."""
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.starts))


class Gathering:
    """Texts on their way to a corpus: `add` them, then take the `corpus`."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._languages: dict[str, int] = {}
        self._language: list[int] = []
        self._forms: dict[str, int] = {}
        self._key_of_form: list[str] = [""]
        self._blocks: list[NDArray[np.int32]] = []
        self._lengths: list[int] = []

    def add(self, texts: Iterable[tuple[str, str]]) -> None:
        """Take in some texts, each with its language."""
        forms, keys = self._forms, self._key_of_form
        block: list[int] = []
        for language, text in texts:
            before, words = len(block), []
            for found in WORDS_AND_BREAKS.findall(composed(text)):
                number = forms.get(found)
                if number is None:
                    number = forms[found] = self._new(found)
                block.append(number)
                if number:
                    words.append(keys[number])
            block.append(BREAK)
            self._lengths.append(len(block) - before)
            self._keys.append(" ".join(words))
            self._language.append(self._languages.setdefault(language, len(self._languages)))
        self._blocks.append(np.array(block, dtype=np.int32))

    def _new(self, form: str) -> int:
        if not (form[0].isalnum()):
            return BREAK
        self._key_of_form.append(key_of(form))
        return len(self._key_of_form) - 1

    def corpus(self) -> Corpus:
        forms = np.concatenate([np.zeros(0, np.int32), *self._blocks])
        words: dict[str, int] = {"": BREAK}
        number = np.array([words.setdefault(key, len(words)) for key in self._key_of_form], dtype=np.int32)
        starts = np.zeros(len(self._lengths) + 1, dtype=np.int64)
        np.cumsum(self._lengths, out=starts[1:])
        return Corpus(
            keys=tuple(self._keys),
            languages=tuple(self._languages),
            language=np.array(self._language, dtype=np.int32),
            words=tuple(words),
            written=self._written(forms, number, len(words)),
            tokens=number[forms],
            starts=starts,
        )

    def _written(self, forms: NDArray[np.int32], number: NDArray[np.int32], size: int) -> tuple[str, ...]:
        """The most frequent way to write each word, in small letters; among equals the first of the alphabet."""
        times = np.bincount(forms, minlength=len(self._key_of_form))
        counted: dict[tuple[int, str], int] = {}
        for form, place in self._forms.items():
            if place:
                name = (int(number[place]), form.lower())
                counted[name] = counted.get(name, 0) + int(times[place])
        best: list[tuple[int, str]] = [(0, "")] * size
        for (word, form), count in counted.items():
            best[word] = min(best[word], (-count, form))
        return tuple(form for _, form in best)


def corpus(texts: Iterable[tuple[str, str]]) -> Corpus:
    """The corpus of texts that are all at hand, each with its language."""
    made = Gathering()
    made.add(texts)
    return made.corpus()
