"""Keys and codes suggested from texts: Macedonian and Georgian letters in Latin ones, so that files stay readable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

CYRILLIC = dict(
    zip(
        "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "gj",
            "e",
            "zh",
            "z",
            "dz",
            "i",
            "j",
            "k",
            "l",
            "lj",
            "m",
            "n",
            "nj",
            "o",
            "p",
            "r",
            "s",
            "t",
            "kj",
            "u",
            "f",
            "h",
            "c",
            "ch",
            "dzh",
            "sh",
        ],
        strict=True,
    )
)
GEORGIAN = dict(
    zip(
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        [
            "a",
            "b",
            "g",
            "d",
            "e",
            "v",
            "z",
            "t",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "zh",
            "r",
            "s",
            "t",
            "u",
            "p",
            "k",
            "gh",
            "q",
            "sh",
            "ch",
            "ts",
            "dz",
            "ts",
            "ch",
            "kh",
            "j",
            "h",
        ],
        strict=True,
    )
)
LATIN = str.maketrans({**CYRILLIC, **GEORGIAN, "đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae"})
LONGEST = 30
PLACEHOLDER = re.compile(r"(question|page|option|row|quota)_\d+")


def latin(words: str) -> str:
    """Small Latin letters and digits, everything else a blank."""
    plain = unicodedata.normalize("NFC", words.lower()).translate(LATIN)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def suggested(words: str, *, join: str = "_", longest: int = LONGEST) -> str:
    """A name from the first words of a text, cut between words; "" where nothing can be made of it."""
    name = ""
    for word in latin(words).split():
        longer = f"{name}{join}{word}" if name else word[:longest]
        if len(longer) > longest:
            break
        name = longer
    return name


def key_from(words: str) -> str:
    """As `suggested`, for keys, which begin with a letter."""
    return re.sub(r"^[0-9_]+", "", suggested(words))


def free(name: str, taken: Container[str]) -> str:
    """The name itself, or with the first number from 2 that makes it new."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def numbered(word: str, taken: Container[str]) -> str:
    """question_1, question_2, …: the first that is free."""
    number = 1
    while f"{word}_{number}" in taken:
        number += 1
    return f"{word}_{number}"


def is_own_choice(name: str, words: str) -> bool:
    """Whether somebody chose a name: it is no placeholder, and not what the text suggests."""
    if PLACEHOLDER.fullmatch(name):
        return False
    bare = re.sub(r"_\d+$", "", name)
    return not words or (suggested(words) not in (name, bare) and key_from(words) not in (name, bare))
