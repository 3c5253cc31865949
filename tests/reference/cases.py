"""Reading reference cases.

The format `statref/1`, one JSON file per topic:

    {"schema": "statref/1", "software": "...", "note": null or "...",
     "designs": {name: design}, "cases": [case, ...]}

A case:

    id          unique within its file
    statistic   one of the closed list in `names`
    data        NAME of `data/NAME.csv` beside the JSON file; may be absent where args say everything
    design      a name in `designs`, or a design itself, or absent: simple random sample, equal weights, no fpc
    args        what to compute: variables, confidence level, rule, ...; an empty list stands for no arguments
    call        the R call that gave the expected figures, D being the design
    expected    key -> number, text, boolean, null, or lists and objects of them
    rtol, atol  tolerance: |got - want| <= atol + rtol |want|; what is absent is 0
    reference   where figures or data come from

A design: `weights` (a column, a number, or the words "implied by fpc": product over stages of population count by
units drawn), `strata` (a column), `ids` (columns, outermost stage first; absent or null: rows are the units), `fpc`
(columns of population counts, one per stage), `nest` (ids repeat between strata; here every id is taken within its
stratum, so it makes no difference).

A data file is CSV with a header. A column whose cells all read as numbers is one, others are texts. An empty cell or a
bare NA is missing; "NA" in quotes is a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design

SCHEMA = "statref/1"
_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)')
_BARE_MISSING = {"", "NA"}


@dataclass(frozen=True)
class Column:
    """A column of a data file: numbers with NaN, or texts with None, for missing cells. Both of shape (n,)."""

    name: str
    numbers: NDArray[np.float64] | None
    texts: tuple[str | None, ...]

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The distinct values as texts, in R's order of factor levels: numbers by size, texts by their letters."""
        if self.numbers is not None:
            return tuple(f"{value:.15g}" for value in np.unique(self.numbers[~np.isnan(self.numbers)]))
        return tuple(sorted({text for text in self.texts if text is not None}))

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """Position of each row's value in `levels`, -1 where it is missing."""
        if self.numbers is not None:
            _, codes = np.unique(self.numbers, return_inverse=True)
            return np.where(np.isnan(self.numbers), -1, codes).astype(np.int64)
        place = {level: code for code, level in enumerate(self.levels)}
        return np.array([-1 if text is None else place[text] for text in self.texts], dtype=np.int64)


