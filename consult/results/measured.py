"""The standing indices that a survey measures, as its page shows them: figure, interval, target, and the series."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from consult.analysis.estimate import Estimate
from consult.charts.kinds import Line
from consult.charts.wording import REASONS
from consult.columns.frame import Frame, frame
from consult.errors import N_
from consult.i18n import Locale, pick
from consult.indices import queries as indices
from consult.indices.charts import line, written
from consult.indices.measuring import asked_in
from consult.indices.queries import Index, Wave
from consult.indices.standing import RULES, Standing
from consult.results.counting import PUBLIC
from consult.results.queries import public_slugs, published
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
    found = [
        (of, wave)
        for of, wave in await indices.of_survey(survey)
        if wave.estimate.value is not None and wave.estimate.n >= PUBLIC.base
    ]
    if not found:
        return []
    made = await frame(survey.id)
    found = [(of, wave) for of, wave in found if _is_open(of, made)]
    kept = await indices.kept_waves([of for of, _ in found])
    versions = await indices.all_versions([of.id for of, _ in found])
    public = await public_slugs()
    return [
        _said(of, wave, _series(of, wave, survey, _shown(kept[of.id], public), versions[of.id], at), locale)
        for of, wave in found
    ]


def _is_open(of: Index, made: Frame) -> bool:
    """Whether the survey publishes all that the index is made of."""
    shown = {q.key for q in published(made.definition) if not getattr(q, "sensitive", False)}
    return all(made.variables[one.key].question in shown for one in asked_in(made, of.standing))


def _shown(waves: list[Wave], public: Collection[str]) -> list[Wave]:
    """What everybody may see: waves of public results and of elsewhere."""
    return [wave for wave in waves if wave.estimate.n >= PUBLIC.base and (not wave.survey or wave.survey in public)]


def _series(of: Index, own: Wave, survey: Survey, kept: list[Wave], versions: list[Index], at: datetime) -> Line | None:
    """The waves that were kept and this survey's own; none where that does not compare."""
    others = [wave for wave in kept if wave.survey != survey.slug]
    waves = sorted([*others, own], key=lambda wave: (wave.on, wave.survey))
    comparable = indices.comparable(waves)
    if len(comparable) < 2 or own not in comparable:
        return None
    return line(of, waves, versions, at=at)


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
