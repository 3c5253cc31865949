"""All counted answers of a survey at one snapshot, as columns: where every figure begins.

made = await frame(survey_id)
made.variables["q1"].labels, made.column("q1"), made.ids()
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from consult.columns.answers import LeftOut, Snapshot, blocks, marks, snapshot
from consult.columns.column import KINDS, Coded, Column, Columns, Decoding, Masked, kinds_of_missing
from consult.columns.united import united
from consult.columns.variables import Found, Variable, variables
from consult.errors import NotFound
from consult.surveys import queries as surveys
from consult.surveys.definition import Definition
from consult.surveys.flags import ALL

MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class Frame:
    """n answers. Rows are ordered by id, never by time.

    snapshot    which answers these are; equal keys mean equal answers
    definition  of all versions, united
    variables   questions in their order, then paradata (@channel, @language, @version, @day, @month, @weekday)
    left        which answers are left out because of their flags
    """

    survey_id: UUID
    snapshot: Snapshot
    definition: Definition
    n: int
    variables: Mapping[str, Variable]
    left: LeftOut
    columns: Columns
    _ids: NDArray[np.void]

    def column(self, key: str) -> Column:
        """Raises KeyError for a variable that there is not."""
        return self.columns.by_key[key]

    def ids(self) -> NDArray[np.void]:
        """(n,) the responses' ids, 16 bytes each: `UUID(bytes=ids[i].tobytes())`."""
        return self._ids


_kept: OrderedDict[tuple[UUID, tuple[str, ...]], tuple[int, Frame]] = OrderedDict()


async def frame(survey_id: UUID, *, without: Collection[str] = ()) -> Frame:
    """The survey's answers as they are now. Raises NotFound for a survey that was never published.

    without  flags whose answers are left out.
    """
    chosen = tuple(flag for flag in ALL if flag in without)
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    now = dataclasses.replace(await snapshot(survey_id), without=chosen)
    name = (survey_id, chosen)
    kept = _kept.get(name)
    if kept is not None and kept[0] == len(versions) and kept[1].snapshot.key == now.key:
        return kept[1]
    definition = united([version.definition for version in versions])
    decoding = Decoding(definition, {version.number: version.definition for version in versions})
    facts: list[tuple[str, str, int, date]] = []
    ids: list[bytes] = []
    async for block in blocks(survey_id, without=chosen):
        for answered in block:
            decoding.add(answered.answers, answered.channel, answered.version)
            facts.append((answered.channel, answered.language, answered.version, answered.day))
            ids.append(answered.id.bytes)
    made = decoding.columns()
    made = dataclasses.replace(made, by_key={**made.by_key, **_paradata(facts)})
    found: dict[str, Found] = {key: _found(column) for key, column in made.by_key.items()}
    _, left = await marks(survey_id, chosen)
    frame = Frame(survey_id, now, definition, made.n, variables(definition, found), left, made,
                  np.frombuffer(b"".join(ids), dtype="V16"))  # fmt: skip
    _kept[name] = (len(versions), frame)
    _kept.move_to_end(name)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return frame


def _found(column: Column) -> Found:
    if isinstance(column, Coded):
        return "coded", column.points
    return ("masked", column.points) if isinstance(column, Masked) else ("measured", ())


def _paradata(facts: list[tuple[str, str, int, date]]) -> dict[str, Column]:
    return {
        "@channel": _coded([channel for channel, *_ in facts]),
        "@language": _coded([language for _, language, *_ in facts]),
        "@version": _coded([version for _, _, version, _ in facts]),
        "@day": _coded([day.isoformat() for *_, day in facts]),
        "@month": _coded([day.isoformat()[:7] for *_, day in facts]),
        "@weekday": _coded([day.isoweekday() for *_, day in facts]),
    }


def _coded(values: list[str] | list[int]) -> Coded:
    points, codes = np.unique(np.array(values), return_inverse=True)
    dtype = np.uint8 if len(points) < 250 else np.uint16
    assert len(kinds_of_missing(dtype)) == len(KINDS)  # noqa: S101
    return Coded(codes.astype(dtype), tuple(str(point) for point in points), kinds_of_missing(dtype))
