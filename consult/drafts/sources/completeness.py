"""The last check of an import: every word of the file stands in the text or among the losses, or is told as missing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from consult.errors import N_

UNPLACED = N_("These words of the file are not in the text. Look for them there and add them by hand.")
MOST = 60
# Letters and digits apart: "მუხლი7" is written "მუხლი 7".
_WORD = re.compile(r"[^\W\d_]+|\d+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Short forms of headings that our format writes in full.
_WRITTEN_OUT = {"чл", "art", "no", "бр"}


def words(text: str) -> Iterable[str]:
    """Words however they are written: case, width and raised letters make no difference."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.replace("№", " "))).casefold()
    return _WORD.findall(plain)


def missing(source: str, told: str) -> str:
    """The words that the source has more often than what was told, in its order."""
    left = Counter(words(source))
    left.subtract(words(told))
    found = []
    for word in words(source):
        if left[word] > 0 and word not in _WRITTEN_OUT:
            left[word] -= 1
            found.append(word)
    return " ".join(found[:MOST]) + (" …" if len(found) > MOST else "")
