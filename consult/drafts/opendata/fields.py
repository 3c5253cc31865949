"""The fields of the open data, in the order of the columns, and what each says of a comment. No I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from consult.documents.cells import harmless
from consult.drafts.answers.answer import DECISION_NAMES
from consult.drafts.comments.comment import CHANNEL_NAMES, KIND_NAMES, Comment
from consult.drafts.moderation.groups import Mark
from consult.errors import N_
from consult.i18n import AUTONYMS

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for all comments of a file, and what is asked for by their ids."""

    draft: str
    zone: dt.tzinfo
    languages: Sequence[str]
    marks: Mapping[UUID, Mark]


@dataclass(frozen=True, slots=True)
class Field:
    """name: in no language; says: a msgid; codes: the values it may have, with their names (msgids)."""

    name: str
    type: str
    says: str
    of: Callable[[Comment, Context], Value]
    codes: Mapping[str, str] = field(default_factory=dict)


def _day(moment: dt.datetime | None, context: Context) -> str | None:
    return moment.astimezone(context.zone).date().isoformat() if moment else None


def _effects(comment: Comment) -> str | None:
    answer = comment.released_answer
    if answer is None or not answer.effects:
        return None
    return "; ".join(f"{one.version_number}/{one.article_number}" for one in answer.effects)


FIELDS: tuple[Field, ...] = (
    Field("number", "text", N_("Number of the comment, for ever the same"), lambda c, x: c.number),
    Field("draft", "text", N_("Address of the draft regulation"), lambda c, x: x.draft),
    Field("version", "integer", N_("Version of the draft that the comment was made on"), lambda c, x: c.version_number),
    Field("article", "text", N_("Article in that version; empty: on the whole draft"), lambda c, x: c.article_number),
    Field(
        "kind",
        "code",
        N_("What the author called it"),
        lambda c, x: c.kind.value,
        {kind.value: name for kind, name in KIND_NAMES.items()},
    ),
    Field(
        "channel",
        "code",
        N_("How it came"),
        lambda c, x: c.channel.value,
        {channel.value: name for channel, name in CHANNEL_NAMES.items()},
    ),
    Field("language", "code", N_("Language in which it is written"), lambda c, x: c.language, dict(AUTONYMS)),
    Field("name", "text", N_("Name that the author gave for publication"), lambda c, x: c.name or None),
    Field(
        "received_on",
        "date",
        N_("Day on which it was received"),
        lambda c, x: c.received_on.isoformat() if c.received_on else _day(c.submitted_at, x),
    ),
    Field("published_on", "date", N_("Day on which it was published"), lambda c, x: _day(c.published_at, x)),
    Field("reply_to", "text", N_("Number of the comment that it replies to"), lambda c, x: c.reply_to_number or None),
    Field("quote", "text", N_("Words of the article that it speaks of"), lambda c, x: c.quote or None),
    Field("text", "text", N_("The comment; covered words are replaced by the reason"), lambda c, x: c.public_text),
    Field(
        "supports",
        "integer",
        N_("How many supported it: browsers and confirmed addresses"),
        lambda c, x: c.supports,
    ),
    Field("files", "integer", N_("How many files are attached"), lambda c, x: len(c.files)),
    Field(
        "group",
        "integer",
        N_("Group of comments that say nearly the same, confirmed by a person"),
        lambda c, x: x.marks[c.id].number if c.id in x.marks else None,
    ),
    Field(
        "decision",
        "code",
        N_("What the municipality decided; empty: not answered yet"),
        lambda c, x: c.released_answer.decision.value if c.released_answer else None,
        {decision.value: name for decision, name in DECISION_NAMES.items()},
    ),
    Field(
        "answered_on",
        "date",
        N_("Day on which the answer was published"),
        lambda c, x: _day(c.released_answer.released_at, x) if c.released_answer else None,
    ),
    Field(
        "led_to",
        "text",
        N_("Changed words that the comment led to, as version/article"),
        lambda c, x: _effects(c),
    ),
)
REASON = N_("The reason of the answer in this language")


def all_fields(languages: Sequence[str]) -> tuple[Field, ...]:
    """The fields with one more for the answer in each language."""
    return FIELDS + tuple(Field(f"answer_{code}", "text", REASON, _reason(code)) for code in languages)


def _reason(code: str) -> Callable[[Comment, Context], Value]:
    def of(comment: Comment, context: Context) -> Value:
        return comment.released_answer.reason.get(code) if comment.released_answer else None

    return of


def cell(value: Value) -> str:
    """A cell of a CSV file: what a spreadsheet would calculate gets an apostrophe before it."""
    if value is None:
        return ""
    written = str(value)
    return harmless(written) if isinstance(value, str) else written
