"""The columns of a survey's answers, whatever segments they are in: what is counted, and what is counted already.

`column` gives whole arrays. `frequencies`, `chosen`, `status` and `different` come from the segments' summaries as long
as all answers count, so they cost nothing per answer; otherwise from the arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consult.columns.column import KINDS, Coded, Column, Masked, Measured
from consult.columns.decoding import Decoder, batched, line
from consult.columns.joining import joined, table
from consult.columns.layout import CHANNEL, DAY, FIRST, LANGUAGE, LAST, TRUE, VERSION, WORDS, Array, Spec, specs
from consult.columns.segment import Segment, Summary, summary
from consult.columns.variables import Found, Variable, variables
from consult.surveys.definition import schema as d

MONTH, WEEKDAY = "@month", "@weekday"
FACTS = (CHANNEL, LANGUAGE, VERSION, DAY, MONTH, WEEKDAY)
BATCH = 4096
NO_ID = "00000000-0000-4000-8000-%012x"
SKIPPED = 1 + KINDS.index("skipped")


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each of the points was chosen, n in all, and how many have each kind of no answer."""

    points: tuple[str, ...]
    counts: tuple[int, ...]
    n: int
    missing: Mapping[str, int]

    @classmethod
    def of(cls, points: Iterable[str], counts: Iterable[int], missing: Mapping[str, int]) -> Counted:
        numbers = tuple(counts)
        return cls(tuple(points), numbers, sum(numbers), dict(missing))


