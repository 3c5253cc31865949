"""Where a comment belongs in a text: the words it quotes, and what became of them in another version. No I/O.

A text is what a reader sees (`markup.to_words`). An anchor holds the quoted words and up to 32 letters on either side.
In another version the words are looked for together with these surroundings; the same words elsewhere are never taken
for them, because nobody said that they are meant.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from consult.errors import N_, Problem

LONGEST_QUOTE = 500
SURROUNDINGS = 32
# So many letters on one side tell a place even where the other side has changed.
TELLING = 12

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("„“”‟«»″", '"'),
        **dict.fromkeys("‚‘’‛‹›′`´", "'"),
        "ѐ": "е",
        "ѝ": "и",
    }
)
_EDGES = "\"' .,;:…"

NOT_THERE = N_("These words do not stand in the article. Copy them from it as they are, or leave the field empty.")
SEVERAL_TIMES = N_("These words stand in the article %(count)s times. Copy some more words around them.")
TOO_LONG = N_("Quote at most %(most)s characters.")
NO_ARTICLE = N_("Words can be quoted from an article only. Open the comment form of the article.")


class Standing(StrEnum):
    """What became of the words that a comment is about, in the version that is being read."""

    KEPT = "kept"
    MOVED = "moved"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of an article in one language, with what stands on either side of them."""

    language: str
    quote: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand in the other text; at is None for an orphan."""

    standing: Standing
    at: int | None = None


def folded(text: str) -> str:
    """Case, dashes and quotation marks made alike, one letter for one letter, so that places stay the same."""
    alike = text.translate(_ALIKE)
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in alike)


def places(text: str, words: str) -> list[int]:
    """Every place where the words stand in the text, also where two of them overlap."""
    if not words:
        return []
    found = []
    at = text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def anchor_of(
    texts: Mapping[str, str], quote: str, *, before: str = "", languages: Iterable[str] = ()
) -> Anchor | Problem:
    """Look up what somebody says to quote, in the languages of the article, the given ones first.

    The words may differ in case, spaces, dashes and quotation marks; the article's own words are kept. before tells
    which of several places is meant, where the browser knows it; otherwise such words are refused, not guessed.
    """
    asked = " ".join(unicodedata.normalize("NFC", quote).replace("\u00ad", "").split())
    if len(asked) > LONGEST_QUOTE:
        return Problem("quote", TOO_LONG, {"most": LONGEST_QUOTE})
    order = dict.fromkeys([code for code in languages if code in texts] + list(texts))
    for wanted in dict.fromkeys((folded(asked), folded(asked).strip(_EDGES))):
        for language in order:
            text = texts[language]
            found = places(folded(text), wanted)
            if len(found) > 1 and before:
                hint = folded(" ".join(before.split()))
                found = [at for at in found if folded(text[:at]).rstrip().endswith(hint)] or found
            if len(found) > 1:
                return Problem("quote", SEVERAL_TIMES, {"count": len(found)})
            if found:
                return _anchor(language, text, found[0], len(wanted))
    return Problem("quote", NOT_THERE)


def _anchor(language: str, text: str, at: int, length: int) -> Anchor:
    end = at + length
    return Anchor(language, text[at:end], text[max(0, at - SURROUNDINGS) : at], text[end : end + SURROUNDINGS])


def standing(anchor: Anchor, old: str, new: str | None) -> Place:
    """What became of the words between two versions of an article; new is None where the article is gone.

    kept      the article's text is the same
    moved     the words stand in the new text with their surroundings, or with one side of them that tells the place
    orphaned  the words have changed, or nothing tells which of several places is meant
    """
    whole = anchor.before + anchor.quote + anchor.after
    if new is None or not anchor.quote:
        return Place(Standing.ORPHANED)
    if old == new:
        found = places(new, whole)
        return Place(Standing.KEPT, found[0] + len(anchor.before)) if found else Place(Standing.ORPHANED)
    probes = [(whole, len(anchor.before))]
    if _tells(anchor.after):
        probes.append((anchor.quote + anchor.after, 0))
    if _tells(anchor.before):
        probes.append((anchor.before + anchor.quote, len(anchor.before)))
    for words, offset in probes:
        found = places(new, words)
        # One place in both texts: then no other place was meant, and none can be taken for it.
        if len(found) == 1 and len(places(old, words)) == 1:
            return Place(Standing.MOVED, found[0] + offset)
    return Place(Standing.ORPHANED)


def _tells(side: str) -> bool:
    return sum(letter.isalnum() for letter in side) >= TELLING
