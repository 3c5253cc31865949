"""A figure over waves, with its control limits, signals and breaks of method: drawing, grid, sentence."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from consult.charts import axis, colours, grid, marks
from consult.charts.grid import Cell, Grid
from consult.charts.kinds import Line, Wave
from consult.charts.scene import Datum, Dot, Path, Scene, Stroke, Words
from consult.charts.wording import plain
from consult.errors import N_
from consult.i18n import Locale

LEFT, FIRST, LAST = 11.0, 16.0, 91.0
"""Percent of the width: where the figures of the axis end, where the first and the last wave stand."""
TOP, PLOT = 30.0, 200.0
MIDDLED = 8
"""Letters of the last wave's name that stand below their point without leaving the drawing."""
LETTERS_AT_320 = 40
"""Letters of 13 px that fit side by side below the waves."""
LIMIT_DASH, TARGET_DASH, BREAK_DASH = "6 4", "2 4", "1 5"
TARGET, LIMIT = colours.ENDS[0], colours.INK_2
SIGNALS = {
    "beyond": N_("outside the control limits"),
    "run": N_("eighth in a row on one side of the centre line"),
}
LATEST = N_("%(value)s (%(wave)s), before that %(before)s (%(earlier)s).")
STEADY = N_("No wave leaves the usual range.")


def scene(spec: Line, locale: Locale, bar: str) -> Scene:
    waves = spec.waves
    limits = [end for wave in waves for end in (wave.lower, wave.upper, wave.centre)]
    low, high = axis.ends([wave.figure for wave in waves], spec.measure, (*limits, spec.target))

    def down(value: float) -> float:
        return round(TOP + PLOT * (high - value) / (high - low), 1)

    step = (LAST - FIRST) / max(1, len(waves) - 1)
    places = [FIRST + step * number if len(waves) > 1 else 50.0 for number in range(len(waves))]
    made = Scene(0, 100, TOP + PLOT + 30)
    for tick in axis.ticks(low, high):
        made.add(Stroke(0, 100, down(tick), down(tick), colours.LINE, 1))
        made.add(
            Words(0, down(tick) - 4, grid.figure(tick, spec.measure, locale).written, colours.INK_2, marks.SMALL_PX)
        )
    if spec.target is not None:
        made.add(Path(((LEFT, down(spec.target)), (100, down(spec.target))), TARGET, 2, TARGET_DASH))
    _limits(made, spec, places, step, down)
    _breaks(made, spec, places, step)
    _waves(made, spec, places, down, locale, bar)
    _names(made, spec, places, locale)
    return made


def _limits(made: Scene, spec: Line, places: list[float], step: float, down: Callable[[float], float]) -> None:
    """Centre line and limits as steps, because limits are as wide as their wave is small."""
    half = step / 2 if len(places) > 1 else 8.0
    for kind, colour, width, dash in (
        ("centre", LIMIT, 1.5, ""),
        ("lower", LIMIT, 1.5, LIMIT_DASH),
        ("upper", LIMIT, 1.5, LIMIT_DASH),
    ):
        points: list[tuple[float, float] | None] = []
        for wave, x in zip(spec.waves, places, strict=True):
            value = getattr(wave, kind)
            if value is None or wave.broken:
                points.append(None)
            if value is not None:
                points += [(max(LEFT, x - half), down(value)), (min(100.0, x + half), down(value))]
        if any(points):
            made.add(Path(tuple(points), colour, width, dash))


def _breaks(made: Scene, spec: Line, places: list[float], step: float) -> None:
    number = 0
    for wave, x in zip(spec.waves, places, strict=True):
        if wave.broken:
            number += 1
            at = max(LEFT, x - step / 2)
            made.add(Stroke(at, at, 18, TOP + PLOT, colours.INK, 1.5, BREAK_DASH))
            made.add(Words(at, 13, f"[{number}]", size=marks.SMALL_PX, anchor="middle"))


