"""What two texts differ in, word by word: `affordable` against `unaffordable` must be seen."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from consult.textmatch.letters import composed, split

Kind = Literal["same", "differs"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of words. same: both texts have them, each as it spells them; differs: what each has, or nothing."""

    kind: Kind
    first: str
    second: str


def parts(first: str, second: str) -> tuple[Part, ...]:
    """Two texts side by side. Words count as the same by their keys, so case and signs make no difference.

    Symmetric: exchanging the texts exchanges the sides of every part and nothing else.
    """
    left, right = _words(first), _words(second)
    keys = [key for key, _ in left], [key for key, _ in right]
    # SequenceMatcher breaks ties by its first argument, so which text that is must not depend on the caller.
    is_swapped = keys[0] > keys[1]
    ordered = keys[::-1] if is_swapped else keys
    made = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, *ordered, autojunk=False).get_opcodes():
        if is_swapped:
            a1, a2, b1, b2 = b1, b2, a1, a2
        sides = [" ".join(word for _, word in words) for words in (left[a1:a2], right[b1:b2])]
        made.append(Part("same" if tag == "equal" else "differs", *sides))
    return tuple(made)


def differing(first: str, second: str) -> tuple[tuple[str, str], ...]:
    """Only what differs, as pairs of words; an empty text where one has nothing there."""
    return tuple((part.first, part.second) for part in parts(first, second) if part.kind == "differs")


def _words(text: str) -> list[tuple[str, str]]:
    text = composed(text)
    return [(word.key, text[word.start : word.end]) for word in split(text)]
