"""Answers as files to take away, whatever their number: the streams of CSV, and the tables of the published results."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import IO
from uuid import UUID

from consult.charts.chart import Chart
from consult.charts.showing import table
from consult.charts.spec import Spec
from consult.columns.answers import blocks
from consult.i18n import Locale
from consult.results import rule, sheet
from consult.results.formats import dictionary
from consult.results.formats.plain import BOM, lines
from consult.results.formats.taking import Wanted, Weights, taking
from consult.results.formats.writing import Progress, no_progress
from consult.results.queries import Results
from consult.surveys.definition.schema import Definition


async def definition_of(survey_id: UUID) -> Definition:
    """All versions' questions and options in one. Raises NotFound for a survey that was never published."""
    return (await taking(survey_id, Wanted())).definition


async def csv_blocks(
    survey_id: UUID, wanted: Wanted, *, weights: Weights | None = None, bom: bool = False
) -> AsyncIterator[bytes]:
    """The answers as CSV, UTF-8, lines ending in CR LF, by codes or with labels and headings in words."""
    made, locale = await taking(survey_id, wanted, weights), wanted.locale
    head = [column.name if locale is None else column.heading(locale) for column in made.columns]
    yield (BOM if bom else b"") + lines([head])
    async for block in blocks(survey_id, without=wanted.without):
        yield lines([made.cells(row, locale) for row in block])


async def codebook_csv(survey_id: UUID, locale: Locale) -> bytes:
    """What columns and codes mean, as CSV. Raises NotFound."""
    return dictionary.as_csv(await definition_of(survey_id), locale)


async def export_csv(
    survey_id: UUID,
    locale: Locale | None,
    out: IO[bytes],
    *,
    weights: Weights | None = None,
    bom: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Write the answers to a stream; locale None writes codes. Raises NotFound."""
    done = -1
    async for block in csv_blocks(survey_id, Wanted(locale), weights=weights, bom=bom):
        out.write(block)
        done += block.count(b"\r\n")
        progress(done)


def tables_csv(results: Results, charts: Mapping[str, Spec], locale: Locale) -> bytes:
    """The published tables of a survey, one line per figure, as they stand on the page: suppressed and rounded.

    charts  as the page draws them: a question's, or its answers by groups; then groups stand in place of the item.
    """
    found: list[list[sheet.Cell]] = [
        [locale.gettext("Question"), locale.gettext("Item"), locale.gettext("Answer"), locale.gettext("Share"), "n"]
    ]
    for key, chart in charts.items():
        if chart.is_hidden:
            continue
        shown = table(chart, locale)
        if not isinstance(chart, Chart):
            found += [[key, head, row[0], cell, ""] for row in shown.rows
                      for head, cell in zip(shown.head[1:], row[1:], strict=True)]  # fmt: skip
        elif shown.head[0] == locale.gettext("Item"):
            for row in shown.rows:
                pairs = zip(shown.head[1:-1], row[1:-1], strict=True)
                found += [[key, row[0], answer, share, row[-1]] for answer, share in pairs]
        else:
            found += [[key, "", row[0], row[1], row[-1]] for row in shown.rows]
    found.append([locale.gettext("Which answers count"), "", rule.said(results.left, locale), "", ""])
    return BOM + lines(found)