def _waves(
    made: Scene, spec: Line, places: list[float], down: Callable[[float], float], locale: Locale, bar: str
) -> None:
    points: list[tuple[float, float] | None] = []
    dots: list[Dot] = []
    for wave, x in zip(spec.waves, places, strict=True):
        value = wave.figure.value
        if wave.broken:
            points.append(None)
        if value is None:
            points.append(None)
            made.add(Words(x, TOP + PLOT - 6, grid.NONE, colours.INK_2, marks.SMALL_PX, anchor="middle"))
            continue
        points.append((x, down(value)))
        found = wave.figure
        ends = (down(found.low), down(found.high)) if found.low is not None and found.high is not None else None
        datum = Datum(_pointed(spec, wave, locale), value)
        dots.append(Dot(x, down(value), bar, datum, down=ends, pale=True))
    # Intervals lie below the lines, so their dots are drawn first as well; the rings of signals come last.
    made.items[:0] = [Stroke(d.x, d.x, *d.down, colours.PALE, 8) for d in dots if d.down]
    made.add(Path(tuple(points), bar, 2.5))
    made.add(*(Dot(d.x, d.y, d.fill, d.datum) for d in dots))
    shown = _written(spec)
    for wave, x in zip(spec.waves, places, strict=True):
        value = wave.figure.value
        if value is None:
            continue
        if wave.signals:
            made.add(Dot(x, down(value), colours.INK, Datum(_pointed(spec, wave, locale), value), 10, shape="ring"))
        if wave.key in shown:
            top = min(down(value), down(wave.figure.high) if wave.figure.high is not None else down(value))
            words = grid.figure(value, spec.measure, locale).written
            made.add(
                Words(
                    x,
                    max(13.0, top - (16 if wave.signals else 10)),
                    words,
                    size=15,
                    anchor="middle",
                    bold=True,
                    halo=True,
                )
            )


def _written(spec: Line) -> set[str]:
    """The waves whose figure is written beside their point: all of a few, else the ends and the signals."""
    known = [wave for wave in spec.waves if wave.figure.value is not None]
    if len(known) <= 5:
        return {wave.key for wave in known}
    return {wave.key for wave in (known[0], known[-1])} | {
        wave.key
        for number, wave in enumerate(known)
        if wave.signals and 1 < number < len(known) - 2 and not known[number - 1].signals
    }


