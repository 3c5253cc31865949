"""Where charts on articles come from: a question of a survey, or whatever else can be asked for by a text.

A source is written `question:KEY` or `explorer:QUERY`; which survey it is about stands beside it. Whoever makes further
charts is entered in SOURCES here: portal stands above all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from consult.charts.spec import Spec
from consult.errors import N_, NotFound, Refused
from consult.explorer import queries as explorer
from consult.results import queries as results
from consult.results.counting import PUBLIC
from consult.results.disclosure import for_public
from consult.storage import fetchval
from consult.surveys.survey import Survey
from consult.web import Form

LONGEST = 2000
Resolve = Callable[[Survey, str], Awaitable[Spec]]
"""Makes a chart for the public: what is not for everybody is hidden in it. Raises NotFound, Invalid."""


class TooLong(Refused):
    message = N_("This chart has too many conditions to be attached.")


class NotForPublic(Refused):
    message = N_("This chart uses a question whose answers are not shown to the public, so it cannot stand in a draft.")


@dataclass(frozen=True, slots=True)
class Source:
    """A chart that can be asked for. kind: a name in SOURCES; query: what that needs to know."""

    kind: str
    query: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.query}"


async def _of_question(survey: Survey, key: str) -> Spec:
    return await results.question_chart(survey.id, key)


async def _of_explorer(survey: Survey, query: str) -> Spec:
    """The first chart of an analyst's query, as everybody may see it: without tests as if at random."""
    form = Form()
    for name, value in parse_qsl(query):
        if name != "as_random":
            form.values.setdefault(name, []).append(value)
    now = await fetchval("select now()")
    found = await explorer.explored(survey.slug, form, at=now)
    if found.problems or not found.charts:
        raise NotFound
    state = found.state
    used = {*state.rows, state.columns, *(one.key for one in state.where)}
    asked = used | {found.known[key].question for key in used if key in found.known}
    definition = found.given.frame.definition
    allowed = {q.key for q in results.published(definition) if not getattr(q, "sensitive", False)}
    if not asked.isdisjoint({q.key for q in definition.questions} - allowed):
        raise NotForPublic
    chart = found.charts[0]
    if state.where:
        form.values.pop("where")
        everybody = (await explorer.explored(survey.slug, form, at=now)).charts[0]
        if 0 < everybody.base - chart.base < PUBLIC.base:  # that one is public, so the difference would be these few
            return for_public(chart, least=chart.base + 1)
    return for_public(chart)


SOURCES: dict[str, Resolve] = {"question": _of_question, "explorer": _of_explorer}
PAGES: dict[str, str] = {"question": "results/{slug}", "explorer": "results/{slug}/explore?{query}"}
"""Where staff find the chart again, below /staff/LANGUAGE/."""


def read(text: str) -> Source:
    """Raises NotFound for a text that names no source, TooLong."""
    kind, colon, query = text.partition(":")
    if not colon or not query or kind not in SOURCES or "\0" in query:
        raise NotFound
    if len(query) > LONGEST:
        raise TooLong
    return Source(kind, query)


async def chart_of(survey: Survey, source: Source) -> Spec:
    """The chart as it stands now. Raises NotFound, and what its maker refuses."""
    resolve = SOURCES.get(source.kind)
    if resolve is None:
        raise NotFound
    return await resolve(survey, source.query)


def page_of(survey: Survey, source: Source) -> str:
    """Where staff see the chart with everything around it, below /staff/LANGUAGE/."""
    return PAGES[source.kind].format(slug=survey.slug, query=source.query)
