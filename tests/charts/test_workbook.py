"""Charts in workbooks: written by us, opened again by another program."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
import xlsxwriter

from consult import i18n
from consult.charts import showing
from consult.charts.grid import Number, Span
from consult.charts.spec import Spec
from consult.charts.workbook import xlsx_chart
from consult.profile import load_profile
from consult.settings import resource
from tests.charts import makers
from tests.results.makers import a_chart, one_of_each, question, text


@pytest.fixture(autouse=True)
def _languages() -> Iterator[None]:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    yield


def written(specs: list[Spec], code: str) -> openpyxl.Workbook:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, row = book.add_worksheet("Charts"), 0
        for spec in specs:
            row = xlsx_chart(book, sheet, spec, i18n.locale(code), row=row)
    out.seek(0)
    return openpyxl.load_workbook(out)


@pytest.mark.parametrize("code", ["mk", "ka", "en"])
def test_every_chart_is_a_table_and_a_chart_made_from_it(code: str) -> None:
    specs: list[Spec] = [*one_of_each("sample"), *makers.each_kind()]
    sheet = written(specs, code)["Charts"]
    assert len(sheet._charts) == len(specs)
    for chart, spec in zip(sheet._charts, specs, strict=True):
        rows = len(showing.grid_of(spec, i18n.locale(code)).rows)  # the chart stands below them and their source
        head, first = chart.anchor._from.row - rows - 2, 1
        assert sheet.cell(head - 3, first).value == showing.table(spec, i18n.locale(code)).caption
        assert sheet.cell(head - 2, first).value == showing.sentence(spec, i18n.locale(code))
        assert chart.series
        for series in chart.series:
            values = getattr(series, "val", None) or series.yVal
            assert f"$A${head}" not in values.numRef.f and "Charts!" in values.numRef.f


def test_tables_hold_numbers_not_words() -> None:
    locale = i18n.locale("en")
    for spec in makers.each_kind():
        sheet = written([spec], "en")["Charts"]
        made = showing.grid_of(spec, locale)
        for line, row in enumerate(made.rows, 5):
            place = 1
            for column, cell in enumerate(row):
                for part in (cell.low, cell.high) if isinstance(cell, Span) else (cell,):
                    found = sheet.cell(line, place).value
                    if isinstance(part, Number) and part.value is not None:
                        assert found == pytest.approx(part.value)
                    else:
                        assert (found or "") == (part if isinstance(part, str) else part.written)
                    place += 1
                place += made.is_span(column) and not isinstance(cell, Span)
    shaded = written([makers.heat()], "en")["Charts"]
    assert shaded["B6"].fill.fgColor.rgb == "FFA9CBD9" and shaded["B6"].number_format == "0%"


def test_texts_stay_texts_and_hidden_charts_are_a_sentence() -> None:
    asked = question("single", text=text('=HYPERLINK("x")'), options=[{"code": c, "text": text("=1+1")} for c in "ab"])
    sheet = written([a_chart(asked, ["a"] * 6), a_chart(asked, [])], "en")["Charts"]
    assert sheet["A1"].value == '=HYPERLINK("x")' and sheet["A1"].data_type == "s"
    assert len(sheet._charts) == 1
    assert "Nobody has answered this question yet." in [cell.value for cell in sheet["A"]]
