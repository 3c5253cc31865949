"""When two words count as the same: upper and lower case, composed letters, and letters that only look alike.

A word's key is what is compared. It is made of NFC text without marks and invisible signs, folded to lower case
(Georgian has one case in writing; its capitals, Mtavruli, fold to the ordinary letters), with Latin letters that look
like Cyrillic ones replaced by those: keyboards are switched in the middle of words. Keys are never shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Soft hyphens, zero-width signs and marks that NFC could not compose stand within words and mean nothing here.
INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
LETTERS = rf"(?:[^\W_ʼ][{INVISIBLE}]*)+"
WORD = re.compile(rf"\d+(?:[.,]\d+)+|{LETTERS}(?:['’‘ʼ`]{LETTERS})*")
WORDS_AND_BREAKS = re.compile(rf"{WORD.pattern}|[.,;:!?…()/\n]")
"""Words, and the signs after which the next word is no neighbour."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")

# Pairs that cannot be told apart in print. Capitals count only in words that mix both scripts: b and в are unlike.
_SMALL = dict(zip("aceopxyjsi", "асеорхујѕі", strict=True))
_CAPITAL = dict(zip("ABCEHIJKMOPSTXY", "АВСЕНІЈКМОРЅТХУ", strict=True))
_TO_CYRILLIC = _SMALL | _CAPITAL
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()}
_FOLD = str.maketrans(_SMALL | {"ѐ": "е", "ѝ": "и", "’": "'", "‘": "'", "ʼ": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands: text[start:end] of the NFC text, and its key."""

    key: str
    start: int
    end: int


def composed(text: str) -> str:
    """The text as it is shown and as positions count: NFC."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=2**16)
def key_of(word: str) -> str:
    """The key of one word of an NFC text."""
    if word[0].isdigit() and word[-1].isdigit():
        word = word.replace(",", ".")
    folded = _one_script(_INVISIBLE.sub("", word)).casefold()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", folded)).translate(_FOLD).strip("'")


def _one_script(word: str) -> str:
    """A word of both scripts in one of them, where look-alikes allow it."""
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    if all(letter in _TO_CYRILLIC for letter in _LATIN.findall(word)):
        return "".join(_TO_CYRILLIC.get(letter, letter) for letter in word)
    if all(letter in _TO_LATIN for letter in _CYRILLIC.findall(word)):
        return "".join(_TO_LATIN.get(letter, letter) for letter in word)
    return word


def split(text: str) -> Iterator[Word]:
    """The words of an NFC text in their order. Signs and blanks between them are no words."""
    for found in WORD.finditer(text):
        yield Word(key_of(found[0]), found.start(), found.end())


def key(text: str) -> str:
    """The keys of a text's words with one blank between them: equal keys, equal texts. Any text may come."""
    return " ".join(word.key for word in split(composed(text)))


def hits(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where an NFC text has the words of a key, as (start, end). Words are marked whole, even if a part was sought.

    wanted is a part of a key; positions follow one another and do not overlap.
    """
    if not wanted:
        return []
    words = list(split(text))
    places: list[int] = []
    length = 0
    for word in words:
        places.append(length)
        length += len(word.key) + 1
    whole = " ".join(word.key for word in words)
    found: list[tuple[int, int]] = []
    at = whole.find(wanted)
    while at >= 0:
        inside = [word for word, place in zip(words, places, strict=True)
                  if place < at + len(wanted) and place + len(word.key) > at]  # fmt: skip
        if inside:
            start = max(inside[0].start, found[-1][1] if found else 0)
            if start < inside[-1].end:
                found.append((start, inside[-1].end))
        at = whole.find(wanted, at + len(wanted))
    return found
