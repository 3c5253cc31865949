"""Reads: what staff wrote for a report, and which parts a report will have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from consult.columns.published import counted
from consult.indices import queries as standing_indices
from consult.indices.measuring import asked_in
from consult.reports import mapping, rating
from consult.reports.report import Texts
from consult.results.queries import results_of
from consult.storage import fetchrow
from consult.surveys.survey import Survey


@dataclass(frozen=True, slots=True)
class Contents:
    """Which parts the report of a survey has. charts: how many questions have one."""

    parts: frozenset[str]
    charts: int
    answers: int


async def texts(survey_id: UUID) -> Texts:
    row = await fetchrow("select introduction, conclusions from report_text where survey = $1", survey_id)
    return Texts(row["introduction"], row["conclusions"]) if row else Texts()


async def contents(survey: Survey, *, at: datetime) -> Contents:
    """What is there, without computing it: a page can ask for it each time. Raises NotFound."""
    results = await results_of(survey.id, at=at)
    now = await counted(survey.id)
    shown = {key for key, chart in results.charts.items() if not chart.is_hidden}
    questions = rating.published(results.definition, results.charts)
    parts = {"purpose", "method", "response"}
    if shown:
        parts |= {"summary", "questions"}
    if any(len(asked_in(now, one.standing)) == len(one.standing.items) for one in await standing_indices.indices()):
        parts.add("indices")
    if any(chart.kind == "nps" or chart.measure in rating.SATISFACTION for chart in results.charts.values()):
        parts.add("satisfaction")
    if now.n and mapping.has_stated(questions):
        parts.add("importance")
    given = mapping.Ratings(now, questions) if now.n else None
    if given is not None and given.overall is not None and len(given.rows) > 1:
        needed = max(mapping.FEWEST, mapping.PER_DRIVER * len(given.rows))
        if int(np.count_nonzero(~np.isnan(given.overall))) >= needed:
            parts |= {"importance", "drivers"}
        if results.definition.results.breaks:
            parts.add("breaks")
    if any(results.texts.values()):
        parts.add("written")
    return Contents(frozenset(parts), len(shown), now.n)
