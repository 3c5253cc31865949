"""A map of points, above all of importance and performance: drawing, grid, sentence."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from consult.charts import axis, colours, grid, marks
from consult.charts.grid import Cell, Grid
from consult.charts.kinds import Axis, Scatter, Spot, Value
from consult.charts.scene import Datum, Dot, Scene, Stroke, Words
from consult.charts.wording import plain
from consult.errors import N_
from consult.i18n import Locale

TOP, PLOT = 24.0, 320.0
LEFT, RIGHT = 5.0, 95.0
RADIUS = 11
HALF_LETTERS = 17
"""Letters of 13 px that fit half the width at 320 px."""
QUADRANTS = (N_("Improve first"), N_("Keep up"), N_("Less urgent"), N_("More than needed"))
URGENT = N_("To improve first (important, yet rated lower): %(list)s.")
NONE_URGENT = N_("Nothing is more important and rated lower than the rest.")
DIAGONAL_DASH = "2 4"


def scene(spec: Scatter, locale: Locale, bar: str) -> Scene:
    (x_low, x_high), (y_low, y_high) = _reach(spec)
    unit = (x_high - x_low) / (RIGHT - LEFT)
    made = Scene(x_low - LEFT * unit, x_low + (100 - LEFT) * unit, TOP + PLOT + 44)

    def down(value: float) -> float:
        return round(TOP + PLOT * (y_high - value) / (y_high - y_low), 1)

    bottom, left, right = TOP + PLOT, made.start, made.end
    made.add(Stroke(left, left, TOP, bottom, colours.LINE, 1), Stroke(right, right, TOP, bottom, colours.LINE, 1))
    made.add(Stroke(left, right, TOP, TOP, colours.LINE, 1), Stroke(left, right, bottom, bottom, colours.LINE, 1))
    if spec.diagonal:
        start, end = _diagonal(spec, (x_low, x_high), (y_low, y_high))
        made.add(Stroke(start[0], end[0], down(start[1]), down(end[1]), colours.INK_2, 1.5, DIAGONAL_DASH))
    if spec.x.cross is not None:
        made.add(Stroke(spec.x.cross, spec.x.cross, TOP, bottom, colours.INK_2, 1.5))
    if spec.y.cross is not None:
        made.add(Stroke(left, right, down(spec.y.cross), down(spec.y.cross), colours.INK_2, 1.5))
    if spec.x.cross is not None and spec.y.cross is not None:
        _quadrants(made, spec, locale)
    _ends(made, spec, (x_low, x_high), (y_low, y_high), locale)
    for number, spot in enumerate(spec.spots, 1):
        _spot(made, spec, spot, number, down, locale, bar)
    return made


def _reach(spec: Scatter) -> tuple[tuple[float, float], tuple[float, float]]:
    found = []
    for one, values in ((spec.x, [s.x for s in spec.spots]), (spec.y, [s.y for s in spec.spots])):
        low, high = axis.ends(values, one.measure, (one.cross,))
        found.append((low if one.low is None else one.low, high if one.high is None else one.high))
    return found[0], found[1]


def _diagonal(
    spec: Scatter, x: tuple[float, float], y: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where importance and performance are equal: on one scale x = y, on two from corner to corner."""
    if spec.x.measure.kind == spec.y.measure.kind and max(x[0], y[0]) < min(x[1], y[1]):
        low, high = max(x[0], y[0]), min(x[1], y[1])
        return (low, low), (high, high)
    return (x[0], y[0]), (x[1], y[1])


def _quadrants(made: Scene, spec: Scatter, locale: Locale) -> None:
    names = (
        [plain(text, locale) for text in spec.quadrants] if spec.quadrants else [locale.gettext(n) for n in QUADRANTS]
    )
    for name, x, dx, anchor, is_top in zip(
        names, (made.start, made.end) * 2, (6, -6) * 2, ("start", "end") * 2, (True, True, False, False), strict=True
    ):
        lines = marks.wrap(name, locale, less=marks.LETTERS.get(locale.code, marks.LETTERS_ELSEWHERE) - HALF_LETTERS)
        first = TOP + 17 if is_top else TOP + PLOT - 8 - 16 * (len(lines) - 1)
        for number, line in enumerate(lines):
            made.add(
                Words(x, first + 16 * number, line, colours.INK_2, marks.SMALL_PX, dx, anchor, halo=True)  # type: ignore[arg-type]
            )


