"""The explorer's other views in the workspace: each is a form, its answer beside it, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from consult.charts import showing
from consult.charts.grid import Grid, written
from consult.charts.spec import Spec
from consult.charts.wording import plain
from consult.errors import N_, Problem
from consult.explorer import drivers, importance, model, reliability, trend
from consult.explorer.asking import Choice, people_form, short
from consult.explorer.files import workbook_of
from consult.explorer.items import Item, items_of
from consult.explorer.selecting import Selected, opened, selected
from consult.explorer.waves import WAYS
from consult.i18n import Locale
from consult.people.guards import requires
from consult.profile import Profile
from consult.web import AnyRequest, NavItem, page, read_query
from consult.web.forms import Form

READERS = ("analyst",)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers. says: a sentence or two above its charts. more: what its form needs besides."""

    who: Selected
    problems: list[Problem]
    query: str
    without: Callable[[str], str]
    charts: Sequence[Spec] = ()
    tables: Sequence[Grid] = ()
    says: str = ""
    nothing: str = ""
    more: dict[str, Any] = field(default_factory=dict)


async def shown(
    request: AnyRequest, path: str, heading: str, purpose: str, answer: Answer, locale: Locale, profile: Profile
) -> Response[bytes]:
    views = [showing.view(chart, locale, profile, id_=f"chart-{place}") for place, chart in enumerate(answer.charts)]
    return page(
        request,
        f"explorer/{path}.html",
        survey=answer.who.survey,
        path=path,
        heading=locale.gettext(heading),
        purpose=locale.gettext(purpose),
        problems=answer.problems,
        query=answer.query,
        views=views,
        tables=[_written(grid) for grid in answer.tables],
        says=answer.says,
        nothing=locale.gettext(answer.nothing),
        who=await people_form(answer.who, read_query(request), answer.without, locale),
        **answer.more,
    )


def _written(grid: Grid) -> showing.Table:
    return showing.Table(grid.caption, grid.head, tuple(tuple(written(cell) for cell in row) for row in grid.rows))


def item_choices(items: Iterable[Item], locale: Locale) -> list[Choice]:
    return [(one.key, short(plain(one.variable.text, locale))) for one in items]


NO_RATINGS = N_(
    "This needs an overall rating and other ratings that it may depend on, and this survey does not ask for them."
)


async def _drivers(slug: str, form: Form, locale: Locale, now: datetime) -> Answer:
    survey, given = await opened(slug)
    items = items_of(given)
    asked, problems = drivers.read(form, items, given)
    who = await selected(survey, given, asked.who, now)
    found = await drivers.found(asked, who)
    return Answer(
        who,
        [*problems, *who.problems],
        asked.query(),
        lambda key: asked.without(key).query(),
        charts=[drivers.chart(found, who)] if found else [],
        tables=[drivers.grid(found, locale)] if found and found.result.drivers else [],
        says=drivers.says(found, locale) if found else "",
        nothing=NO_RATINGS,
        more={
            "asked": asked,
            "outcomes": item_choices(items.values(), locale),
            "ratings": item_choices((one for one in items.values() if one.key != asked.outcome), locale),
        },
    )


DRIVERS = N_("Which ratings go together with the overall one, and how strongly.")


async def _importance(slug: str, form: Form, locale: Locale, now: datetime) -> Answer:
    survey, given = await opened(slug)
    items = items_of(given)
    asked, problems = importance.read(form, items, given)
    who = await selected(survey, given, asked.who, now)
    found = await importance.found(asked, who)
    pairs = importance.twins(items)
    may = [one for one in items.values() if (one.key in pairs if asked.by == "stated" else one.ends is not None)]
    return Answer(
        who,
        [*problems, *who.problems],
        asked.query(),
        lambda key: asked.without(key).query(),
        charts=[importance.chart(found, asked, who)] if found else [],
        tables=[importance.grid(found, asked, locale)] if found and found.map.cross else [],
        nothing=NO_RATINGS,
        more={
            "asked": asked,
            "has_stated": bool(pairs),
            "outcomes": item_choices(items.values(), locale),
            "ratings": item_choices((one for one in may if asked.by == "stated" or one.key != asked.outcome), locale),
        },
    )


IMPORTANCE = N_("What is more important to people than it works well now comes first.")


