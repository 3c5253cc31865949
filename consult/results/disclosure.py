"""What of an analyst's chart may be shown to everybody. Pure functions over specifications.

A group is hidden where its base is too small, as on the page of results. If those hidden are too few together beside
the figures of all, the next smallest goes with them, because the difference would tell.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from consult.analysis.estimate import Reason
from consult.charts.chart import Chart
from consult.charts.kinds import Band, Cell, Column, Dot, Group, Grouped, Heat, Intervals, Line, Scatter, Value, Words
from consult.charts.spec import Spec
from consult.results.counting import PUBLIC

HIDDEN = Value(reason=Reason.HIDDEN)
NOBODY = Cell(reason=Reason.HIDDEN)
replace = msgspec.structs.replace


def for_public(spec: Spec, *, least: int = PUBLIC.base) -> Spec:
    """The chart with every group of fewer than `least` people hidden; wholly hidden where all are fewer."""
    if spec.reason is not None:
        return spec
    if spec.base < least:
        return _nothing(spec)
    if isinstance(spec, Grouped):
        return _groups(spec, least)
    if isinstance(spec, Intervals):
        return _rows(spec, least)
    if isinstance(spec, Heat):
        return _matrix(spec, least)
    if isinstance(spec, Line):
        waves = tuple(w if w.base >= least else replace(w, figure=HIDDEN, base=0) for w in spec.waves)
        return replace(spec, waves=waves)
    if isinstance(spec, Scatter):
        return replace(spec, spots=tuple(spot for spot in spec.spots if spot.base >= least))
    if isinstance(spec, Words):
        return replace(spec, words=tuple(word for word in spec.words if (word.count or 0) >= least), languages={})
    return spec


def _nothing(spec: Spec) -> Spec:
    empty: dict[str, object] = {"reason": Reason.HIDDEN if spec.base else Reason.NO_ANSWERS, "base": 0, "left_out": ()}
    empty["notes" if not isinstance(spec, Chart) else "figures"] = ()
    for name in ("rows", "columns", "groups", "waves", "spots", "words"):
        if hasattr(spec, name):
            empty[name] = ()
    return replace(spec, **empty)


def hidden_places(
    bases: Sequence[int | None], totals: Sequence[bool], least: int, *, beside_all: bool = False
) -> set[int]:
    """Which groups to hide: those of too few people, and the next one where too few are left beside all of them.

    Who is in no group is hidden, too: the difference between everybody and all groups would tell of these few.

    beside_all  the number of all people is known although no group stands for them.
    """
    parts = [(base, place) for place, base in enumerate(bases) if base is not None and not totals[place]]
    hidden = {place for base, place in parts if base < least}
    rest = sorted((base, place) for base, place in parts if place not in hidden)
    everybody = max((base or 0 for base, is_total in zip(bases, totals, strict=True) if is_total), default=0)
    in_no_group = max(0, everybody - sum(base for base, _ in parts))
    together = sum(bases[place] or 0 for place in hidden)
    is_alone = 0 < together < least or 0 < together + in_no_group < least
    if is_alone and (beside_all or any(totals)) and rest:
        hidden.add(rest[0][1])
    return hidden


def _groups(spec: Grouped, least: int) -> Grouped:
    gone = hidden_places([g.base for g in spec.groups], [g.is_total for g in spec.groups], least)
    letters = {spec.groups[place].letter for place in gone}
    made: list[Group] = []
    for place, group in enumerate(spec.groups):
        if place in gone:
            made.append(replace(group, values=(), base=0, reason=Reason.HIDDEN))
        else:
            values = tuple(replace(value, letters=_without(value.letters, letters)) for value in group.values)
            made.append(replace(group, values=values))
    return replace(spec, groups=tuple(made))


def _rows(spec: Intervals, least: int) -> Intervals:
    gone = hidden_places([row.base for row in spec.rows], [row.is_total for row in spec.rows], least)
    letters = {spec.rows[place].letter for place in gone}
    made: list[Dot] = []
    for place, row in enumerate(spec.rows):
        if place in gone:
            made.append(replace(row, figure=HIDDEN, base=0))
        else:
            made.append(replace(row, figure=replace(row.figure, letters=_without(row.figure.letters, letters))))
    return replace(spec, rows=tuple(made))


def _matrix(spec: Heat, least: int) -> Heat:
    """Columns are groups where they have bases; rows are where shares are theirs, or where figures are not shares."""
    columns = hidden_places([c.base for c in spec.columns], [c.is_total for c in spec.columns], least)
    is_figures = spec.measure.kind not in ("share", "count")
    is_grid = all(column.base is None for column in spec.columns)
    rows: set[int] = set()
    if spec.across == "row" or is_grid or is_figures:
        rows = hidden_places([band.base for band in spec.rows], [band.is_total for band in spec.rows], least)
    letters = {spec.columns[place].letter for place in columns}

    def cell(found: Cell, row: int, column: int) -> Cell:
        is_small = is_figures and found.count is not None and found.count < least
        if row in rows or column in columns or is_small:
            return NOBODY
        return replace(found, letters=_without(found.letters, letters))

    bands: list[Band] = []
    for place, band in enumerate(spec.rows):
        cells = tuple(cell(found, place, number) for number, found in enumerate(band.cells))
        bands.append(replace(band, cells=cells, base=None if place in rows else band.base))
    shown: list[Column] = [
        replace(column, base=None) if place in columns else column for place, column in enumerate(spec.columns)
    ]
    return replace(spec, rows=tuple(bands), columns=tuple(shown))


def _without(letters: str, gone: set[str]) -> str:
    return "".join(letter for letter in letters if letter not in gone)