class Columns:
    """Answers, all of some segments or only some rows.

    where     (rows,) those that count, in the segments' order; None counts all
    versions  what each version asked, if there are several
    """

    def __init__(
        self,
        definition: d.Definition,
        segments: Sequence[Segment],
        versions: Mapping[int, d.Definition] | None = None,
        where: NDArray[np.bool_] | None = None,
    ) -> None:
        self.definition, self.segments, self.where = definition, segments, where
        self.specs = specs(definition)
        self.rows = sum(segment.n for segment in segments)
        self.n = self.rows if where is None else int(np.count_nonzero(where))
        self.versions = versions or {}
        self.lacks = lacking(definition, self.versions)

    def only(self, where: NDArray[np.bool_] | None) -> Columns:
        """Some of all rows."""
        return self if where is None else Columns(self.definition, self.segments, self.versions, where)

    def ids(self) -> NDArray[np.void]:
        """(n,) 16 bytes each; rising within each segment."""
        found = [segment.ids for segment in self.segments]
        whole = found[0] if len(found) == 1 else np.concatenate([np.empty(0, dtype="V16"), *found])
        return whole if self.where is None else whole[self.where]

    def arrays(self, spec: Spec) -> tuple[Spec, tuple[Array, ...]]:
        """What is stored of a column, of the rows that count."""
        held = joined(spec, self.segments)
        parts = held.parts if self.where is None else tuple(part[self.where] for part in held.parts)
        return held.spec, parts

    def column(self, key: str) -> Column:
        """A question's, row's or fact's column. Raises KeyError where there is none."""
        if key in (MONTH, WEEKDAY):
            return self._calendar(key)
        spec = self.specs[key]
        if spec.form == "computed":
            return self._computed(spec)
        found, parts = self.arrays(spec)
        match spec.form:
            case "coded":
                return Coded(parts[0], found.points, found.missing)
            case "listed":
                return self._often_first(key, found, parts[0])
            case "masked":
                return Masked(parts[0], parts[1], found.points)
            case "measured":
                return Measured(parts[0], parts[1])
        raise KeyError(key)

    def _often_first(self, key: str, spec: Spec, codes: Array) -> Coded:
        """Codes of a link in the order in which they are shown: the most frequent first. Facts keep their own order."""
        if key in FACTS:
            return Coded(codes, spec.points, spec.missing)
        order = self.frequencies(key).points
        new = Spec(spec.name, spec.form, order)
        return Coded(table(spec, new)[_low(codes, spec)], order, new.missing)

    def _computed(self, spec: Spec) -> Column:
        kind = self.kinds.get(spec.name)
        if kind is None:
            raise KeyError(spec.name)
        values, status = self.arrays(spec)[1]
        if kind == "measured":
            return Measured(values, np.where(status >= TRUE, SKIPPED, status).astype(np.uint8))
        new = Spec(spec.name, "coded", (str(True), str(False)))
        codes = np.array([new.missing["skipped"], *new.missing.values(), 0, 1], dtype=np.uint8)
        return Coded(codes[status], new.points, new.missing)

    def _calendar(self, key: str) -> Coded:
        day = self.column(DAY)
        assert isinstance(day, Coded)  # noqa: S101 - a listed fact
        names = [point[:7] if key == MONTH else str(date.fromisoformat(point).isoweekday()) for point in day.points]
        new = Spec(key, "listed", tuple(sorted(set(names))))
        codes = np.array([new.points.index(name) for name in names], dtype=new.dtype)
        return Coded(codes[day.codes] if names else codes, new.points, new.missing)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What computed values turned out to be: coded (truths), measured (numbers); texts are in no column."""
        found = {}
        for name, spec in self.specs.items():
            if spec.form == "computed":
                status = self._status(spec)
                if not status[WORDS]:
                    found[name] = "measured" if status[0] else "coded"
        return found

    @cached_property
    def found(self) -> dict[str, Found]:
        """Kind and points of every column that `column` gives."""
        made: dict[str, Found] = {}
        for name, spec in self.specs.items():
            if spec.form == "listed" and "#" not in name:
                made[name] = ("coded", self.frequencies(name).points)
            elif spec.form == "computed" and name in self.kinds:
                measured = self.kinds[name] == "measured"
                made[name] = ("measured", ()) if measured else ("coded", (str(True), str(False)))
            elif spec.form in ("coded", "masked"):
                made[name] = ("coded" if spec.form == "coded" else "masked", spec.points)
            elif spec.form == "measured":
                made[name] = ("measured", ())
        days = made[DAY][1]
        made[MONTH] = ("coded", tuple(sorted({day[:7] for day in days})))
        made[WEEKDAY] = ("coded", tuple(sorted({str(date.fromisoformat(day).isoweekday()) for day in days})))
        return made

    @cached_property
    def variables(self) -> dict[str, Variable]:
        return variables(self.definition, self.found)

    def __contains__(self, key: object) -> bool:
        return key in self.found

    # What has been counted already.

    def _summaries(self, spec: Spec) -> Iterable[tuple[Spec, Summary]]:
        if self.where is not None:
            found, parts = self.arrays(spec)
            yield found, summary(found, parts)
            return
        for segment in self.segments:
            held = segment.held.get(spec.name)
            if held is not None:
                yield held.spec, held.summary
            else:
                yield spec, summary(spec, spec.nothing(segment.n))

    def frequencies(self, key: str) -> Counted:
        """How often each point was chosen, and each kind of no answer. Raises KeyError for other columns."""
        if key in (MONTH, WEEKDAY) or self.specs[key].form == "computed":
            return _counted(self.column(key))
        spec = self.specs[key]
        counts: dict[str, int] = dict.fromkeys(spec.points, 0)
        missing = dict.fromkeys(KINDS, 0)
        for own, one in self._summaries(spec):
            if one.codes is None:
                return self._recounted(spec)
            kinds = {code: kind for kind, code in own.missing.items()}
            if spec.form == "listed":
                counts = dict.fromkeys(own.points, 0) | counts
            for code, number in one.codes.items():
                point = own.points[code] if code < len(own.points) else None
                if point is None or (spec.points and point not in counts):
                    missing[kinds.get(code, "skipped")] += number
                else:
                    counts[point] = counts.get(point, 0) + number
        return _in_order(spec, counts, missing)

    def combined(self, name: str) -> dict[int, int]:
        """How many rows have each combination of bits."""
        found: dict[int, int] = {}
        for _, one in self._summaries(self.specs[name]):
            for bits, number in (one.codes or {}).items():
                found[bits] = found.get(bits, 0) + number
        return found

    def _recounted(self, spec: Spec) -> Counted:
        found, parts = self.arrays(spec)
        seen = np.bincount(_low(parts[0], found), minlength=len(found.points) + len(KINDS)).tolist()
        counts = dict(zip(found.points, seen, strict=False))
        return _in_order(spec, counts, dict(zip(KINDS, seen[len(found.points) :], strict=True)))

    def chosen(self, key: str) -> tuple[int, ...]:
        """How many chose each option of several."""
        spec = self.specs[key]
        counts = dict.fromkeys(spec.points, 0)
        for own, one in self._summaries(spec):
            for point, number in zip(own.points, one.chosen, strict=True):
                if point in counts:
                    counts[point] += number
        return tuple(counts.values())

    def _status(self, spec: Spec) -> list[int]:
        total = [0] * (WORDS + 1)
        for _, one in self._summaries(spec):
            for kind, number in enumerate(one.status):
                total[kind] += number
        return total

    def status(self, key: str) -> list[int]:
        """How many answered (first), and how many have each kind of no answer."""
        found = self._status(self.specs[key])
        found[SKIPPED] += sum(found[TRUE:])
        return found[: len(KINDS) + 1]

    def different(self, key: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The different numbers given, rising, and how often each."""
        spec, counts = self.specs[key], dict[float, int]()
        for _, one in self._summaries(spec):
            if one.values is None:
                values = self.arrays(spec)[1][0]
                return np.unique(values[~np.isnan(values)], return_counts=True)
            for value, number in one.values:
                counts[value] = counts.get(value, 0) + number
        order = sorted(counts)
        return np.array(order, dtype=np.float64), np.array([counts[value] for value in order], dtype=np.int64)

    @property
    def channels(self) -> dict[str, int]:
        found = self.frequencies(CHANNEL)
        return {way: number for way, number in zip(found.points, found.counts, strict=True) if number}

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day on which an answer came."""
        found = self.frequencies(DAY)
        there = [date.fromisoformat(day) for day, number in zip(found.points, found.counts, strict=True) if number]
        return (there[0], there[-1]) if there else None

    @cached_property
    def texts(self) -> dict[str, int]:
        """Question -> how many gave an answer that has no column: texts, addresses, files, days, words of a link."""
        found = {}
        for name, spec in self.specs.items():
            if spec.form == "given":
                found[name] = sum((one.codes or {}).get(1, 0) for _, one in self._summaries(spec))
            elif spec.form == "computed" and name not in self.kinds:
                status = self._status(spec)
                found[name] = status[0] + sum(status[TRUE:])
            elif spec.form == "listed" and name not in FACTS and "#" not in name:
                found[name] = self.frequencies(name).n
        return found

    @cached_property
    def spans(self) -> dict[str, tuple[str, str]]:
        """Question -> the first and the last day or time that was given."""
        found = {}
        for name in self.specs:
            key, sign, _ = name.partition(FIRST)
            if sign:
                first = _there(self.frequencies(name))
                last = _there(self.frequencies(key + LAST)) if key + LAST in self.specs else first
                if first:
                    found[key] = (first[0], last[-1])
        return found

    def lacked(self, key: str, option: str) -> int:
        """How many answered a question with several choices in a version that had no such option."""
        offered = self.offered(key, option)
        return 0 if offered is None else int(np.count_nonzero((self.arrays(self.specs[key])[1][1] == 0) & ~offered))

    def offered(self, key: str, option: str) -> NDArray[np.bool_] | None:
        """(n,) who answered in a version that has this option of several choices; None if all did."""
        gone = self.lacks.get(f"{key}.{option}")
        if gone is None:
            return None
        version = self.column(VERSION)
        assert isinstance(version, Coded)  # noqa: S101 - a listed fact
        codes = [code for code, point in enumerate(version.points) if int(point) in gone]
        return ~np.isin(version.codes, codes)

    def among(self, chosen: NDArray[np.bool_]) -> Columns:
        """Some of the rows that count: chosen is (n,)."""
        if self.where is None:
            return self.only(chosen)
        where = np.zeros(self.rows, dtype=bool)
        where[np.flatnonzero(self.where)[chosen]] = True
        return self.only(where)


def _in_order(spec: Spec, counts: dict[str, int], missing: Mapping[str, int]) -> Counted:
    if spec.form == "listed":
        is_fact = spec.name in FACTS or "#" in spec.name
        order = sorted(counts) if is_fact else sorted(counts, key=lambda point: (-counts[point], point))
        counts = {point: counts[point] for point in order if is_fact or counts[point]}
    return Counted.of(counts, counts.values(), missing)


def _counted(column: Column) -> Counted:
    assert isinstance(column, Coded)  # noqa: S101 - asked for codes only
    seen = dict(enumerate(np.bincount(column.codes).tolist()))
    counts = [seen.get(code, 0) for code in range(len(column.points))]
    return Counted.of(column.points, counts, {kind: seen.get(code, 0) for kind, code in column.missing.items()})


def _there(found: Counted) -> list[str]:
    return [point for point, number in zip(found.points, found.counts, strict=True) if number]


def _low(codes: Array, spec: Spec) -> Array:
    """Codes with the kinds of no answer moved down to stand behind the points."""
    wide = codes.astype(np.int64)
    k, top = len(spec.points), int(np.iinfo(codes.dtype).max)
    return np.where(wide < k, wide, k + top - wide)


def lacking(definition: d.Definition, versions: Mapping[int, d.Definition]) -> dict[str, set[int]]:
    """question.option -> the versions that asked the question without this option; only of several choices."""
    offered = {
        number: {(q.key, option.code) for q in asked.questions if isinstance(q, d.Multiple) for option in q.options}
        for number, asked in versions.items()
    }
    every = [(q.key, option.code) for q in definition.questions if isinstance(q, d.Multiple) for option in q.options]
    found = {f"{key}.{code}": {n for n, had in offered.items() if (key, code) not in had} for key, code in every}
    return {name: lacks for name, lacks in found.items() if lacks}


def columns(definition: d.Definition, answers: Iterable[tuple[Mapping[str, object], str]]) -> Columns:
    """Answers that are not in the database: each its answers by question key, and the channel it came by."""
    decoder = Decoder(definition, {})
    lines = (
        line(NO_ID % number, 1, "en", channel, "2000-01-01", given) for number, (given, channel) in enumerate(answers)
    )
    for batch in batched(lines, BATCH):
        decoder.add(batch)
    return Columns(definition, [decoder.taken()])