def _ends(made: Scene, spec: Scatter, x: tuple[float, float], y: tuple[float, float], locale: Locale) -> None:
    """The axes' names and their ends, where there is room for words at any width."""
    y_words = [grid.figure(end, spec.y.measure, locale).written for end in y]
    x_words = [grid.figure(end, spec.x.measure, locale).written for end in x]
    bottom = TOP + PLOT
    made.add(Words(made.start, 15, f"↑ {plain(spec.y.name, locale)}, {y_words[0]}–{y_words[1]}", size=14))
    made.add(Words(x[0], bottom + 16, x_words[0], colours.INK_2, marks.SMALL_PX, anchor="middle"))
    made.add(Words(x[1], bottom + 16, x_words[1], colours.INK_2, marks.SMALL_PX, anchor="middle"))
    made.add(Words(made.end, bottom + 36, f"{plain(spec.x.name, locale)} →", size=14, anchor="end"))


def _spot(
    made: Scene, spec: Scatter, spot: Spot, number: int, down: Callable[[float], float], locale: Locale, bar: str
) -> None:
    x, y = spot.x.value, spot.y.value
    if x is None or y is None:
        return
    across = (spot.x.low, spot.x.high) if spot.x.low is not None and spot.x.high is not None else None
    tall = (down(spot.y.low), down(spot.y.high)) if spot.y.low is not None and spot.y.high is not None else None
    lines = (
        plain(spot.label, locale),
        _said(spec.y, spot.y, locale),
        _said(spec.x, spot.x, locale),
        f"n = {locale.number(spot.base, 0)}",
    )
    dark = colours.SCALE[-1]
    made.add(Dot(x, down(y), dark, Datum(lines, x), RADIUS, across=across, down=tall))
    made.add(Words(x, down(y) + 5, locale.number(number, 0), colours.WHITE, marks.SMALL_PX, anchor="middle", bold=True))


def _said(named: Axis, value: Value, locale: Locale) -> str:
    words = grid.figure(value.value, named.measure, locale, unit=True).written
    if value.low is not None:
        words += f" ({grid.written(grid.interval_of(value, named.measure, locale))})"
    return f"{plain(named.name, locale)}: {words}"


def legend(spec: Scatter, locale: Locale) -> list[tuple[Markup, str]]:
    """The names of the numbers in the map."""
    badge = '<svg width="22" height="22" aria-hidden="true" focusable="false">{}{}</svg>'
    return [
        (
            Markup(badge).format(
                marks.circle("50%", 11, 10, colours.SCALE[-1], colours.PAPER, 1),
                marks.text("50%", 16, locale.number(number, 0), colours.WHITE, 13, anchor="middle", bold=True),
            ),
            plain(spot.label, locale),
        )
        for number, spot in enumerate(spec.spots, 1)
    ]


def table(spec: Scatter, locale: Locale) -> Grid:
    level = locale.percent(spec.source.confidence or 0.95)
    interval = locale.gettext("Interval %(level)s", level=level)
    has_y = any(spot.y.low is not None for spot in spec.spots)
    has_x = any(spot.x.low is not None for spot in spec.spots)
    y_name, x_name = plain(spec.y.name, locale), plain(spec.x.name, locale)
    head = [locale.gettext("Item"), y_name, *([f"{y_name}, {interval}"] * has_y)]
    head += [x_name, *([f"{x_name}, {interval}"] * has_x), "n"]
    rows: list[tuple[Cell, ...]] = []
    for number, spot in enumerate(spec.spots, 1):
        cells: list[Cell] = [f"{locale.number(number, 0)} {plain(spot.label, locale)}"]
        for value, measure, has in ((spot.y, spec.y.measure, has_y), (spot.x, spec.x.measure, has_x)):
            cells.append(grid.value_of(value, measure, locale))
            if has:
                cells.append(grid.interval_of(value, measure, locale))
        rows.append((*cells, grid.count(spot.base, locale)))
    return Grid(plain(spec.title, locale), tuple(head), tuple(rows))


def sentence(spec: Scatter, locale: Locale) -> str:
    """What stands above left: more important than the rest, rated lower than the rest."""
    if not any(spot.x.value is not None and spot.y.value is not None for spot in spec.spots):
        return ""
    if spec.x.cross is None or spec.y.cross is None or spec.quadrants:
        return f"{plain(spec.y.name, locale)} – {plain(spec.x.name, locale)}."
    urgent = [
        spot
        for spot in spec.spots
        if spot.x.value is not None
        and spot.y.value is not None
        and spot.x.value < spec.x.cross
        and spot.y.value > spec.y.cross
    ]
    if not urgent:
        return locale.gettext(NONE_URGENT)
    urgent.sort(key=lambda spot: -(spot.y.value or 0))
    return locale.gettext(URGENT, list=", ".join(plain(spot.label, locale) for spot in urgent))


def remarks(spec: Scatter, locale: Locale) -> list[str]:
    return [locale.gettext("On the dotted line importance and rating are in balance.")] if spec.diagonal else []