def _names(made: Scene, spec: Line, places: list[float], locale: Locale) -> None:
    """As many waves' names as fit at 320 px, always the last one."""
    names = [plain(wave.label, locale) for wave in spec.waves]
    longest = max((len(name) for name in names), default=1) + 2
    each = max(1, -(-len(names) * longest // LETTERS_AT_320))
    last = len(names) - 1
    for number, (name, x) in enumerate(zip(names, places, strict=True)):
        if (last - number) % each == 0:
            anchor, at = ("end", 100.0) if number == last and len(name) > MIDDLED else ("middle", x)
            made.add(Words(at, TOP + PLOT + 20, name, colours.INK_2, marks.SMALL_PX, anchor=anchor))  # type: ignore[arg-type]
        made.add(Stroke(x, x, TOP + PLOT, TOP + PLOT + 5, colours.INK_2, 1))


def _pointed(spec: Line, wave: Wave, locale: Locale) -> tuple[str, ...]:
    found = wave.figure
    words = grid.figure(found.value, spec.measure, locale, unit=True).written
    if found.low is not None:
        words += f" ({grid.written(grid.interval_of(found, spec.measure, locale))})"
    base = wave.base if found.n is None else found.n
    signals = [locale.gettext(SIGNALS[signal]) for signal in wave.signals]
    return (plain(wave.label, locale), words, f"n = {locale.number(base, 0)}", *signals, plain(wave.broken, locale))


def legend(spec: Line, locale: Locale) -> list[tuple[Markup, str]]:
    """What is neither a point nor its line."""
    found: list[tuple[Markup, str]] = []
    if any(wave.centre is not None for wave in spec.waves):
        found.append((sample(LIMIT, ""), locale.gettext("Centre line")))
    if any(wave.upper is not None or wave.lower is not None for wave in spec.waves):
        found.append((sample(LIMIT, LIMIT_DASH), locale.gettext("Control limits")))
    if any(wave.signals for wave in spec.waves):
        ring = Markup('<svg width="16" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
            marks.circle("50%", 8, 6.5, "none", colours.INK)
        )
        found.append((ring, locale.gettext("Signal: more than chance")))
    if spec.target is not None:
        value = grid.figure(spec.target, spec.measure, locale, unit=True).written
        found.append((sample(TARGET, TARGET_DASH), locale.gettext("Target: %(target)s", target=value)))
    return found


def sample(colour: str, dash: str) -> Markup:
    return Markup('<svg width="16" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
        marks.line("0", "100%", 8, 8, colour, dash=dash)
    )


def table(spec: Line, locale: Locale) -> Grid:
    """A row for each wave; columns without anything in them are left out."""
    measure, level = spec.measure, locale.percent(spec.source.confidence or 0.95)
    value_name = plain(measure.name, locale) or locale.gettext("Figure")
    head = [locale.gettext("Wave"), value_name]
    has_intervals = any(wave.figure.low is not None for wave in spec.waves)
    has_limits = any(wave.centre is not None for wave in spec.waves)
    has_target = spec.target is not None
    has_remarks = any(wave.signals or wave.broken for wave in spec.waves)
    head += [locale.gettext("Interval %(level)s", level=level)] * has_intervals
    head += [locale.gettext("Centre line"), locale.gettext("Control limits")] * has_limits
    head += [locale.gettext("Target")] * has_target
    head += ["n", *([locale.gettext("Remark")] * has_remarks)]
    rows: list[tuple[Cell, ...]] = []
    for wave in spec.waves:
        cells: list[Cell] = [plain(wave.label, locale), grid.value_of(wave.figure, measure, locale)]
        if has_intervals:
            cells.append(grid.interval_of(wave.figure, measure, locale))
        if has_limits:
            cells += [grid.figure(wave.centre, measure, locale), grid.span(wave.lower, wave.upper, measure, locale)]
        cells += [grid.figure(spec.target, measure, locale)] * has_target
        base = wave.base if wave.figure.n is None else wave.figure.n
        cells.append(grid.base_of(base, wave.figure.reason, locale))
        if has_remarks:
            said = [plain(wave.broken, locale), *(locale.gettext(SIGNALS[signal]) for signal in wave.signals)]
            cells.append("; ".join(part for part in said if part))
        rows.append(tuple(cells))
    return Grid(plain(spec.title, locale), tuple(head), tuple(rows))


def sentence(spec: Line, locale: Locale) -> str:
    """The last wave, the one before, and what leaves the usual range. It claims no change that was not tested."""
    known = [wave for wave in spec.waves if wave.figure.value is not None]
    if not known:
        return ""
    name = plain(spec.measure.name, locale)
    last = known[-1]
    value = grid.figure(last.figure.value, spec.measure, locale, unit=True).written
    if len(known) == 1:
        said = [f"{value} ({plain(last.label, locale)})."]
    else:
        before = known[-2]
        said = [
            locale.gettext(
                LATEST,
                value=value,
                wave=plain(last.label, locale),
                before=grid.figure(before.figure.value, spec.measure, locale, unit=True).written,
                earlier=plain(before.label, locale),
            )
        ]
    signals = [plain(wave.label, locale) for wave in known if wave.signals]
    if signals:
        said.append(
            locale.ngettext(
                "%(num)s wave leaves the usual range: %(list)s.",
                "%(num)s waves leave the usual range: %(list)s.",
                len(signals),
                list=", ".join(signals),
            )
        )
    elif any(wave.upper is not None for wave in known):
        said.append(locale.gettext(STEADY))
    return (f"{name}: " if name else "") + " ".join(said)


def remarks(spec: Line, locale: Locale) -> list[str]:
    """The breaks of method, numbered as in the drawing."""
    broken = [wave for wave in spec.waves if wave.broken]
    return [
        locale.gettext(
            "[%(number)s] The method changed before %(wave)s, so figures on either side do not compare: %(change)s.",
            number=locale.number(number, 0),
            wave=plain(wave.label, locale),
            change=plain(wave.broken, locale).rstrip("."),
        )
        for number, wave in enumerate(broken, 1)
    ]