@dataclass(frozen=True)
class Case:
    """One case, with the data that it is about."""

    file: str
    id: str
    statistic: str
    columns: Mapping[str, Column]
    declared: Mapping[str, Any] | None
    args: Mapping[str, Any]
    call: str
    expected: Mapping[str, Any]
    rtol: float
    atol: float
    others: Mapping[str, Case] = field(repr=False)
    """All cases of the file by id: some start from another's result."""
    fault: str | None = None
    """Why the case cannot be evaluated at all: its data or design is missing."""

    @property
    def n(self) -> int:
        return next((len(column.texts) for column in self.columns.values()), 0)

    @property
    def level(self) -> float:
        """The confidence level of the intervals."""
        return float(self.args.get("level", 0.95))

    def column(self, name: str) -> NDArray[np.float64]:
        """A column of numbers, NaN = missing. Truth values become 1 and 0; other texts are an error of the case."""
        column = self.columns[name]
        if column.numbers is not None:
            return column.numbers
        truth = {"TRUE": 1.0, "T": 1.0, "true": 1.0, "FALSE": 0.0, "F": 0.0, "false": 0.0, None: float("nan")}
        if not set(column.texts) <= set(truth):
            raise ValueError(f"column {name!r} holds texts")
        return np.array([truth[text] for text in column.texts])

    def matrix(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Columns of numbers side by side, shape (n, k)."""
        return np.column_stack([self.column(name) for name in names])

    def codes(self, name: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """A column as codes, -1 = missing, and the texts of its levels. See `Column`."""
        return self.columns[name].codes, self.columns[name].levels

    def equals(self, name: str, value: object) -> NDArray[np.float64]:
        """1 where a column has the value, 0 where another, NaN where it is missing."""
        codes, levels = self.codes(name)
        wanted = level_text(value)
        code = levels.index(wanted) if wanted in levels else len(levels)
        return np.where(codes < 0, np.nan, (codes == code).astype(np.float64))

    def condition(self, text: str) -> NDArray[np.float64]:
        """A condition such as `api_band >= 4`, `sch.wide == Yes`, `age > 30 & sex == 2`: 1, 0, NaN = missing."""
        alternatives = [
            _all([_comparison(self, part) for part in re.split(r"&&?", alternative)])
            for alternative in re.split(r"\|\|?", text)
        ]
        return alternatives[0] if len(alternatives) == 1 else 1 - _all([1 - part for part in alternatives])

    @cached_property
    def design(self) -> Design:
        """The declared design; an id counts within its stratum and the unit around it."""
        declared = self.declared or {}
        strata = [self.columns[name].codes for name in _names(declared.get("strata"))]
        ids = tuple(self.columns[name].codes for name in _names(declared.get("ids")))
        fpc = tuple(self.column(name) for name in _names(declared.get("fpc")))
        weights = self._weights(declared.get("weights"), strata[0] if strata else None, ids, fpc)
        return Design(weights, strata[0] if strata else None, ids, fpc, later_strata=tuple(strata[1:]))

    def _weights(
        self,
        declared: object,
        strata: NDArray[np.int64] | None,
        ids: Sequence[NDArray[np.int64]],
        fpc: Sequence[NDArray[np.float64]],
    ) -> NDArray[np.float64]:
        if isinstance(declared, str) and declared in self.columns:
            return self.column(declared)
        if isinstance(declared, int | float):
            return np.full(self.n, float(declared))
        implied = Design(np.ones(self.n), strata, tuple(ids), tuple(fpc)).stratified
        weights = np.ones(self.n)
        for stage, population in zip(implied, fpc, strict=False):
            strata_of_rows = stage.strata_of_rows
            weights = weights * population / stage.drawn[strata_of_rows]
        return weights


def level_text(value: object) -> str:
    """A value as the text of a factor level: 1 and 1.0 are "1"."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, int | float) else str(value).strip()


def read_folder(folder: Path) -> Iterator[Case]:
    """All cases of the JSON files in a folder, in the order of the files' names."""
    contents = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    contents = {path: content for path, content in contents.items() if _is_reference(content)}
    shared: dict[str, Any] = {}  # A file may name a design that only another file describes.
    for content in contents.values():
        shared.update(content.get("designs") or {})
    tables: dict[str, dict[str, Column]] = {}
    for path, content in contents.items():
        designs = shared | dict(content.get("designs") or {})
        cases: dict[str, Case] = {}
        for record in content["cases"]:
            cases[record["id"]] = _read(path, record, designs, tables, cases)
        yield from cases.values()


def _is_reference(content: object) -> bool:
    return isinstance(content, dict) and content.get("schema") == SCHEMA


def _read(
    path: Path,
    record: Mapping[str, Any],
    designs: Mapping[str, Any],
    tables: dict[str, dict[str, Column]],
    others: Mapping[str, Case],
) -> Case:
    fault = None
    data, design = record.get("data"), record.get("design")
    source = path.parent / "data" / f"{data}.csv"
    if data and data not in tables:
        tables[data] = read_table(source) if source.is_file() else {}
    if data and not tables[data]:
        fault = f"there is no data file {source.name}"
    if isinstance(design, str):
        fault = fault if design in designs else f"no design is named {design!r}"
        design = designs.get(design)
    return Case(
        file=path.name,
        id=record["id"],
        statistic=record["statistic"],
        columns=tables[data] if data else {},
        declared=design or None,
        args=record.get("args") or {},
        call=record.get("call") or "",
        expected=record["expected"],
        rtol=float(record.get("rtol") or 0),
        atol=float(record.get("atol") or 0),
        others=others,
        fault=fault,
    )


def read_table(path: Path) -> dict[str, Column]:
    """A data file's columns by name, in order."""
    rows: list[list[str | None]] = [[]]
    text = path.read_text(encoding="utf-8-sig")
    for match in _CELL.finditer(text):
        quoted, bare, end = match.groups()
        value = quoted.replace('""', '"') if quoted is not None else None if bare in _BARE_MISSING else bare
        rows[-1].append(value)
        if end != ",":
            rows.append([])
        if match.end() == len(text):
            break
    header, *body = rows
    body = [row for row in body if len(row) == len(header)]
    columns = zip(*body, strict=True) if body else [()] * len(header)
    return {str(name): _column(str(name), cells) for name, cells in zip(header, columns, strict=True)}


def _column(name: str, cells: tuple[str | None, ...]) -> Column:
    try:
        numbers = np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=np.float64)
    except ValueError:
        return Column(name, None, cells)
    return Column(name, numbers, cells)


def _comparison(case: Case, text: str) -> NDArray[np.float64]:
    text = text.strip()
    while text.startswith(("(", "I(")):
        text = text[text.index("(") + 1 :].removesuffix(")").strip()
    if text in case.columns:
        x = case.column(text)
        return np.where(np.isnan(x), np.nan, (x != 0).astype(np.float64))
    match = re.fullmatch(r"(.+?)\s*(==|!=|>=|<=|>|<|%in%)\s*(.*)", text)
    if match is None or match[1] not in case.columns:
        raise ValueError(f"a condition that is not understood: {text!r}")
    name, sign, value = match[1], match[2], match[3].strip().strip("'\"")
    if sign == "%in%":
        values = [part.strip().strip("'\"") for part in re.sub(r"^c\((.*)\)$", r"\1", value).split(",")]
        return np.asarray(np.max([case.equals(name, _typed(case, name, part)) for part in values], axis=0))
    if sign in ("==", "!="):
        equal = case.equals(name, _typed(case, name, value))
        return equal if sign == "==" else 1 - equal
    x = case.column(name)
    compared = {">=": x >= float(value), "<=": x <= float(value), ">": x > float(value), "<": x < float(value)}[sign]
    return np.where(np.isnan(x), np.nan, compared.astype(np.float64))


def _typed(case: Case, name: str, value: str) -> object:
    """A value as the column has it: 1 of a column of numbers may be written 1 or 1.0."""
    return float(value) if case.columns[name].numbers is not None else value


def _all(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Logical and of three values, as in R: false if any is false, else missing if any is missing."""
    stacked = np.vstack(parts)
    false = (stacked == 0).any(axis=0)
    return np.where(false, 0.0, np.where(np.isnan(stacked).any(axis=0), np.nan, 1.0))


def _names(value: object) -> list[str]:
    """A name, a list of names, or none (null, 0, 1: the rows are the units)."""
    if isinstance(value, str):
        return [value] if value and value not in ("0", "1") else []
    return [str(name) for name in value if name] if isinstance(value, list | tuple) else []
