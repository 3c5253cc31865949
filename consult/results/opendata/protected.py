"""Tables for everybody: small groups hidden, every count rounded by its cell's key.

A table is a question, or a question by one of the breaks that the survey allows. First cells are hidden (fewer than
five people, ten in sensitive questions; whole groups below five; groups that all said the same of something sensitive;
and further cells, so that none can be computed from totals), then what is left is rounded to multiples of five by
cell keys (`analysis.cellkey`), totals too. The same people in a cell give the same figure in every table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consult.analysis.disclosure.cellkey import rounded
from consult.analysis.disclosure.suppression import suppress, uniform_groups
from consult.columns.column import Coded, Masked
from consult.columns.frame import Frame
from consult.columns.variables import Variable
from consult.i18n import Text
from consult.results.counting import PUBLIC, is_sensitive
from consult.results.queries import published

BASE: Final = 5
MOST_CELLS = 400
"""Larger tables are left out: they would be mostly hidden, and take long to protect."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """codes in the order of the questionnaire, with their words."""

    key: str
    label: Text
    codes: tuple[str, ...]
    labels: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """One table. groups is None for a question alone.

    cells     (groups, answers) rounded counts, None where hidden; one row without groups
    totals    (groups,) people with an answer in each group; None where hidden
    answers_of_all  (answers,) rounded counts over all groups; all: people with an answer
    is_multiple  several answers a person: cells add up to more than the total
    """

    answers: Dimension
    groups: Dimension | None
    cells: tuple[tuple[int | None, ...], ...]
    totals: tuple[int | None, ...]
    answers_of_all: tuple[int | None, ...]
    all: int | None
    is_multiple: bool = False

    @property
    def name(self) -> str:
        return f"{self.answers.key}-by-{self.groups.key}" if self.groups is not None else self.answers.key


def protected(answers: Frame, keys: NDArray[np.float64]) -> Iterator[Protected]:
    """All tables of the published questions. keys: (n,) the answers' record keys, in the frame's order."""
    shown = {question.key: question for question in published(answers.definition)}
    variables = [one for one in answers.variables.values() if one.question in shown and one.kind != "measured"]
    breaks = [
        variables_of
        for key in answers.definition.results.breaks
        for variables_of in variables
        if variables_of.key == key and variables_of.kind == "coded" and not getattr(shown[key], "sensitive", False)
    ]
    for variable in variables:
        sensitive = is_sensitive(shown[variable.question])
        column = answers.column(variable.key)
        yield _table(variable, column, None, None, keys, sensitive)
        for group in breaks:
            if group.question != variable.question and len(group.points) * len(variable.points) <= MOST_CELLS:
                by = answers.column(group.key)
                assert isinstance(by, Coded)  # noqa: S101 - its kind says so
                yield _table(variable, column, group, by, keys, sensitive)


def _table(
    variable: Variable,
    column: object,
    group: Variable | None,
    by: Coded | None,
    keys: NDArray[np.float64],
    is_sensitive: bool,
) -> Protected:
    assert isinstance(column, Coded | Masked)  # noqa: S101 - measured ones were left out
    n_groups = 1 if group is None else len(group.points)
    rows = np.zeros(len(keys), dtype=np.int64) if by is None else by.codes.astype(np.int64)
    in_group = rows < n_groups
    size = len(variable.points)
    if isinstance(column, Coded):
        has = in_group & (column.codes < size)
        cell = rows[has] * size + column.codes[has].astype(np.int64)
        n, keyed = _counted(cell, keys[has], n_groups * size)
        counts, sums = n.reshape(n_groups, size), keyed.reshape(n_groups, size)
    else:
        has = in_group & (column.status == 0)
        chosen = [column.chosen(place) & has for place in range(size)]
        parts = [_counted(rows[one], keys[one], n_groups) for one in chosen]
        counts = np.stack([count for count, _ in parts], axis=1) if parts else np.zeros((n_groups, 0), np.int64)
        sums = np.stack([keyed for _, keyed in parts], axis=1) if parts else np.zeros((n_groups, 0))
    totals, total_keys = _counted(rows[has], keys[has], n_groups)
    hidden, hidden_totals = _hidden(counts, totals, is_sensitive, is_multiple=isinstance(column, Masked))
    return Protected(
        _dimension(variable),
        None if group is None else _dimension(group),
        tuple(_shown(row, keyed, out) for row, keyed, out in zip(counts, sums, hidden, strict=True)),
        _shown(totals, total_keys, hidden_totals),
        _shown(counts.sum(axis=0), sums.sum(axis=0), _small(counts.sum(axis=0), is_sensitive)),
        _shown(totals.sum(keepdims=True), total_keys.sum(keepdims=True), _small(totals.sum(keepdims=True), False))[0],
        isinstance(column, Masked),
    )


def _counted(
    cells: NDArray[np.int64], keys: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(size,) how many are in each cell, and the sum of their keys."""
    sums = np.zeros(size)
    np.add.at(sums, cells, keys)
    return np.bincount(cells, minlength=size).astype(np.int64), sums


def _hidden(
    counts: NDArray[np.int64], totals: NDArray[np.int64], is_sensitive: bool, *, is_multiple: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which cells and which totals of groups are hidden."""
    few = (totals > 0) & (totals < PUBLIC.base)
    if not counts.size:
        return np.zeros(counts.shape, dtype=bool), few
    also = np.repeat(few[:, None], counts.shape[1], axis=1)
    if is_sensitive and len(counts) > 1 and not is_multiple:
        also |= uniform_groups(counts)
    threshold = PUBLIC.sensitive if is_sensitive else PUBLIC.base
    if is_multiple:
        # Options of one question do not add up; over the groups each does.
        return suppress(counts, threshold, row_totals=False, column_totals=len(counts) > 1, also=also).hidden, few
    return suppress(counts, threshold, column_totals=len(counts) > 1, also=also).hidden, few


def _small(counts: NDArray[np.int64], is_sensitive: bool) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (counts > 0) & (counts < (PUBLIC.sensitive if is_sensitive else PUBLIC.base))
    return found


def _shown(
    counts: NDArray[np.int64], keys: NDArray[np.float64], hidden: Sequence[bool] | NDArray[np.bool_]
) -> tuple[int | None, ...]:
    found = rounded(counts, keys, BASE)
    return tuple(None if out else int(count) for count, out in zip(found, hidden, strict=True))


def _dimension(variable: Variable) -> Dimension:
    labels = tuple(variable.labels.get(point, {}) for point in variable.points)
    return Dimension(variable.key, variable.text, tuple(variable.points), labels)
