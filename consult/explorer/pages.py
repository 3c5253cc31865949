"""The explorer in the workspace: a form whose answer stands beside it, and the same as files."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.charts import showing
from consult.charts.wording import plain
from consult.explorer import queries
from consult.explorer.asking import Choice, groups, people_form, short
from consult.explorer.files import workbook_of
from consult.explorer.state import SHADES, STATISTICS
from consult.i18n import Locale
from consult.people.guards import requires
from consult.profile import Profile
from consult.web import AnyRequest, NavItem, page, read_query

READERS = ("analyst",)


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
    return page(
        request,
        "explorer/explore.html",
        survey=found.survey,
        state=state,
        query=state.query(),
        problems=found.problems,
        views=[showing.view(chart, locale, profile, id_=f"chart-{place}") for place, chart in enumerate(found.charts)],
        rows=row_choices(found, locale),
        columns=[("", locale.gettext("No groups")), *groups(found.known, locale)],
        statistics=[(name, locale.gettext(words)) for name, words in STATISTICS.items()],
        who=await people_form(found.who, form, lambda key: state.without(key).query(), locale),
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
    return workbook_of(found.charts, (), locale, f"{slug}-{locale.code}.xlsx")


def row_choices(found: queries.Explored, locale: Locale) -> list[Choice]:
    """Questions in their order: a table question as a whole, then each of its rows; what is known of answers last."""
    choices, tables = [], set()
    for one in found.known.values():
        if one.row and one.question not in tables:
            tables.add(one.question)
            whole = next(q.text for q in found.given.frame.definition.questions if q.key == one.question)
            choices.append((one.question, short(plain(whole, locale))))
        label = plain(one.short, locale)
        choices.append((one.key, f"— {short(label)}" if one.row else short(label)))
    return choices


nav: tuple[NavItem, ...] = ()
routes = [explore, workbook]
