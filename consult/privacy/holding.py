"""The nouns of the register: what a column holds, what it is held for, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from consult.errors import N_


class Sort(Enum):
    """What a column holds; the value is its name in the record."""

    IDENTITY = N_("Name or number of a person")
    CONTACT = N_("Way to reach a person")
    WORDS = N_("What a person said or sent")
    SPECIAL = N_("Data that may tell of health")
    MARK = N_("Mark that stands for a person")
    TRACE = N_("When and how a person took part")
    SECRET = N_("Secret or its hash")
    COLLEAGUE = N_("Which colleague acted")
    OFFICE = N_("Person named for an office")
    NOTHING = N_("Nothing about a person")


class Ground(Enum):
    """The lawful basis; the value is the sentence."""

    TASK = N_("a task in the public interest (GDPR, Article 6(1)(e))")
    CONSENT = N_("consent, which can be withdrawn at any time (GDPR, Article 6(1)(a))")
    EXPLICIT = N_("explicit consent (GDPR, Article 9(2)(a))")
    DUTY = N_("a legal obligation (GDPR, Article 6(1)(c))")
    NONE = N_("none needed: no person can be recognised")


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something is kept. days fill the sentence; job is the background work that keeps it.

    Without a job the sentence says what ends it: an act of a person, the end of something else, or nothing.
    """

    key: str
    words: str
    days: int = 0
    job: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose for which data are processed. who: whom the data are about; sees: who gets them."""

    key: str
    title: str
    purpose: str
    who: str
    ground: Ground
    sees: str
    besides: Ground | None = None


class Column(NamedTuple):
    """One column's entry."""

    table: str
    name: str
    sort: Sort
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table. Its columns stand by what they hold, names parted by spaces; each is named exactly once.

    what   a sentence for the data protection officer; empty where the table holds nothing about persons but who acted.
    rule   how long its rows stay; `sooner` names columns that are emptied before.
    """

    table: str
    activity: Activity
    rule: Rule
    what: str = ""
    identity: str = ""
    contact: str = ""
    words: str = ""
    special: str = ""
    mark: str = ""
    trace: str = ""
    keys: str = ""
    colleague: str = ""
    office: str = ""
    rest: str = ""
    sooner: dict[str, Rule] = field(default_factory=dict)

    def columns(self) -> Iterator[Column]:
        sooner = {name: rule for names, rule in self.sooner.items() for name in names.split()}
        for sort, names in (
            (Sort.IDENTITY, self.identity),
            (Sort.CONTACT, self.contact),
            (Sort.WORDS, self.words),
            (Sort.SPECIAL, self.special),
            (Sort.MARK, self.mark),
            (Sort.TRACE, self.trace),
            (Sort.SECRET, self.keys),
            (Sort.COLLEAGUE, self.colleague),
            (Sort.OFFICE, self.office),
            (Sort.NOTHING, self.rest),
        ):
            for name in names.split():
                yield Column(self.table, name, sort, sooner.get(name, self.rule))

    @property
    def is_personal(self) -> bool:
        """Whether it holds more about persons than which colleague acted."""
        return any(one.sort not in (Sort.COLLEAGUE, Sort.NOTHING) for one in self.columns())
