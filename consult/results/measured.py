"""The standing indices that a survey measures, as its page shows them: figure, interval, target, and the series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consult.analysis.estimate import Estimate
from consult.charts.kinds import Line
from consult.charts.wording import REASONS
from consult.columns.frame import frame
from consult.errors import N_
from consult.i18n import Locale, pick
from consult.indices import queries as indices
from consult.indices.charts import line, written
from consult.indices.measuring import asked_in
from consult.indices.queries import Index, Wave
from consult.indices.standing import RULES, Standing
from consult.results.counting import PUBLIC
from consult.results.queries import is_public, published
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey

BETWEEN = N_("Probably between %(low)s and %(high)s for everybody.")
REACHED = N_("The target of %(target)s is reached.")
MISSED = N_("The target of %(target)s is not reached: %(gap)s points are missing.")
UNSURE = N_("Whether the target of %(target)s is reached cannot be said: it lies within the margin of error.")


@dataclass(frozen=True, slots=True)
class Measured:
    """One index. interval: in words, or why there is none; target: whether it is reached, empty without one.

    series: its waves that everybody may see, None while there is only one.
    """

    key: str
    name: str
    value: str
    interval: str
    target: str
    rule: str
    people: int
    series: Line | None


async def measured(survey: Survey, locale: Locale, at: datetime) -> list[Measured]:
    """Of indices whose questions are all public, measured from enough people."""
    found = []
    for of, wave in await indices.of_survey(survey):
        if wave.estimate.value is not None and wave.estimate.n >= PUBLIC.base and await _is_open(of, survey):
            found.append(_said(of, wave, await _series(of, wave, survey, at), locale))
    return found


async def _is_open(of: Index, survey: Survey) -> bool:
    """Whether the survey publishes all that the index is made of."""
    made = await frame(survey.id)
    shown = {q.key for q in published(made.definition) if not getattr(q, "sensitive", False)}
    return all(made.variables[one.key].question in shown for one in asked_in(made, of.standing))


async def _series(of: Index, own: Wave, survey: Survey, at: datetime) -> Line | None:
    """Kept waves of public results and of elsewhere, and this survey's own; none where that does not compare."""
    waves = []
    for wave in await indices.kept_waves(of):
        if wave.survey == survey.slug or wave.estimate.n < PUBLIC.base:
            continue
        if not wave.survey or await is_public((await surveys.survey(wave.survey)).id):
            waves.append(wave)
    waves = sorted([*waves, own], key=lambda wave: (wave.on, wave.survey))
    comparable = indices.comparable(waves)
    if len(comparable) < 2 or own not in comparable:
        return None
    return line(of, waves, await indices.versions(of.id), at=at)


def _said(of: Index, wave: Wave, series: Line | None, locale: Locale) -> Measured:
    standing, found = of.standing, wave.estimate
    interval = ""
    if found.low is not None and found.high is not None:
        low, high = written(found.low, standing, locale), written(found.high, standing, locale)
        interval = locale.gettext(BETWEEN, low=low, high=high)
    elif found.reason is not None:
        interval = locale.gettext(REASONS[found.reason])
    return Measured(
        of.key,
        pick(standing.name, locale.code, locale.order)[0],
        written(found.value or 0, standing, locale),
        interval,
        target_said(found, standing, locale),
        locale.gettext(RULES[standing.rule]),
        found.n,
        series,
    )


def target_said(found: Estimate, standing: Standing, locale: Locale) -> str:
    """Whether a target is reached; not claimed where the margin of error holds it."""
    target = standing.target
    if target is None or found.value is None:
        return ""
    words = {"target": written(target, standing, locale)}
    if found.low is not None and found.high is not None and found.low < target < found.high:
        return locale.gettext(UNSURE, **words)
    if found.value >= target:
        return locale.gettext(REACHED, **words)
    return locale.gettext(MISSED, gap=locale.number(target - found.value, 1), **words)
