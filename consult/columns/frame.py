"""All counted answers of a survey at one snapshot, as columns: where every figure begins.

made = await frame(survey_id)
made.variables["q1"].labels, made.column("q1"), made.frequencies("q1"), made.ids()
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from consult.columns import store
from consult.columns.column import Column
from consult.columns.layout import FLAGS, MARKS, Array
from consult.columns.reading import Columns, Counted
from consult.columns.snapshot import LeftOut, Snapshot
from consult.columns.variables import Variable
from consult.errors import NotFound
from consult.storage import fetchrow
from consult.surveys.definition.schema import Definition
from consult.surveys.responses.flags import ALL, COMPUTED

MOST_KEPT = 24
DUPLICATE = COMPUTED[1]
LOOK = """select now() as taken_at,
    (select max(number) from survey_version where survey = $1) as version,
    (select generation from column_store where survey = $1) as generation,
    exists (select from response_pending where survey = $1) as waits"""


@dataclass(frozen=True, slots=True)
class Frame:
    """n answers. Rows are ordered by id within a file, never by time: join by `ids`.

    snapshot  which answers these are: equal keys mean equal answers. Its count holds those that are left out as well
    version   the newest one that was published
    columns   the answers (reading.py), of which the methods below are the most used
    marks     the flags of all answers, those that are left out as well
    """

    survey_id: UUID
    snapshot: Snapshot
    version: int
    columns: Columns
    marks: Marks

    @property
    def definition(self) -> Definition:
        """Of all versions, united."""
        return self.columns.definition

    @property
    def n(self) -> int:
        return self.columns.n

    @property
    def variables(self) -> Mapping[str, Variable]:
        """Questions in their order, then paradata: @channel, @language, @version, @day, @month, @weekday."""
        return self.columns.variables

    @property
    def left(self) -> LeftOut:
        """Which answers are left out because of their flags, and how many there are of each."""
        return LeftOut(self.snapshot.without, self.marks.counts, self.columns.rows - self.n)

    def column(self, key: str) -> Column:
        """Whole arrays of n rows; of a single file without copying. Raises KeyError where there is no such variable."""
        return self.columns.column(key)

    def frequencies(self, key: str) -> Counted:
        """How often each point occurs, at no cost per answer as long as none is left out."""
        return self.columns.frequencies(key)

    def ids(self) -> NDArray[np.void]:
        """(n,) the responses' ids, 16 bytes each: `UUID(bytes=ids[i].tobytes())`."""
        return self.columns.ids()


class Marks:
    """What is remarkable about the answers in some files: flags (see surveys/responses/flags.py) by row."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """(n,) bit i is FLAGS[i]."""
        found: NDArray[np.uint8] = self.columns.arrays(self.columns.specs[MARKS])[1][0]
        return found

    @cached_property
    def duplicates(self) -> NDArray[np.bool_]:
        """(n,) whether a long written text stands in another answer to the same question too."""
        found = np.zeros(self.columns.rows, dtype=bool)
        for spec in self.columns.specs.values():
            if spec.form == "hashed":
                found |= _repeated(self.columns.arrays(spec)[1][0])
        return found

    def having(self, flag: str) -> NDArray[np.bool_]:
        """(n,) whether each answer has the flag."""
        if flag == DUPLICATE:
            return self.duplicates
        return np.asarray(self.bits >> np.uint8(FLAGS.index(flag)) & np.uint8(1) == 1)

    def where(self, without: Collection[str]) -> NDArray[np.bool_] | None:
        """(n,) the rows that have none of the flags; None if these are all."""
        out = np.zeros(self.columns.rows, dtype=bool)
        for flag in without:
            out |= self.having(flag)
        return ~out if out.any() else None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many answers have each flag that any has."""
        return _Counts(self)

    @cached_property
    def by_response(self) -> dict[UUID, tuple[str, ...]]:
        """Each response that has any, with its flags in their order."""
        rows = np.flatnonzero((self.bits > 0) | self.duplicates)
        ids, has = self.columns.ids(), {flag: self.having(flag) for flag in ALL}
        return {UUID(bytes=ids[row].tobytes()): tuple(flag for flag in ALL if has[flag][row]) for row in rows.tolist()}


class _Counts(Mapping[str, int]):
    """Counted when somebody asks: comparing all texts takes a while, and the public pages do not need it."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks

    @cached_property
    def found(self) -> dict[str, int]:
        combined = self.marks.columns.combined(MARKS)
        own = {flag: sum(n for bits, n in combined.items() if bits >> bit & 1) for bit, flag in enumerate(FLAGS)}
        own[DUPLICATE] = int(np.count_nonzero(self.marks.duplicates))
        return {flag: own[flag] for flag in ALL if own[flag]}

    def __getitem__(self, flag: str) -> int:
        return self.found[flag]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def _repeated(hashes: Array) -> NDArray[np.bool_]:
    there = np.flatnonzero(hashes)
    _, first, counts = np.unique(hashes[there], return_inverse=True, return_counts=True)
    found = np.zeros(len(hashes), dtype=bool)
    found[there[counts[first] > 1]] = True
    return found


@dataclass(slots=True)
class _Kept:
    """What was made of one generation of files."""

    generation: UUID
    version: int
    key: tuple[int, int]
    marks: Marks
    chosen: dict[tuple[str, ...], Columns]


_kept: OrderedDict[UUID, _Kept] = OrderedDict()


async def frame(survey_id: UUID, *, without: Collection[str] = ()) -> Frame:
    """The survey's answers as they are now. Raises NotFound for a survey that was never published.

    without  flags whose answers are left out.

    As long as nothing changes this is one small question to the database. New answers are taken into the files first.
    """
    kept, taken_at = await _current(survey_id)
    flags = tuple(flag for flag in ALL if flag in without)
    columns = kept.chosen.get(flags)
    if columns is None:
        every = kept.marks.columns
        columns = kept.chosen[flags] = every.only(kept.marks.where(flags))
    days = kept.marks.columns.days or (None, None)
    snapshot = Snapshot(*kept.key, days[0], days[1], taken_at, flags)
    return Frame(survey_id, snapshot, kept.version, columns, kept.marks)


async def flagged(survey_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """The flags of every response in force that has any."""
    try:
        kept, _ = await _current(survey_id)
    except NotFound:
        return {}
    return kept.marks.by_response


async def _current(survey_id: UUID) -> tuple[_Kept, datetime]:
    look = await fetchrow(LOOK, survey_id)
    if look["version"] is None:
        raise NotFound
    found = None if look["waits"] else await store.opened(survey_id, look["generation"])
    if found is None:
        found = await store.update(survey_id)
    kept = _kept.get(survey_id)
    if kept is None or (kept.generation, kept.version) != (found.generation, look["version"]):
        definition, versions = await store.definitions(survey_id, look["version"])
        every = Columns(definition, found.segments, versions)
        kept = _kept[survey_id] = _Kept(
            found.generation, look["version"], (found.count, found.fingerprint), Marks(every), {(): every}
        )
    _kept.move_to_end(survey_id)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return kept, look["taken_at"]
