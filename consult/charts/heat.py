"""A matrix of shares or residuals, shaded by size and sign: drawing, grid, sentence."""

from __future__ import annotations

from markupsafe import Markup

from consult.charts import colours, grid, marks, wording
from consult.charts.grid import Cell as GridCell
from consult.charts.grid import Grid
from consult.charts.kinds import Band, Cell, Column, Heat
from consult.charts.scene import Bar, Datum, Scene, Words
from consult.charts.wording import plain, signed
from consult.errors import N_
from consult.i18n import Locale

ACROSS_MOST = 10
"""Cells side by side that are still wide enough for a number at 320 px; longer rows go on in another line."""
PIXELS_AT_320, LETTER_PX = 288, 7.6
NOTABLE, STRONG = 2.0, 3.0
"""The adjusted residuals from which a cell is marked without a test, and from which it counts as far off."""
SHADES = {"higher": "#a9cbd9", "high": "#d8e8ef", "low": "#fae4cd", "lower": "#f2c193", "": colours.WHITE}
MORE = N_("Clearly more frequent than expected: %(list)s.")
FEWER = N_("Clearly rarer than expected: %(list)s.")
NEITHER = N_("No cell differs clearly from what would be expected if rows and columns were unrelated.")
LARGEST = N_("The largest figure: %(row)s – “%(column)s”, %(value)s.")
TESTED = N_("Capital letters name the columns whose figure in this row is significantly lower.")
SHADED = N_(
    "▲ clearly more, ▼ clearly fewer than expected if rows and columns were unrelated;"
    " twice where the adjusted residual is 3 or more."
)
DESCRIBED = N_(
    "▲ more, ▼ fewer than expected if rows and columns were unrelated: adjusted residual of 2 or more,"
    " twice from 3. This describes the answers and is no test."
)
NAMED = 2
"""Cells that a sentence names."""


def letters(spec: Heat) -> list[str]:
    """The letter of each column: its own, else by its place; everybody's is a sum."""
    return ["Σ" if c.is_total else c.letter or _letter(number) for number, c in enumerate(spec.columns)]


