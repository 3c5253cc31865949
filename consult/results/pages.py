"""Public pages of results: the list, a survey's results, the figures for Plotly, the tables as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send
from markupsafe import Markup
from msgspec import structs

from consult.charts import showing, wording
from consult.charts.spec import Spec
from consult.errors import N_, NotFound
from consult.i18n import Locale
from consult.i18n import locale as locale_of
from consult.profile import Profile
from consult.results import exports, overview, queries, rule, written
from consult.results.compared import compared
from consult.results.counting import PUBLIC, Policy, is_sensitive
from consult.results.groups import Break, Choice, Group
from consult.results.measured import Measured, measured
from consult.results.mix import mix
from consult.results.queries import Results
from consult.results.standing import settled, standing
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, page, plain_page, read_query, url
from consult.web.page_cache import CachedPages
from consult.web.templating import environment

NO_WEIGHTS = N_("None: every answer counts the same.")
WEIGHTED = N_(
    "By “%(name)s”: groups that are too few among those who answered count for more. The weights leave the exactness of"
    " %(effective)s answers of equal weight. Numbers of answers (n) are not weighted."
)
NOT_FOLLOWED = N_("The figures are without the chosen weights: %(reason)s")
KEPT_TOGETHER = N_("This question is sensitive: its answers are shown for everybody together only.")
MOST_KEPT = 200
ON_PAGE = 20
_figures: dict[tuple[object, ...], Markup] = {}


@dataclass(frozen=True, slots=True)
class Section:
    """One question on the page. figure: the chart as HTML; written: what is said of answers that have no chart.

    links: the same question by the groups of a break, words and address.
    """

    key: str
    title: str
    figure: Markup
    written: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks for: everybody, one group (of and choice), or each question by groups (of alone).

    results  of the group; everybody's where it may not be shown. charts: what the page draws.
    """

    offered: list[Break]
    everybody: Results
    results: Results
    charts: Mapping[str, Spec]
    of: Break | None = None
    choice: Choice | None = None

    @property
    def is_refused(self) -> bool:
        return self.choice is not None and not self.choice.is_shown

    @property
    def query(self) -> str:
        """Behind the address of each file that belongs to the page."""
        if self.of is None or self.is_refused:
            return ""
        return "?" + urlencode({self.of.key: self.choice.code} if self.choice else {"by": self.of.key})

    def shown(self) -> Asked:
        """For files, which have no place for explanations. Raises NotFound for a group that is not shown."""
        if self.is_refused:
            raise NotFound
        return self


@get("/{language:str}/results")
async def results_list(
    request: AnyRequest, locale: NamedDependency[Locale], page_number: NamedDependency[int]
) -> Response[bytes]:
    found = await queries.some_published(number=page_number, size=ON_PAGE)
    if page_number > found.pages:
        raise NotFound
    heads = await queries.headlines_of([one.survey for one in found.items])
    said = {key: overview.said(made.charts[:1], locale) for key, made in heads.items()}
    return page(request, "results/list.html", found=found, heads=heads, said=said)


@route("/{language:str}/surveys/{slug:str}/results", http_method=["GET", "HEAD"])
async def results_page() -> ASGIApp:
    return serve


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """The page as it was made before, for as long as it would be the same."""
    slug: str = scope["path_params"]["slug"]
    state = scope["litestar_app"].state
    pages: CachedPages | None = state.get("results_pages")
    if pages is None:
        pages = state.results_pages = CachedPages()
    now = state.shell.clock()
    await pages.answer(
        scope, receive, send, make=whole_page, state=lambda: standing(slug, now), settled=lambda: settled(slug, now)
    )


async def whole_page(request: AnyRequest) -> Response[bytes]:
    shell, slug = request.app.state.shell, request.path_params["slug"]
    locale, profile, now = locale_of(request.path_params["language"]), shell.profile, shell.clock()
    published_at, survey = await _published(slug)
    asked = await _asked(request, survey, now)
    everybody, results = asked.everybody, asked.results
    apart = set(results.definition.results.breaks)
    at = url(locale, "surveys", slug, "results")
    found = sections(results, locale, profile, PUBLIC, at, asked)
    return page(
        request,
        "results/results.html",
        results=results,
        everybody=everybody,
        source=results.source or everybody.source,
        published_at=published_at,
        asked=asked,
        at=at,
        headlines=overview.said(overview.headlines(results.charts, apart), locale),
        indices=overview.indices(results.charts, locale),
        measured=[] if results.group else await _measured(survey, locale, profile, now),
        mix=None if results.group else mix(everybody, locale),
        opinions=[section for section in found if section.key not in apart],
        people=[section for section in found if section.key in apart],
        words=method_words(results, locale),
        counted=rule.said(results.left, locale),
        policy=PUBLIC,
    )


async def _measured(survey: Survey, locale: Locale, profile: Profile, now: datetime) -> list[tuple[Measured, Markup]]:
    """The standing indices, each with the figure of its series where it has one."""
    found = await measured(survey, locale, now)
    return [(one, rendered(one.series, locale, profile, PUBLIC, "") if one.series else Markup("")) for one in found]


