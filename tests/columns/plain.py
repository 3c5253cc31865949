"""A second decoder, plain and slow: one answer after the other. What the store holds has to be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.columns.column import (
    KINDS,
    NO,
    WORD,
    WRITTEN,
    YES,
    Coded,
    Column,
    Masked,
    Measured,
    kinds_of_missing,
    outside_of,
    places_of,
    points_of,
)
from consult.surveys.definition.schema import (
    Allocation,
    AnyQuestion,
    Calculated,
    Consent,
    Date,
    DateRange,
    Definition,
    Hidden,
    MatrixMultiple,
    MatrixScale,
    MatrixSingle,
    Multiple,
    Number,
    Place,
    Ranking,
    Time,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """n responses. A matrix has one column per row, named question.row.

    texts  question key -> how many gave an answer that has no column: texts, addresses, files, days.
    spans  question key -> the first and the last day or time given.
    lacking  question.option -> (n,) True where the version that was answered had no such option.
    """

    n: int
    by_key: Mapping[str, Column]
    channels: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lacking: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)


class _Coder:
    """Turns one question's (or matrix row's) answers into codes, one by one."""

    def __init__(self, points: tuple[str, ...], outside: Mapping[str, str]) -> None:
        dtype = np.uint8 if len(points) < 250 else np.uint16
        self.points = points
        self.missing = kinds_of_missing(dtype)
        self.code = {point: number for number, point in enumerate(points)}
        self.code |= {code: self.missing[kind] for code, kind in outside.items()}
        self.codes: NDArray[np.integer] = np.array([], dtype=dtype)
        self.dtype = dtype
        self.seen: list[int] = []

    def add(self, asked: bool, answer: object) -> None:
        if not asked:
            self.seen.append(self.missing["not_asked"])
        else:
            self.seen.append(self.code.get(str(answer), self.missing["skipped"]))

    def column(self) -> Coded:
        return Coded(np.array(self.seen, dtype=self.dtype), self.points, self.missing)


class _Masker:
    def __init__(self, points: tuple[str, ...], outside: Mapping[str, str]) -> None:
        self.points = points
        self.place = {point: number for number, point in enumerate(points)}
        self.outside = outside
        self.masks: list[int] = []
        self.status: list[int] = []

    def add(self, asked: bool, answer: object) -> None:
        chosen = answer if isinstance(answer, list) else []
        mask = sum({1 << self.place[code] for code in chosen if code in self.place})
        kind = next((self.outside[code] for code in chosen if code in self.outside), "skipped")
        self.masks.append(mask)
        self.status.append(0 if mask else 1 + KINDS.index(kind if asked else "not_asked"))

    def column(self) -> Masked:
        words = max(1, -(-len(self.points) // WORD))
        bits = np.array(
            [[(mask >> (WORD * word)) & (2**WORD - 1) for word in range(words)] for mask in self.masks], dtype=np.uint64
        )
        return Masked(bits.reshape(len(self.masks), words), np.array(self.status, dtype=np.uint8), self.points)


class _Measurer:
    def __init__(self, outside: Mapping[str, str]) -> None:
        self.outside = outside
        self.values: list[float] = []
        self.status: list[int] = []

    def add(self, asked: bool, answer: object) -> None:
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        self.values.append(float(answer) if is_number else np.nan)  # type: ignore[arg-type]
        kind = self.outside.get(str(answer), "skipped") if asked else "not_asked"
        self.status.append(0 if is_number else 1 + KINDS.index(kind))

    def column(self) -> Measured:
        return Measured(np.array(self.values, dtype=np.float64), np.array(self.status, dtype=np.uint8))


class _Ticker(_Coder):
    """A consent: a box that was left empty is an answer too."""

    def __init__(self) -> None:
        super().__init__((YES, NO), {})

    def add(self, asked: bool, answer: object) -> None:
        super().add(asked, YES if answer is True else NO)


class _Collector:
    """Values that are known only when all are there: what a link brought, what a survey computed."""

    def __init__(self) -> None:
        self.given: list[tuple[bool, object]] = []

    def add(self, asked: bool, answer: object) -> None:
        self.given.append((asked, answer))

    @property
    def values(self) -> list[object]:
        return [answer for _, answer in self.given if answer is not None]

    def column(self) -> Coded | Measured | None:
        """Numbers are measured, truths coded; texts become no column (None)."""
        made: _Coder | _Measurer
        if all(isinstance(value, bool) for value in self.values):
            made = _Coder((str(True), str(False)), {})
        elif all(isinstance(value, int | float) for value in self.values):
            made = _Measurer({})
        else:
            return None
        return self._filled(made)

    def codes(self) -> Coded:
        """Each value as a code, the most frequent first."""
        often = Counter(str(value) for value in self.values).most_common()
        found = self._filled(_Coder(tuple(value for value, _ in sorted(often, key=lambda one: (-one[1], one[0]))), {}))
        assert isinstance(found, Coded)
        return found

    def _filled(self, made: _Coder | _Measurer) -> Coded | Measured:
        for asked, answer in self.given:
            made.add(asked, answer)
        return made.column()


class Decoding:
    """Responses on their way to columns: `add` each one, then take the `columns`.

    What the definition does not know counts as skipped. versions: what each of them asked, if there are several.
    """

    def __init__(self, definition: Definition, versions: Mapping[int, Definition] | None = None) -> None:
        self.n = 0
        self.versions: list[int] = []
        self.lacks = _lacking(definition, versions or {})
        self.channels: dict[str, int] = {}
        self.plain: list[tuple[str, _Coder | _Masker | _Measurer]] = []
        self.matrices: list[tuple[str, str, _Coder | _Masker | _Measurer]] = []
        self.computed: list[tuple[str, _Collector]] = []
        self.linked: list[tuple[str, _Collector]] = []
        self.texts = {question.key: 0 for question in definition.questions if isinstance(question, WRITTEN)}
        self.spans: dict[str, tuple[str, str]] = {}
        self.dated = {question.key for question in definition.questions if isinstance(question, Date | Time)}
        self.dated |= {question.key for question in definition.questions if isinstance(question, DateRange)}
        for question in definition.questions:
            self._prepare(question)

    def _prepare(self, question: AnyQuestion) -> None:
        points, outside = points_of(question), outside_of(question)
        if isinstance(question, MatrixScale | MatrixSingle):
            self.matrices += [(question.key, row.code, _Coder(points, outside)) for row in question.rows]
        elif isinstance(question, MatrixMultiple):
            self.matrices += [(question.key, row.code, _Masker(points, outside)) for row in question.rows]
        elif isinstance(question, Ranking | Allocation):
            self.matrices += [(question.key, code, _Measurer({})) for code in points]
        elif isinstance(question, Multiple):
            self.plain.append((question.key, _Masker(points, outside)))
        elif isinstance(question, Number):
            self.plain.append((question.key, _Measurer(outside)))
        elif isinstance(question, Consent):
            self.plain.append((question.key, _Ticker()))
        elif isinstance(question, Calculated):
            self.computed.append((question.key, _Collector()))
        elif isinstance(question, Hidden) and not points:
            self.linked.append((question.key, _Collector()))
        elif points or isinstance(question, Place):
            self.plain.append((question.key, _Coder(points, outside)))

    def add(self, given: Mapping[str, Any], channel: str, version: int = 0) -> None:
        self.n += 1
        self.versions.append(version)
        self.channels[channel] = self.channels.get(channel, 0) + 1
        for key, coder in chain(self.plain, self.computed, self.linked):
            coder.add(key in given, given.get(key))
        for key, row, coder in self.matrices:
            cells = given.get(key)
            of_row = cells if isinstance(cells, dict) else places_of(cells)
            coder.add(row in of_row or (key in given and cells is None), of_row.get(row))
        for key in self.texts:
            self.texts[key] += bool(given.get(key))
        for key in self.dated:
            self._span(key, given.get(key))

    def _span(self, key: str, answer: object) -> None:
        found = [str(one) for one in (answer.values() if isinstance(answer, dict) else [answer]) if one]
        if found:
            known = self.spans.get(key, (found[0], found[0]))
            self.spans[key] = (min(known[0], *found), max(known[1], *found))

    def columns(self) -> Columns:
        by_key: dict[str, Column] = {key: made.column() for key, made in self.plain}
        by_key |= {f"{key}.{row}": made.column() for key, row, made in self.matrices}
        texts = dict(self.texts)
        for key, collected in self.computed:
            column = collected.column()
            if column is None:
                texts[key] = len(collected.values)
            else:
                by_key[key] = column
        for key, collected in self.linked:
            by_key[key] = collected.codes()
            texts[key] = len(collected.values)
        number = np.array(self.versions, dtype=np.int32)
        lacking = {name: np.isin(number, sorted(lacks)) for name, lacks in self.lacks.items()}
        return Columns(self.n, by_key, self.channels, texts, self.spans, lacking)


def _lacking(definition: Definition, versions: Mapping[int, Definition]) -> dict[str, set[int]]:
    """question.option -> the versions that asked the question without this option; only of several choices."""
    offered = {
        number: {(q.key, option.code) for q in asked.questions if isinstance(q, Multiple) for option in q.options}
        for number, asked in versions.items()
    }
    every = [(q.key, option.code) for q in definition.questions if isinstance(q, Multiple) for option in q.options]
    found = {f"{key}.{code}": {n for n, had in offered.items() if (key, code) not in had} for key, code in every}
    return {name: lacks for name, lacks in found.items() if lacks}
