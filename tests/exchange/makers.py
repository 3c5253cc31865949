"""Workbooks and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from consult.exchange import xlsform
from consult.exchange.report import Taken
from consult.surveys.definition import schema as d

Rows = Sequence[Sequence[object]]
LISTS: Rows = (
    ("list_name", "name", "label::English (en)"),
    ("yn", "yes", "Yes"),
    ("yn", "no", "No"),
    ("modes", "bus", "Bus"),
    ("modes", "car", "Car"),
    ("modes", "none", "None"),
    ("mood", 1, "bad"),
    ("mood", 2, "2"),
    ("mood", 3, "good"),
)


def workbook(**sheets: Rows) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell) if isinstance(cell, str) else sheet.write(
                        number, column, cell
                    )
    return out.getvalue()


def form(*rows: dict[str, str], choices: Rows = LISTS, **more: str) -> bytes:
    """A form of these rows; `label` is English."""
    columns = list(dict.fromkeys(["type", "name", "label", *(column for row in rows for column in row)]))
    shown = ["label::English (en)" if column == "label" else column for column in columns]
    survey = [shown, *([row.get(column, "") for column in columns] for row in rows)]
    settings = {"form_title": "A form", **more}
    return workbook(survey=survey, choices=choices, settings=[list(settings), list(settings.values())])


def row(kind: str, name: str = "q", label: str | None = None, **cells: str) -> dict[str, str]:
    return {"type": kind, "name": name, "label": f"{name}?" if label is None else label, **cells}


def taken(*rows: dict[str, str], choices: Rows = LISTS, **settings: str) -> Taken:
    return xlsform.take(form(*rows, choices=choices, **settings))


def only(found: Taken) -> d.AnyQuestion:
    (question,) = found.definition.questions
    return question


def told(found: Taken) -> list[str]:
    return [str(loss) for loss in found.losses]
