"""Answers side by side for several groups: its drawing, its grid, its sentence."""

from __future__ import annotations

from consult.charts import colours, grid
from consult.charts.grid import Cell, Grid
from consult.charts.kinds import Group, Grouped, Value
from consult.charts.scene import Bar, Datum, Scene, Stroke, Words
from consult.charts.wording import plain
from consult.errors import N_
from consult.i18n import Locale

SHORT = 9
"""Letters of a group's name that still leave room for bars beside it at 320 px."""
DIFFER = N_("The groups differ most in “%(answer)s”: %(most)s %(high)s, %(least)s %(low)s.")
ALIKE = N_(
    "No difference between the groups is statistically significant; the largest is in “%(answer)s”:"
    " %(most)s %(high)s, %(least)s %(low)s."
)
ONE = N_("The most frequent answer is “%(label)s”: %(share)s.")
TESTED = N_("Capital letters name the groups whose figure is significantly lower.")


def name(group: Group, locale: Locale) -> str:
    """A group's words, before them the letter by which tests name it."""
    label = locale.gettext("All") if group.is_total and not group.label else plain(group.label, locale)
    return f"{group.letter} {label}" if group.letter else label


def scene(spec: Grouped, locale: Locale, bar: str) -> Scene:
    values = [value for group in spec.groups for value in group.values]
    most = max((v.high or v.value or 0 for v in values if v.value is not None), default=0)
    full = (spec.measure.high or (1.0 if most > 0.5 else 0.5)) if spec.measure.kind == "share" else max(most, 1e-9)
    longest = max((len(name(group, locale)) for group in spec.groups), default=0)
    left = 6 + 3.2 * longest if longest <= SHORT else 0.0
    unit = full / (78 - left)
    made = Scene(-left * unit, (100 - left) * unit)
    y = 0.0
    for number, answer in enumerate(spec.answers):
        y = made.label(plain(answer, locale), y, locale, bold=True) + 9
        top = y
        for group in spec.groups:
            value = group.values[number] if number < len(group.values) else Value(reason=group.reason)
            y = _row(made, spec, group, value, plain(answer, locale), y, locale, bar, beside=left > 0)
        if left:
            made.add(Stroke(0, 0, top - 2, y - 4, colours.INK_2))
        y += 8
    made.height = max(0.0, y - 12)
    return made


def _row(
    made: Scene,
    spec: Grouped,
    group: Group,
    value: Value,
    answer: str,
    y: float,
    locale: Locale,
    bar: str,
    *,
    beside: bool,
) -> float:
    """One group's bar under an answer, from y down; returns where the next one begins."""
    words = name(group, locale)
    if beside:
        made.add(Words(0, y + 13, words, size=14, dx=-8, anchor="end"))
    else:
        y = made.label(words, y - 4, locale) + 6
        made.add(Stroke(0, 0, y - 3, y + 21, colours.INK_2))
    if value.value is None:
        said = grid.value_of(value, spec.measure, locale).written
        made.add(Words(0, y + 13, said, colours.INK_2, 14, dx=8))
        return y + (24 if beside else 30)
    said = grid.figure(value.value, spec.measure, locale).written
    base = group.base if value.n is None else value.n
    lines = (answer, words, _with_interval(value, spec, locale), f"n = {locale.number(base, 0)}")
    fill, edge = (colours.WHITE, colours.INK_2) if group.is_total else (bar, "")
    made.add(Bar(0, value.value, y, 18, fill, Datum(lines, value.value), value.low, value.high, edge))
    end = value.value if value.high is None else value.high
    letters = f"  {value.letters}" if value.letters else ""
    made.add(Words(end, y + 14, said + letters, size=15, dx=8, bold=True))
    return y + (24 if beside else 32)


def _with_interval(value: Value, spec: Grouped, locale: Locale) -> str:
    said = grid.figure(value.value, spec.measure, locale, unit=True).written
    if value.low is None:
        return said
    return f"{said} ({grid.written(grid.interval_of(value, spec.measure, locale))})"


def table(spec: Grouped, locale: Locale) -> Grid:
    """Answers downwards, groups across, each with its interval where there is one; the bases in the last row."""
    head = [locale.gettext("Answer")]
    has_intervals = [any(value.low is not None for value in group.values) for group in spec.groups]
    level = locale.percent(spec.source.confidence or 0.95)
    for group, has in zip(spec.groups, has_intervals, strict=True):
        words = name(group, locale)
        head += [words, f"{words}, {locale.gettext('Interval %(level)s', level=level)}"] if has else [words]
    rows: list[tuple[Cell, ...]] = []
    for number, answer in enumerate(spec.answers):
        cells: list[Cell] = [plain(answer, locale)]
        for group, has in zip(spec.groups, has_intervals, strict=True):
            value = group.values[number] if number < len(group.values) else Value(reason=group.reason)
            shown = grid.value_of(value, spec.measure, locale)
            if value.letters:
                shown = grid.Number(shown.value, f"{shown.written} {value.letters}", shown.format)
            cells += [shown, grid.interval_of(value, spec.measure, locale)] if has else [shown]
        rows.append(tuple(cells))
    bases: list[Cell] = ["n"]
    for group, has in zip(spec.groups, has_intervals, strict=True):
        base = grid.base_of(group.base, group.reason, locale)
        bases += [base, grid.Number(None, "")] if has else [base]
    return Grid(plain(spec.title, locale), tuple(head), (*rows, tuple(bases)))


def sentence(spec: Grouped, locale: Locale) -> str:
    """Where the groups differ most, and whether any difference is significant where that was tested."""
    groups = [group for group in spec.groups if not group.is_total]
    found = []
    for number, answer in enumerate(spec.answers):
        shares = [
            (value, group)
            for group in groups
            if number < len(group.values) and (value := group.values[number].value) is not None
        ]
        if shares:
            most, least = max(shares, key=lambda s: s[0]), min(shares, key=lambda s: s[0])
            found.append((round(most[0] - least[0], 9), answer, most, least))
    if not found:
        return ""
    _, answer, most, least = max(found, key=lambda f: f[0])
    if len(groups) < 2:
        _, answer, most, _ = max(found, key=lambda f: f[2][0])
        share = grid.figure(most[0], spec.measure, locale).written
        return locale.gettext(ONE, label=plain(answer, locale), share=share)
    was_tested = any(group.letter for group in groups)
    is_any = any(value.letters for group in groups for value in group.values)
    return locale.gettext(
        ALIKE if was_tested and not is_any else DIFFER,
        answer=plain(answer, locale),
        most=plain(most[1].label, locale),
        high=grid.figure(most[0], spec.measure, locale, unit=True).written,
        least=plain(least[1].label, locale),
        low=grid.figure(least[0], spec.measure, locale, unit=True).written,
    )


def remarks(spec: Grouped, locale: Locale) -> list[str]:
    """What the source line adds for this kind."""
    is_tested = any(value.letters for group in spec.groups for value in group.values)
    return [locale.gettext(TESTED)] if is_tested else []
