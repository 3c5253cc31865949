"""Reads: the working copy with its revision, the states it can go back to, what has been published for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.storage import fetch, fetchrow
from consult.surveys import queries as surveys
from consult.surveys.definition import schema as d


@dataclass(frozen=True, slots=True)
class Copy:
    """A working copy as it stands. undo, redo: what these buttons would take back or bring back; None for nothing."""

    survey: UUID
    definition: d.Definition
    revision: int
    changed_at: datetime
    changed_by: UUID | None
    undo: int | None = None
    redo: int | None = None
    said: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """One change: what was said of it, by whom and when."""

    number: int
    said: str
    parameters: Mapping[str, Any]
    changed_at: datetime
    changed_by: UUID | None
    name: str


COPY = """
select w.document, w.revision, w.changed_at, w.changed_by, r.undo, r.redo, coalesce(r.said, '') as said,
       coalesce(r.parameters, '{}'::jsonb) as parameters
from survey_working_copy w
left join survey_revision r on r.survey = w.survey and r.number = w.revision
where w.survey = $1
"""


async def copy(survey_id: UUID, *, locked: bool = False) -> Copy:
    """The working copy; locked until the end of the transaction, where it is to change. Raises NotFound."""
    row = await fetchrow(COPY + ("for update of w" if locked else ""), survey_id)
    if row is None:
        raise NotFound
    fields = dict(row)
    return Copy(survey_id, d.from_builtins(fields.pop("document")), **fields)


async def revision(survey_id: UUID, number: int) -> d.Definition | None:
    """The working copy as it was; None when that is too long ago."""
    row = await fetchrow("select document from survey_revision where survey = $1 and number = $2", survey_id, number)
    return None if row is None else d.from_builtins(row["document"])


async def since(survey_id: UUID, number: int) -> list[Revision]:
    """What was changed after a revision, the latest first."""
    rows = await fetch(
        """select r.number, r.said, r.parameters, r.changed_at, r.changed_by, coalesce(p.name, '') as name
           from survey_revision r left join person p on p.id = r.changed_by
           where r.survey = $1 and r.number > $2 order by r.number desc""",
        survey_id,
        number,
    )
    return [Revision(**dict(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Locked:
    """What published versions have fixed: the types of questions, and the codes of their options and rows."""

    types: Mapping[str, type[d.BaseQuestion]] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has_question(self, key: str) -> bool:
        return key in self.types

    def has_code(self, key: str, code: str) -> bool:
        return code in self.codes.get(key, ())


_locked: dict[tuple[UUID, int], Locked] = {}


async def locked(survey_id: UUID, version: int) -> Locked:
    """Versions never change, so what the newest and those before it have fixed is known for good."""
    if version == 0:
        return Locked()
    known = _locked.get((survey_id, version))
    if known is None:
        types: dict[str, type[d.BaseQuestion]] = {}
        codes: dict[str, frozenset[str]] = {}
        for one in await surveys.versions(survey_id):
            for question in one.definition.questions:
                types.setdefault(question.key, type(question))
                codes[question.key] = codes.get(question.key, frozenset()) | codes_of(question)
        known = _locked[survey_id, version] = Locked(types, codes)
    return known


def codes_of(question: d.AnyQuestion) -> frozenset[str]:
    return frozenset(item.code for name in ("options", "rows", "outside") for item in getattr(question, name, ()))


async def steps(survey_id: UUID, number: int) -> tuple[int | None, int | None]:
    """Where undo and redo led from a revision."""
    row = await fetchrow("select undo, redo from survey_revision where survey = $1 and number = $2", survey_id, number)
    return (None, None) if row is None else (row["undo"], row["redo"])


async def sentence(survey_id: UUID, number: int) -> Revision | None:
    rows = await since(survey_id, number - 1)
    return rows[-1] if rows and rows[-1].number == number else None
