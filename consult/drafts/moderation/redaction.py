"""Covered words: an overlay over a comment's text. The text stays as it was written; only moderators see it. No I/O.

Places are letters of the text in NFC, [begins, ends).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.errors import N_
from consult.i18n import languages, locale
from consult.textmatch.letters import composed, hits, key, split

# The only reasons for which words may be covered. The list is public: it stands on the page of the moderation rules.
COVERS: Mapping[str, str] = {
    "contact": N_("a telephone number or an address"),
    "person": N_("the name of a private person"),
    "number": N_("an identity, document or account number"),
    "private": N_("health or family life"),
    "insult": N_("an insult"),
}
COVERED = N_("covered: %(what)s")
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Redaction:
    """Words of one comment that only moderators see."""

    id: UUID
    comment: UUID
    begins: int
    ends: int
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text; reason is empty where nothing is covered."""

    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a text has the words that somebody looks for, with what stands around them.

    is_whole: the words themselves and not a part of longer ones. is_covered: they are covered already.
    """

    begins: int
    ends: int
    before: str
    words: str
    after: str
    is_whole: bool
    is_covered: bool

    @property
    def place(self) -> str:
        return f"{self.begins}-{self.ends}"


def stretches(text: str, redactions: Iterable[Redaction]) -> tuple[Stretch, ...]:
    """The text cut where covers begin and end. Covers that overlap or touch each other become one, the first's."""
    text = composed(text)
    made: list[Stretch] = []
    at = 0
    for one in sorted(redactions, key=lambda each: (each.begins, each.made_at, each.ends)):
        begins, ends = max(one.begins, at), min(one.ends, len(text))
        if begins >= ends:
            continue
        if begins > at:
            made.append(Stretch(text[at:begins]))
        if made and made[-1].reason and begins == at:
            made[-1] = Stretch(made[-1].text + text[begins:ends], made[-1].reason)
        else:
            made.append(Stretch(text[begins:ends], one.reason))
        at = ends
    if at < len(text):
        made.append(Stretch(text[at:]))
    return tuple(made)


def shown(text: str, redactions: Sequence[Redaction], language: str) -> str:
    """The text as everybody may read it: each covered place says in the text's language what it was."""
    if not redactions or not text:
        return text
    spoken = locale(language if language in languages() else languages()[0])
    return "".join(
        f"[{spoken.gettext(COVERED, what=spoken.gettext(COVERS[part.reason]))}]" if part.reason else part.text
        for part in stretches(text, redactions)
    )


def occurrences(text: str, wanted: str, redactions: Sequence[Redaction] = ()) -> tuple[Occurrence, ...]:
    """Each place where a text has these words, whatever their case, signs between them and look-alike letters."""
    text = composed(text)
    sought = key(wanted)
    return tuple(
        Occurrence(
            begins=begins,
            ends=ends,
            before=text[max(0, begins - CONTEXT) : begins],
            words=text[begins:ends],
            after=text[ends : ends + CONTEXT],
            is_whole=key(text[begins:ends]) == sought,
            is_covered=is_covered(begins, ends, redactions),
        )
        for begins, ends in hits(text, sought)
    )


def is_covered(begins: int, ends: int, redactions: Iterable[Redaction]) -> bool:
    """Whether covers leave no letter of a place free."""
    free = begins
    for one in sorted(redactions, key=lambda each: each.begins):
        if one.begins <= free < one.ends:
            free = one.ends
    return free >= ends


def place_of(written: str, text: str) -> tuple[int, int] | None:
    """A place as forms carry it, if it begins and ends with words of the text."""
    begins, _, ends = written.partition("-")
    if not (begins.isascii() and begins.isdecimal() and ends.isascii() and ends.isdecimal()):
        return None
    if max(len(begins), len(ends)) > len(str(len(text))):
        return None
    words = list(split(composed(text)))
    place = int(begins), int(ends)
    is_word = place[0] in {word.start for word in words} and place[1] in {word.end for word in words}
    return place if is_word and place[0] < place[1] else None