@get("/{language:str}/surveys/{slug:str}/results/tables.csv")
async def tables(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    _, survey = await _published(slug)
    asked = (await _asked(request, survey, now)).shown()
    named = {"content-disposition": f'attachment; filename="{slug}-{locale.code}.csv"'}
    return plain_page(
        request, exports.tables_csv(asked.results, asked.charts, locale), "text/csv; charset=utf-8", headers=named
    )


@get("/{language:str}/surveys/{slug:str}/results/{file:str}")
async def figure(
    request: AnyRequest,
    slug: FromPath[str],
    file: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """QUESTION.json: the Plotly figure in the page's language."""
    _, survey = await _published(slug)
    chart = (await _asked(request, survey, now)).shown().charts.get(file.removesuffix(".json"))
    if chart is None or not file.endswith(".json"):
        raise NotFound
    body = msgspec.json.encode(showing.plotly(chart, locale, profile))
    return plain_page(request, body, "application/json")


async def _published(slug: str) -> tuple[datetime, Survey]:
    """Raises NotFound where the results are not public; whether there are any is nobody's business then."""
    survey = await surveys.survey(slug)
    published_at = await queries.published_at(survey.id)
    if published_at is None:
        raise NotFound
    return published_at, survey


async def _asked(request: AnyRequest, survey: Survey, now: datetime) -> Asked:
    """What an address asks for. Raises NotFound for a group or a break that there is not."""
    form, offered = read_query(request), await queries.breaks_of(survey.id)
    everybody = await queries.results_of(survey.id, at=now)
    for of in offered:
        if code := form.get(of.key):
            choice = of.choice(code)
            if not choice.is_shown:
                return Asked(offered, everybody, everybody, everybody.charts, of, choice)
            results = await queries.results_of(survey.id, at=now, group=Group(of.key, code))
            return Asked(offered, everybody, results, results.charts, of, choice)
    if key := form.get("by"):
        by = next((of for of in offered if of.key == key and len(of.shown) > 1), None)
        if by is None:
            raise NotFound
        return Asked(offered, everybody, everybody, await compared(survey.id, by, now), by)
    return Asked(offered, everybody, everybody, everybody.charts)


def sections(
    results: Results, locale: Locale, profile: Profile, policy: Policy, at: str = "", asked: Asked | None = None
) -> list[Section]:
    """The questions with their figures. at: the address below which Plotly figures are; without it there are none."""
    found = []
    query, charts = (asked.query, asked.charts) if asked else ("", results.charts)
    for question in results.definition.questions:
        key, title = question.key, wording.plain(question.text, locale)
        if key in charts:
            drawn = rendered(charts[key], locale, profile, policy, f"{at}/{key}.json{query}" if at else "")
            found.append(Section(key, title, drawn, links=_links(key, at, asked, locale) if asked else ()))
        elif key in results.withheld and results.group and key != results.group.key:
            found.append(Section(key, title, Markup(""), locale.gettext(KEPT_TOGETHER)))
        elif key in results.texts:
            said = written.said(question, results.texts[key], results.spans.get(key), locale)
            found.append(Section(key, title, Markup(""), said))
    return found


def _links(key: str, at: str, asked: Asked, locale: Locale) -> tuple[tuple[str, str], ...]:
    """The breaks by which a question can be seen, but for the one that it is seen by."""
    chart = asked.everybody.charts.get(key)
    asks_for = next((q for q in asked.everybody.definition.questions if q.key == key), None)
    if chart is None or chart.is_hidden or asks_for is None or is_sensitive(asks_for):
        return ()
    shown_by = asked.of.key if asked.of and not asked.choice else ""
    return tuple(
        (wording.plain(of.text, locale), f"{at}?{urlencode({'by': of.key})}#q-{key}")
        for of in asked.offered
        if of.key not in (key, shown_by) and len(of.shown) > 1
    )


def rendered(chart: Spec, locale: Locale, profile: Profile, policy: Policy, plotly_url: str) -> Markup:
    """The figure's HTML, kept for as long as the answers stay the same."""
    day = datetime.combine(chart.source.taken_at.date(), time(), tzinfo=UTC)
    as_of_day = structs.replace(chart, source=structs.replace(chart.source, taken_at=day))
    key = (policy, type(chart), msgspec.json.encode(as_of_day), locale.code, profile.colours.bar, plotly_url)
    made = _figures.get(key)
    if made is None:
        view = showing.view(chart, locale, profile, plotly_url=plotly_url)
        macro = environment(locale).get_template("charts/chart.html").module
        made = Markup(macro.figure(view))  # type: ignore[attr-defined]  # a macro of that template
        while len(_figures) >= MOST_KEPT:
            _figures.pop(next(iter(_figures)))
        _figures[key] = made
    return made


def method_words(results: Results, locale: Locale) -> dict[str, str]:
    """How the survey was made, in words: design and ways in."""
    source, used = results.source, results.used
    weights = locale.gettext(NO_WEIGHTS)
    if used.reason is not None:
        weights = locale.gettext(NOT_FOLLOWED, reason=locale.gettext(wording.REASONS[used.reason]))
    elif used.name:
        weights = locale.gettext(WEIGHTED, name=used.name, effective=locale.number(used.found.cost.n_eff, 0))
    if source is None:
        return {"design": "", "channels": "", "days": "", "weights": weights}
    channels = {} if results.group else source.channels
    ways = sorted(channels.items(), key=lambda item: -item[1])
    named = [f"{locale.gettext(wording.CHANNELS[way])} {locale.number(n, 0)}" for way, n in ways if n]
    days = wording.days(source.first_day, source.last_day, locale) if source.first_day and source.last_day else ""
    design = locale.gettext(wording.DESIGNS[source.design])
    return {"design": design, "channels": ", ".join(named), "days": days, "weights": weights}


routes = [results_list, results_page, tables, figure]
