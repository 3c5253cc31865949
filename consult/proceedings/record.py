"""What a report on a consultation holds, in no language. Encoded as canonical JSON it is what the hash is of.

Every struct is plain data: days as ISO dates, texts by language, charts as their specifications. Words of residents
stand in the language in which they were written, as everybody may read them.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import msgspec

from consult.i18n import Text

Pieces = tuple[tuple[str, str], ...]
"""(same | inserted | deleted, words)"""


class Part(msgspec.Struct, frozen=True):
    """How many belong to a code of a channel, a language or a district; None where so few are not told."""

    code: str
    count: int | None


class Effect(msgspec.Struct, frozen=True):
    """Words of a later version that a comment led to."""

    version: int
    article: Text
    language: str
    deleted: str
    inserted: str


class Reply(msgspec.Struct, frozen=True):
    number: str
    day: date
    language: str
    name: str
    text: str


class Answered(msgspec.Struct, frozen=True):
    """What the town hall answered; earlier are the answers that were corrected."""

    decision: str
    reason: Text
    day: date
    correction: Text = {}
    effects: tuple[Effect, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """A comment. article is the number of the article it was made on, "" for the whole draft."""

    number: str
    day: date
    version: int
    article: str
    kind: str
    channel: str
    language: str
    name: str
    quote: str
    text: str
    supports: int
    files: int
    answer: Answered
    replies: tuple[Reply, ...] = ()
    alike: tuple[str, ...] = ()


class Provision(msgspec.Struct, frozen=True):
    """An article over all versions. became: what the last version made of the first one's words, by language.

    changed_by: numbers of the comments that changed it; charts: survey results that hang on it.
    """

    number: str
    label: Text
    heading: Text
    what: str
    became: dict[str, Pieces]
    changed_by: tuple[str, ...]
    comments: tuple[Said, ...]
    charts: tuple[dict[str, Any], ...] = ()


class Edition(msgspec.Struct, frozen=True):
    number: int
    day: date
    reason: Text


class Figures(msgspec.Struct, frozen=True):
    """What became of the comments of a draft. groups: of near-equal comments; people: addresses that were confirmed."""

    comments: int
    accepted: int
    partly: int
    rejected: int
    noted: int
    forwarded: int
    leading_to_text: int
    replies: int
    hidden: int


class Draft(msgspec.Struct, frozen=True):
    slug: str
    title: Text
    authentic_language: str
    editions: tuple[Edition, ...]
    figures: Figures
    provisions: tuple[Provision, ...]
    whole: tuple[Said, ...]

    @property
    def comments(self) -> tuple[Said, ...]:
        return (*self.whole, *(said for one in self.provisions for said in one.comments))


class Survey(msgspec.Struct, frozen=True):
    """count: the answers that count; charts: headline results where they are public."""

    slug: str
    title: Text
    opened: date | None
    closed: date | None
    count: int
    channels: tuple[Part, ...]
    languages: tuple[Part, ...]
    districts: tuple[Part, ...]
    charts: tuple[dict[str, Any], ...]


class Entry(msgspec.Struct, frozen=True):
    """A piece of the minutes: said, answer, decision or promise; unit and due belong to a promise."""

    kind: str
    text: Text
    unit: Text = {}
    due: date | None = None
    state: str = ""


class Item(msgspec.Struct, frozen=True):
    heading: Text
    entries: tuple[Entry, ...]


class Question(msgspec.Struct, frozen=True):
    number: int
    language: str
    text: str
    supports: int
    answer: Text


class Forum(msgspec.Struct, frozen=True):
    slug: str
    title: Text
    kind: str
    day: date | None
    place: Text
    registered: int
    present: int
    summary: Text
    items: tuple[Item, ...]
    questions: tuple[Question, ...]


class Margin(msgspec.Struct, frozen=True):
    """Residents by district, to compare with."""

    source: Text
    year: int
    labels: dict[str, Text]
    counts: dict[str, int]


class Move(msgspec.Struct, frozen=True):
    """The end of the consultation was moved."""

    day: date
    before: date
    after: date
    reason: Text


class Record(msgspec.Struct, frozen=True):
    """Everything a report says."""

    slug: str
    kind: str
    title: Text
    summary: Text
    legal_basis: Text
    authentic_language: str
    opened: date | None
    closed: date | None
    minimum_days: int
    short_reason: str
    moves: tuple[Move, ...]
    asked: Text
    said: Text
    did: Text
    drafts: tuple[Draft, ...]
    surveys: tuple[Survey, ...]
    forums: tuple[Forum, ...]
    margin: Margin | None
    is_demo: bool


def encoded(record: Record) -> bytes:
    """Canonical JSON: the same record always gives the same bytes."""
    return msgspec.json.encode(record, order="deterministic")


def decoded(data: bytes) -> Record:
    return msgspec.json.decode(data, type=Record)


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
