"""One figure for each row as a dot with its interval: its drawing, its grid, its sentence."""

from __future__ import annotations

from markupsafe import Markup

from consult.charts import axis, colours, grid, marks
from consult.charts.grid import Cell, Grid
from consult.charts.kinds import Dot as Row
from consult.charts.kinds import Intervals
from consult.charts.scene import Datum, Dot, Scene, Stroke, Words
from consult.charts.wording import plain
from consult.errors import N_
from consult.i18n import Locale

LEFT, RIGHT = 2.0, 80.0
DASHES, DOTS = "6 4", "2 4"
EXTREMES = N_("Highest: %(best)s (%(high)s); lowest: %(worst)s (%(low)s).")


def name(row: Row, locale: Locale) -> str:
    label = locale.gettext("All") if row.is_total and not row.label else plain(row.label, locale)
    return f"{row.letter} {label}" if row.letter else label


def scene(spec: Intervals, locale: Locale, bar: str) -> Scene:
    low, high = axis.ends([row.figure for row in spec.rows], spec.measure, (spec.reference, spec.target))
    unit = (high - low) / (RIGHT - LEFT)
    made = Scene(low - LEFT * unit, low + (100 - LEFT) * unit)
    y, group = 0.0, ""
    for row in spec.rows:
        if (heading := plain(row.group, locale)) != group:
            y = made.label(heading, y, locale, bold=True) + 12
            group = heading
        y = made.label(name(row, locale), y, locale, bold=row.is_total) + 17
        made.add(Stroke(low, high, y, y, colours.LINE, 1))
        for at, dash, colour in ((spec.reference, DASHES, colours.INK_2), (spec.target, DOTS, colours.ENDS[0])):
            if at is not None:
                made.add(Stroke(at, at, y - 12, y + 12, colour, 2, dash))
        _figure(made, spec, row, y, low, locale, bar)
        y += 20
    for end, anchor in ((low, "start"), (high, "end")):
        made.add(Stroke(end, end, y - 4, y + 2, colours.LINE_STRONG, 1))
        words = grid.figure(end, spec.measure, locale).written
        made.add(Words(end, y + 16, words, colours.INK_2, marks.SMALL_PX, anchor=anchor))  # type: ignore[arg-type]
    made.height = y + 22
    return made


def _figure(made: Scene, spec: Intervals, row: Row, y: float, low: float, locale: Locale, bar: str) -> None:
    found = row.figure
    said = grid.value_of(found, spec.measure, locale).written
    if found.value is None:
        made.add(Words(low, y + 5, said, colours.INK_2, 14, dx=4))
        return
    across = (found.low, found.high) if found.low is not None and found.high is not None else None
    interval = f" ({grid.written(grid.interval_of(found, spec.measure, locale))})" if across else ""
    whole = grid.figure(found.value, spec.measure, locale, unit=True).written
    base = row.base if found.n is None else found.n
    lines = (name(row, locale), whole + interval, f"n = {locale.number(base, 0)}")
    fill = colours.WHITE if row.is_total else bar
    made.add(Dot(found.value, y, fill, Datum(lines, found.value), 7, colours.INK, across=across, thick=True))
    end = max(found.value, across[1] if across else found.value)
    letters = f"  {found.letters}" if found.letters else ""
    made.add(Words(end, y + 5, said + letters, size=16, dx=12, bold=True, halo=True))


def legend(spec: Intervals, locale: Locale) -> list[tuple[Markup, str]]:
    """What the lines through all rows are."""
    found = []
    if spec.reference is not None:
        words = plain(spec.reference_label, locale) or locale.gettext("All")
        value = grid.figure(spec.reference, spec.measure, locale, unit=True).written
        found.append((sample(colours.INK_2, DASHES), f"{words}: {value}"))
    if spec.target is not None:
        value = grid.figure(spec.target, spec.measure, locale, unit=True).written
        found.append((sample(colours.ENDS[0], DOTS), locale.gettext("Target: %(target)s", target=value)))
    return found


def sample(colour: str, dash: str, width: float = 2) -> Markup:
    """An upright piece of a line, for the legend."""
    return Markup('<svg width="16" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
        marks.line("50%", "50%", 0, 16, colour, width=width, dash=dash)
    )


def table(spec: Intervals, locale: Locale) -> Grid:
    level = locale.percent(spec.source.confidence or 0.95)
    has_intervals = any(row.figure.low is not None for row in spec.rows)
    named = plain(spec.measure.name, locale) or _figures(spec, locale)
    head = [locale.gettext("Item"), named, *([locale.gettext("Interval %(level)s", level=level)] * has_intervals), "n"]
    rows: list[tuple[Cell, ...]] = []
    for row in spec.rows:
        shown = grid.value_of(row.figure, spec.measure, locale)
        if row.figure.letters:
            shown = grid.Number(shown.value, f"{shown.written} {row.figure.letters}", shown.format)
        interval = [grid.interval_of(row.figure, spec.measure, locale)] if has_intervals else []
        group = plain(row.group, locale)
        label = f"{group}: {name(row, locale)}" if group else name(row, locale)
        base = row.base if row.figure.n is None else row.figure.n
        rows.append((label, shown, *interval, grid.base_of(base, row.figure.reason, locale)))
    return Grid(plain(spec.title, locale), tuple(head), tuple(rows))


def sentence(spec: Intervals, locale: Locale) -> str:
    """The highest and the lowest row."""
    found = [(row.figure.value, row) for row in spec.rows if row.figure.value is not None and not row.is_total]
    if not found:
        found = [(row.figure.value, row) for row in spec.rows if row.figure.value is not None]
    if not found:
        return ""
    measured = plain(spec.measure.name, locale)
    before = f"{measured}. " if measured else ""
    best, worst = max(found, key=lambda f: f[0]), min(found, key=lambda f: f[0])
    written = [grid.figure(value, spec.measure, locale, unit=True).written for value in (best[0], worst[0])]
    if len(found) == 1:
        return f"{before}{plain(best[1].label, locale) or name(best[1], locale)}: {written[0]}."
    return before + locale.gettext(
        EXTREMES,
        best=plain(best[1].label, locale),
        high=written[0],
        worst=plain(worst[1].label, locale),
        low=written[1],
    )


def _figures(spec: Intervals, locale: Locale) -> str:
    return locale.gettext("Share") if spec.measure.kind == "share" else locale.gettext("Figure")
