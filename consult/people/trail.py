"""The audit trail as people read it: names instead of ids, words instead of codes."""

from __future__ import annotations

import datetime as dt
import re
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.errors import N_
from consult.i18n import Text, languages, locale, pick
from consult.people import queries
from consult.people.person import ROLES
from consult.records import queries as records
from consult.records.audit import Entry

KINDS: dict[str, str] = {
    "person.added": N_("Account added"),
    "person.invited": N_("Colleague invited"),
    "person.invited_again": N_("Invitation sent again"),
    "person.invitation_accepted": N_("Invitation accepted"),
    "person.link_made": N_("Link for the first password made"),
    "person.signed_in": N_("Signed in"),
    "person.signed_out": N_("Signed out"),
    "person.signed_out_others": N_("Other devices signed out"),
    "person.signed_out_by_other": N_("Signed out everywhere by an administrator"),
    "person.second_factor_set": N_("Second factor set up"),
    "person.second_factor_removed": N_("Own second factor removed"),
    "person.second_factor_reset": N_("Second factor reset"),
    "person.joined": N_("Joined with an account of the sign-in service"),
    "person.parted": N_("Separated from the account of the sign-in service"),
    "person.recovery_codes_made": N_("New recovery codes made"),
    "person.password_reset": N_("Password chosen through a mailed link"),
    "person.password_changed": N_("Password changed"),
    "person.account_changed": N_("Own name or language changed"),
    "person.roles_changed": N_("Roles changed"),
    "person.disabled": N_("Account disabled"),
    "person.enabled": N_("Account enabled again"),
}
"""Names of the acts of this domain; app.py puts those of the others beside them (Vocabulary)."""


WORDS: dict[str, str] = {
    "person": N_("Account"),
    "roles": N_("Roles"),
    "sessions": N_("Devices"),
    "second_factor": N_("Second factor"),
    "by": N_("Through"),
    "oidc": N_("the town’s sign-in service"),
    "app": N_("code of the app"),
    "recovery_code": N_("recovery code"),
    "name": N_("Name"),
    "number": N_("Number"),
    "survey": N_("Survey"),
    "draft": N_("Draft regulation"),
    "forum": N_("Forum"),
    "consultation": N_("Consultation"),
    "opens_at": N_("Opens"),
    "closes_at": N_("Closes"),
    "state": N_("Status"),
    "states": N_("Status"),
    "sha256": N_("Fingerprint (SHA-256)"),
    "yes": N_("yes"),
    "no": N_("no"),
    **ROLES,
}
"""Names of records, fields and values; what is not in it is shown as it is kept."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of the acts of all domains, and for each act the words of those who do it."""

    kinds: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, *domains: tuple[Mapping[str, str], Mapping[str, str]]) -> Vocabulary:
        """Each domain gives its KINDS and its WORDS; one word may mean different things in two domains.

        What the words of an act do not name, the words of its kin (the same before the dot) may name.
        """
        kinds = {kind: name for names, _ in domains for kind, name in names.items()}
        kin: dict[str, dict[str, str]] = {}
        for names, own in domains:
            for family in {kind.partition(".")[0] for kind in names}:
                kin[family] = {**own, **kin.get(family, {})}
        words = {
            kind: ChainMap(dict(own), kin[kind.partition(".")[0]], WORDS) for names, own in domains for kind in names
        }
        return cls(kinds, words)


ONE_FOR_EACH = frozenset({"sha256"})
"""Fields with a value for each language that says something else: all are shown."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?")

Shown = tuple[str | Text, ...]
"""Values to be shown with commas; of a Text the page picks the reader's language."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an act changed; empty where there was none. Of two Texts only the languages that changed."""

    field: str
    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, ready to be read. actor is None for the machine and the command line."""

    number: int
    at: dt.datetime
    actor: str | None
    kind: str
    record: str
    record_id: str
    subject: str | None
    changes: tuple[Change, ...]
    reason: str | None


async def lines(entries: Sequence[Entry]) -> list[Line]:
    """Put names to the ids of some entries, with one question to the database."""
    people = {entry.actor for entry in entries} | {_person_id(entry) for entry in entries}
    names = await queries.names(people)
    return [
        Line(
            number=entry.number,
            at=entry.at,
            actor=names.get(entry.actor, str(entry.actor)) if entry.actor is not None else None,
            kind=entry.kind,
            record=entry.record,
            record_id=entry.record_id,
            subject=names.get(subject) if (subject := _person_id(entry)) is not None else None,
            changes=changes(entry.before, entry.after),
            reason=entry.reason,
        )
        for entry in entries
    ]


async def history(record: str, record_id: UUID | str) -> list[Line]:
    """What was done to one record, oldest first, for the page of that record (macro people/trail.html)."""
    return await lines(await records.history(record, record_id))


def changes(before: Any, after: Any) -> tuple[Change, ...]:
    """Set what was beside what is, field by field; values that are no fields count as one field without a name."""
    old = before if isinstance(before, dict) else {"": before} if before is not None else {}
    new = after if isinstance(after, dict) else {"": after} if after is not None else {}
    return tuple(
        _change(field, old.get(field), new.get(field))
        for field in sorted({*old, *new})
        if old.get(field) != new.get(field)
    )


def _change(field: str, old: Any, new: Any) -> Change:
    if field in ONE_FOR_EACH:
        return Change(field, _each(old), _each(new))
    if _is_text(old) and _is_text(new):
        changed = {language for language in {*old, *new} if old.get(language) != new.get(language)}
        old, new = ({code: words for code, words in one.items() if code in changed} for one in (old, new))
    return Change(field, _shown(old), _shown(new))


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and value.keys() <= set(languages())
        and all(isinstance(words, str) for words in value.values())
    )


def _shown(value: Any) -> Shown:
    match value:
        case None:
            return ()
        case bool():
            return ("yes" if value else "no",)
        case str() if (moment := _moment(value)) is not None:
            return (moment,)
        case dict() if _is_text(value):
            return (value,) if any(value.values()) else ()
        case list():
            return tuple(_inner(item) for item in value)
        case dict():
            return tuple(_inner({key: item}) for key, item in value.items())
        case _:
            return (str(value),)


def _moment(value: str) -> Text | None:
    """A day or a time as each language writes it; None for any other words."""
    if not MOMENT.fullmatch(value):
        return None
    try:
        if "T" in value:
            at = dt.datetime.fromisoformat(value)
            return {code: locale(code).datetime(at) for code in languages()}
        day = dt.date.fromisoformat(value)
        return {code: locale(code).date(day) for code in languages()}
    except ValueError:
        return None


def _each(value: Any) -> Shown:
    return tuple(f"{key}: {item}" for key, item in value.items()) if isinstance(value, dict) else _shown(value)


def _inner(value: Any) -> str | Text:
    """A value within another one; where Texts are in it, in every language."""
    if _is_text(value):
        return dict(value)
    said = {language: _words(value, language) for language in languages()}
    return said if len(set(said.values())) > 1 else _words(value, "")


def _words(value: Any, language: str) -> str:
    match value:
        case None:
            return ""
        case dict() if _is_text(value):
            return pick(value, language, locale(language).order if language else ())[0]
        case list():
            return ", ".join(_words(item, language) for item in value)
        case dict():
            return ", ".join(f"{key}: {_words(item, language)}" for key, item in value.items())
        case _:
            return str(value)


def _person_id(entry: Entry) -> UUID | None:
    if entry.record != "person":
        return None
    try:
        return UUID(entry.record_id)
    except ValueError:
        return None
