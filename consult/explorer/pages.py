"""The explorer in the workspace: a form whose answer stands beside it, and the same as files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import xlsxwriter
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.charts import showing
from consult.charts.wording import plain
from consult.charts.workbook import xlsx_chart
from consult.columns.variables import Variable
from consult.explorer import queries
from consult.explorer.sourcing import said
from consult.explorer.state import SHADES, STATISTICS, Filter
from consult.i18n import Locale
from consult.people.guards import requires
from consult.profile import Profile
from consult.web import NavItem, page, read_query
from consult.weighting import queries as weighting

AnyRequest = Request[Any, Any, Any]
READERS = ("analyst",)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Choice: TypeAlias = tuple[str, str]
"""What a list offers: a value and its words."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is in force, in words, and the address without it."""

    words: str
    without: str


@get("/staff/{language:str}/results/{slug:str}/explore", guards=[requires(*READERS)])
async def explore(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    form = read_query(request)
    found = await queries.explored(slug, form, at=now)
    state = found.state
    picked = found.known.get(form.get("where_key"))
    filtered = {one.key: one for one in state.where}
    return page(
        request,
        "explorer/explore.html",
        survey=found.survey,
        state=state,
        query=state.query(),
        problems=found.problems,
        people=found.people,
        total=found.given.frame.n,
        views=[showing.view(chart, locale, profile, id_=f"chart-{place}") for place, chart in enumerate(found.charts)],
        rows=row_choices(found, locale),
        columns=[("", locale.gettext("No groups")), *_groups(found, locale)],
        wheres=[("", locale.gettext("No further filter")), *_groups(found, locale)],
        filters=[
            Chosen(plain(said(one, found.known[key]), locale), state.without(key).query())
            for key, one in filtered.items()
        ],
        picked=picked,
        picked_choices=_answers(picked, locale) if picked else [],
        picked_codes=_picked(picked, filtered),
        statistics=[(name, locale.gettext(words)) for name, words in STATISTICS.items()],
        weights=[
            ("", locale.gettext("No weights")),
            *((one.key, one.name) for one in await weighting.weight_sets(found.survey.id)),
        ],
        may_be_random=not found.declared.permits_intervals,
        shades=[(name, locale.gettext(words)) for name, words in SHADES.items()],
    )


@get("/staff/{language:str}/results/{slug:str}/explore.xlsx", guards=[requires(*READERS)])
async def workbook(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """The same as the page shows, with real numbers and charts of the spreadsheet's own."""
    found = await queries.explored(slug, read_query(request), at=now)
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet, row = book.add_worksheet(), 0
        sheet.set_column(0, 0, 40)
        for chart in found.charts:
            row = xlsx_chart(book, sheet, chart, locale, row=row) + 1
    headers = {"content-disposition": f'attachment; filename="{slug}-{locale.code}.xlsx"', "cache-control": "no-store"}
    return Response(made.getvalue(), media_type=XLSX, headers=headers)


def row_choices(found: queries.Explored, locale: Locale) -> list[Choice]:
    """Questions in their order: a table question as a whole, then each of its rows; what is known of answers last."""
    choices, tables = [], set()
    for one in found.known.values():
        if one.row and one.question not in tables:
            tables.add(one.question)
            whole = next(q.text for q in found.given.frame.definition.questions if q.key == one.question)
            choices.append((one.question, _short(plain(whole, locale))))
        label = plain(one.short, locale)
        choices.append((one.key, f"— {_short(label)}" if one.row else _short(label)))
    return choices


def _groups(found: queries.Explored, locale: Locale) -> list[Choice]:
    """What people can be grouped by: everything but numbers."""
    named = [one for one in found.known.values() if one.kind != "measured" and one.points]
    return [(one.key, _short(plain(one.text, locale))) for one in named]


def _answers(variable: Variable, locale: Locale) -> list[tuple[str, str]]:
    return [(f"{variable.key}:{point}", plain(variable.labels[point], locale)) for point in variable.points]


def _picked(variable: Variable | None, filtered: dict[str, Filter]) -> list[str]:
    if variable is None or variable.key not in filtered:
        return []
    return [f"{variable.key}:{code}" for code in filtered[variable.key].codes]


def _short(words: str, most: int = 90) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


nav: tuple[NavItem, ...] = ()
routes = [explore, workbook]