def _letter(number: int) -> str:
    return chr(65 + number) if number < 26 else _letter(number // 26 - 1) + chr(65 + number % 26)


def column_name(column: Column, locale: Locale) -> str:
    return locale.gettext("All") if column.is_total and not column.label else plain(column.label, locale)


def row_name(row: Band, locale: Locale) -> str:
    label = locale.gettext("All") if row.is_total and not row.label else plain(row.label, locale)
    group = plain(row.group, locale)
    return f"{group}: {label}" if group else label


def is_lettered(spec: Heat, locale: Locale) -> bool:
    """The columns' words have no room above their cells, so letters stand there and the legend explains them."""
    room = PIXELS_AT_320 / min(ACROSS_MOST, max(1, len(spec.columns))) / LETTER_PX - 1
    return any(len(column_name(column, locale)) > room for column in spec.columns) or any(
        column.letter for column in spec.columns
    )


def scene(spec: Heat, locale: Locale, bar: str) -> Scene:
    number = len(spec.columns)
    lines = -(-number // ACROSS_MOST)
    wide = -(-number // lines) if number else 1
    made = Scene(0, wide)
    has_signs = any(mark_of(cell, spec) or cell.letters for row in spec.rows for cell in row.cells)
    height = 40.0 if has_signs else 28.0
    heads = letters(spec) if is_lettered(spec, locale) else [column_name(column, locale) for column in spec.columns]
    y, group, top = 0.0, "", _top(spec)
    for block in range(lines):
        first, last = block * wide, min(number, (block + 1) * wide)
        for place in range(first, last):
            made.add(Words(place - first + 0.5, y + 13, heads[place], colours.INK_2, 13, anchor="middle", bold=True))
        y += 20
        for row in spec.rows:
            if (heading := plain(row.group, locale)) != group:
                y = made.label(heading, y, locale, bold=True) + 6
                group = heading
            label = locale.gettext("All") if row.is_total and not row.label else plain(row.label, locale)
            y = made.label(label, y, locale, bold=row.is_total) + 7
            for place in range(first, min(last, len(row.cells))):
                _cell(made, spec, row, place, place - first, y, height, top, locale)
            y += height + 12
        y += 4
    made.height = max(0.0, y - 14)
    return made


def _cell(
    made: Scene, spec: Heat, row: Band, place: int, x: int, y: float, height: float, top: float, locale: Locale
) -> None:
    cell, column = row.cells[place], spec.columns[place]
    words = short(cell, spec, locale)
    shade = SHADES[shade_of(cell, spec, top, is_total=row.is_total or column.is_total)]
    datum = Datum(_pointed(spec, row, column, cell, locale), cell.value)
    made.add(Bar(x, 1, y, height, shade, datum, edge=colours.LINE, round=False))
    sign = " ".join(part for part in (sign_of(cell, spec), cell.letters) if part)
    made.add(Words(x + 0.5, y + (17 if sign or height > 30 else 19), words, size=14, anchor="middle"))
    if sign:
        made.add(Words(x + 0.5, y + 33, sign, size=13, anchor="middle", bold=True))


def short(cell: Cell, spec: Heat, locale: Locale) -> str:
    """A cell's figure in as few letters as possible: shares without the sign."""
    if cell.value is None:
        return grid.NONE
    if spec.measure.kind == "share":
        return locale.number(100 * cell.value, 0)
    return grid.figure(cell.value, spec.measure, locale).written


def mark_of(cell: Cell, spec: Heat) -> int:
    """How far a cell is from what would be expected: 0, or by sign 1 (clearly) or 2 (far).

    Where there were tests they decide, else the size of the residual, which then only describes.
    """
    found = cell.residual or 0.0
    if spec.tested:
        return cell.flag * (2 if abs(found) >= STRONG else 1)
    if spec.shade == "value" or abs(found) < NOTABLE:
        return 0
    return (2 if abs(found) >= STRONG else 1) * (1 if found > 0 else -1)


def sign_of(cell: Cell, spec: Heat) -> str:
    """▲ for more than expected, ▼ for fewer, twice where by far."""
    mark = mark_of(cell, spec)
    return ("▲" if mark > 0 else "▼") * abs(mark)


def shade_of(cell: Cell, spec: Heat, top: float, *, is_total: bool = False) -> str:
    """The shade: by the residual's size and sign, or by how near the largest figure a cell comes."""
    if cell.value is None or is_total:
        return ""
    if spec.shade == "value":
        part = cell.value / top if top > 0 else 0.0
        return "higher" if part >= 2 / 3 else "high" if part >= 1 / 3 else ""
    return {2: "higher", 1: "high", 0: "", -1: "low", -2: "lower"}[mark_of(cell, spec)]


def _top(spec: Heat) -> float:
    return max(
        (
            cell.value
            for row in spec.rows
            for cell, column in zip(row.cells, spec.columns, strict=False)
            if cell.value is not None and not row.is_total and not column.is_total
        ),
        default=0.0,
    )


def _pointed(spec: Heat, row: Band, column: Column, cell: Cell, locale: Locale) -> tuple[str, ...]:
    if cell.value is None:
        return (row_name(row, locale), column_name(column, locale), locale.gettext("hidden"))
    said = grid.figure(cell.value, spec.measure, locale, unit=True).written
    if cell.low is not None:
        said += f" ({grid.written(grid.span(cell.low, cell.high, spec.measure, locale))})"
    lines = [row_name(row, locale), column_name(column, locale), said]
    if cell.count is not None:
        lines.append(f"n = {locale.number(cell.count, 0)}")
    if cell.residual is not None:
        residual = signed(cell.residual, locale, 1)
        lines.append(locale.gettext("Adjusted residual: %(number)s", number=residual))
    return tuple(lines)


def legend(spec: Heat, locale: Locale) -> list[tuple[Markup, str]]:
    """The columns' words where only their letters stand above the cells."""
    if not is_lettered(spec, locale):
        return []
    return [
        (_key(letter), column_name(column, locale)) for letter, column in zip(letters(spec), spec.columns, strict=True)
    ]


def _key(letter: str) -> Markup:
    return Markup('<svg width="16" height="16" aria-hidden="true" focusable="false">{}</svg>').format(
        marks.text("50%", 13, letter, colours.INK, 13, anchor="middle", bold=True)
    )


def table(spec: Heat, locale: Locale) -> Grid:
    """The matrix itself; behind it the bases, below it those of the columns."""
    has_letters = any(column.letter for column in spec.columns)
    head = [plain(spec.row_title, locale) or locale.gettext("Item")]
    for column in spec.columns:
        name = column_name(column, locale)
        head.append(f"{column.letter} {name}" if has_letters and column.letter else name)
    has_bases = any(row.base is not None for row in spec.rows)
    rows: list[tuple[GridCell, ...]] = []
    shades, top = [], _top(spec)
    for row in spec.rows:
        cells: list[GridCell] = [row_name(row, locale)]
        for cell in row.cells:
            cells.append(_table_cell(cell, spec, locale))
        if has_bases:
            cells.append(grid.hidden(locale) if row.base is None else grid.count(row.base, locale))
        rows.append(tuple(cells))
        shades.append((
            *(
                shade_of(cell, spec, top, is_total=row.is_total or column.is_total)
                for cell, column in zip(row.cells, spec.columns, strict=True)
            ),
            *([""] * has_bases),
        ))  # fmt: skip
    if any(column.base is not None for column in spec.columns):
        bases = [grid.count(column.base, locale) for column in spec.columns]
        rows.append(("n", *bases, *([grid.Number(None, "")] * has_bases)))
        shades.append(("",) * (len(spec.columns) + has_bases))
    return Grid(plain(spec.title, locale), (*head, *(["n"] * has_bases)), tuple(rows), tuple(shades))


def _table_cell(cell: Cell, spec: Heat, locale: Locale) -> grid.Number:
    if cell.value is None:
        return grid.hidden(locale) if cell.reason in (None, "hidden") else grid.Number(None, grid.NONE)
    shown = grid.figure(cell.value, spec.measure, locale)
    sign = " ".join(part for part in (shown.written, sign_of(cell, spec), cell.letters) if part)
    return grid.Number(shown.value, sign, shown.format)


def sentence(spec: Heat, locale: Locale) -> str:
    """The cells that differ most from what would be expected; without residuals the largest one."""
    cells = [
        (cell, row, column)
        for row in spec.rows
        for cell, column in zip(row.cells, spec.columns, strict=True)
        if cell.value is not None and not row.is_total and not column.is_total
    ]
    if not cells:
        return ""
    if spec.tested and any(cell.residual is not None for cell, _, _ in cells):
        said = []
        for sign, message in ((1, MORE), (-1, FEWER)):
            found = sorted((c for c in cells if c[0].flag == sign), key=lambda c: -abs(c[0].residual or 0))[:NAMED]
            if found:
                said.append(locale.gettext(message, list="; ".join(_cell_named(*one, spec, locale) for one in found)))
        return " ".join(said) or locale.gettext(NEITHER)
    cell, row, column = max(cells, key=lambda c: c[0].value or 0)
    return locale.gettext(
        LARGEST,
        row=row_name(row, locale),
        column=column_name(column, locale),
        value=grid.figure(cell.value, spec.measure, locale, unit=True).written,
    )


def _cell_named(cell: Cell, row: Band, column: Column, spec: Heat, locale: Locale) -> str:
    value = grid.figure(cell.value, spec.measure, locale, unit=True).written
    return f"{row_name(row, locale)} – {wording.quoted(column_name(column, locale), locale)} ({value})"


def remarks(spec: Heat, locale: Locale) -> list[str]:
    said = [locale.gettext(ACROSS[spec.across])] if spec.across in ACROSS and spec.measure.kind == "share" else []
    if spec.shade == "residual":
        said.append(locale.gettext(SHADED if spec.tested else DESCRIBED))
    if any(cell.letters for row in spec.rows for cell in row.cells):
        said.append(locale.gettext(TESTED))
    return said


ACROSS = {
    "column": N_("Shares are of each column."),
    "row": N_("Shares are of each row."),
    "total": N_("Shares are of everybody in the table."),
}