async def _trend(slug: str, form: Form, locale: Locale, now: datetime) -> Answer:
    survey, given = await opened(slug)
    asked, problems = trend.read(form, given)
    who = await selected(survey, given, asked.who, now)
    found = await trend.found(asked, who) if given.frame.n else None
    variable = given.variables.get(asked.question)
    return Answer(
        who,
        [*problems, *who.problems],
        asked.query(),
        lambda key: asked.without(key).query(),
        charts=[trend.chart(found, asked, who)] if found else [],
        says=trend.says(found, asked, locale) if found else "",
        nothing=NO_ANSWERS,
        more={
            "asked": asked,
            "questions": trend.question_choices(given, locale),
            "has_mean": asked.question in items_of(given),
            "points": [(code, plain(variable.labels[code], locale)) for code in variable.points] if variable else [],
            "ways": [(name, locale.gettext(words)) for name, words in WAYS.items()],
        },
    )


NO_ANSWERS = N_("Nobody has answered yet.")
TREND = N_("How a share or a mean goes over time, from version to version, or from survey to survey.")


async def _reliability(slug: str, form: Form, locale: Locale, now: datetime) -> Answer:
    survey, given = await opened(slug)
    items = items_of(given)
    asked, problems = reliability.read(form, items, given)
    who = await selected(survey, given, asked.who, now)
    found = reliability.found(asked, who)
    return Answer(
        who,
        [*problems, *who.problems],
        asked.query(),
        lambda key: asked.without(key).query(),
        charts=[reliability.chart(found, who)] if found else [],
        tables=[reliability.grid(found, locale)] if found and found.alpha.items else [],
        says=reliability.says(found, locale) if found else "",
        nothing=NO_ITEMS,
        more={"asked": asked, "ratings": item_choices(items.values(), locale)},
    )


NO_ITEMS = N_("This needs at least two ratings. Choose them, if this survey asks for any.")
RELIABILITY = N_("Whether several ratings measure the same thing, so that their mean may stand for all of them.")


async def _model(slug: str, form: Form, locale: Locale, now: datetime) -> Answer:
    survey, given = await opened(slug)
    asked, problems = model.read(form, given)
    who = await selected(survey, given, asked.who, now)
    found = await model.found(who)
    return Answer(
        who,
        [*problems, *who.problems],
        asked.query(),
        lambda key: asked.without(key).query(),
        charts=[model.chart(found, who)] if found else [],
        tables=model.tables(found, locale) if found else [],
        says=model.says(found, locale) if found else "",
        nothing=NO_MODEL,
    )


NO_MODEL = N_("This survey does not ask the questions of the satisfaction model.")
MODEL = N_("Seven indices of the European satisfaction index (ECSI), and what leads to what.")


Answering = Callable[[str, Form, Locale, datetime], Awaitable[Answer]]


def pages_of(path: str, heading: str, purpose: str, answer: Answering) -> list[HTTPRouteHandler]:
    """A view's page, and the same as a workbook."""
    here = f"/staff/{{language:str}}/results/{{slug:str}}/{path}"

    @get(here, guards=[requires(*READERS)], name=f"explorer.{path}")
    async def view(
        request: AnyRequest,
        slug: FromPath[str],
        locale: NamedDependency[Locale],
        profile: NamedDependency[Profile],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        found = await answer(slug, read_query(request), locale, now)
        return await shown(request, path, heading, purpose, found, locale, profile)

    @get(f"{here}.xlsx", guards=[requires(*READERS)], name=f"explorer.{path}.file")
    async def file(
        request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
    ) -> Response[bytes]:
        found = await answer(slug, read_query(request), locale, now)
        return workbook_of(found.charts, found.tables, locale, f"{slug}-{path}-{locale.code}.xlsx")

    return [view, file]


nav: tuple[NavItem, ...] = ()
routes = [
    *pages_of("drivers", N_("Drivers"), DRIVERS, _drivers),
    *pages_of("importance", N_("Map of importance"), IMPORTANCE, _importance),
    *pages_of("trend", N_("Trend"), TREND, _trend),
    *pages_of("reliability", N_("Reliability"), RELIABILITY, _reliability),
    *pages_of("model", N_("Satisfaction model"), MODEL, _model),
]
