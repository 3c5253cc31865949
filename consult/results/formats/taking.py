"""What is taken away: which columns, in whose words, of which answers, with which weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias
from uuid import UUID

from consult.columns.answers import Answered
from consult.columns.united import united
from consult.errors import NotFound
from consult.i18n import Locale, Text
from consult.results import sheet
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import Definition

FileKind: TypeAlias = Literal["csv", "xlsx", "ods", "sav", "dta", "parquet"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take away. locale: words of one language, None writes codes; without: flags whose answers stay out.

    impersonal  leave out the columns that may name a person.
    weights     the name of a set of weights, which becomes a column.
    """

    locale: Locale | None = None
    without: tuple[str, ...] = ()
    impersonal: bool = False
    weights: str | None = None


class Weights(Protocol):
    """One weight per response; None for a response that came after they were computed."""

    @property
    def label(self) -> Text: ...

    def of(self, response: UUID) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that a format cannot hold whole. place: column, or column and code; what: label, text or name."""

    place: str
    what: Literal["label", "text", "name"]
    whole: str
    kept: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became a file: how many answers, and what had to be cut (the first of them)."""

    rows: int = 0
    cuts: tuple[Cut, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taking:
    """The columns of all versions, which of them each version has, and the weights if there are any."""

    survey_id: UUID
    definition: Definition
    columns: tuple[sheet.Field, ...]
    offered: Mapping[int, frozenset[str]]
    weights: Weights | None = None

    def cells(self, row: Answered, locale: Locale | None) -> list[sheet.Cell]:
        """What stands in each column; the weight, if there is one, in the last."""
        if self.weights is None:
            return [sheet.cell(column, row, locale, self.offered[row.version]) for column in self.columns]
        weight = self.weights.of(row.id)
        found = [sheet.cell(column, row, locale, self.offered[row.version]) for column in self.columns[:-1]]
        return [*found, "" if weight is None else weight]


async def taking(survey_id: UUID, wanted: Wanted, weights: Weights | None = None) -> Taking:
    """Raises NotFound for a survey that was never published."""
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    definition = united([version.definition for version in versions])
    columns = tuple(field for field in sheet.fields(definition) if not (wanted.impersonal and field.is_personal))
    offered = {v.number: frozenset(field.name for field in sheet.fields(v.definition)) for v in versions}
    made = Taking(survey_id, definition, columns, offered)
    if weights is None:
        return made
    weight = sheet.Field(sheet.WEIGHT, "weight", about=(weights.label,))
    return replace(made, columns=(*columns, weight), weights=weights)
