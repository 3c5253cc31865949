"""The chart of a question's codes: drawn like any question of several choices."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from consult.charts import showing
from consult.charts.chart import Row
from consult.coding import queries as coding
from consult.coding.code import CodeFrame, Open
from consult.coding.variables import column
from consult.columns.frame import Frame
from consult.explorer.answers import Answers
from consult.explorer.sourcing import source
from consult.i18n import Locale
from consult.profile import Profile
from consult.results.counting import STAFF, Counting
from consult.surveys.definition.schema import Multiple
from consult.surveys.survey import State, Survey
from consult.web.templating import environment
from consult.weighting.queries import design_of


async def code_chart(
    survey: Survey, frame: Frame, question: Open, codes: CodeFrame, locale: Locale, profile: Profile, at: datetime
) -> Markup:
    """How many of the coded answers have each code, as the page shows charts; empty before anything is coded."""
    masked = column(frame, await coding.marks(codes))
    base = int((masked.status == 0).sum())
    if not base:
        return Markup("")
    is_closed = survey.state(at) is State.CLOSED
    named = question.key.replace(".", "-")
    came = source(survey, Answers(frame, {}, {}), named, (), {}, await design_of(survey.id), closed=is_closed)
    do = Counting(Multiple(key="codes", text=question.text, options=()), came, STAFF)
    counts = tuple(int(masked.chosen(place).sum()) for place in range(len(codes.codes)))
    parts = do.parts(counts, base, of_whole=False)
    rows = tuple(Row(code.key, code.label, base, (part,)) for code, part in zip(codes.codes, parts, strict=True))
    made = do.chart("bars", rows, base, several=sum(counts) > base)
    module = environment(locale).get_template("charts/chart.html").module
    return Markup(module.figure(showing.view(made, locale, profile)))  # type: ignore[attr-defined]  # its macro
