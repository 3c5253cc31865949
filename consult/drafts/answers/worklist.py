"""The list of answers to write: what a line says, and how the list is cut. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consult.drafts.answers.answer import Decision, Stage
from consult.drafts.answers.due import Due
from consult.errors import N_
from consult.i18n import Text

VIEWS: Mapping[str, str] = {
    "mine": N_("Mine"),
    "unit": N_("My unit"),
    "review": N_("For my review"),
    "overdue": N_("Overdue"),
    "unassigned": N_("Without a unit"),
    "all": N_("All"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """A comment that the town hall answers. correcting: its answer is released, and a correction is being written."""

    comment: UUID
    number: str
    draft: UUID
    article_number: str | None
    article_label: Text
    language: str
    text: str
    stage: Stage
    correcting: bool
    decision: Decision | None
    unit: UUID | None
    person: UUID | None
    due: Due


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which unit answers a comment, and who in it; set_on only where staff set another day than the usual one."""

    unit: UUID
    person: UUID | None
    set_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is cut. stage "" is everything that is not released; article "0" is the draft as a whole."""

    view: str = "all"
    draft: UUID | None = None
    article: str = ""
    stage: str = ""
    unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class ArticleCount:
    """How many comments on an article stand where; number None is the draft as a whole."""

    number: str | None
    label: Text
    heading: Text
    total: int
    missing: int
    in_work: int
    reviewed: int
    released: int
    overdue: int
