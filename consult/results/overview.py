"""What stands first on a results page: the sentences that matter most, and the indices of satisfaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consult.charts import wording
from consult.charts.chart import Chart
from consult.errors import N_
from consult.i18n import Locale

HEADLINES = 3
INDEX_NAMES = {
    "satisfaction": N_("Satisfied"),
    "agreement": N_("Agree"),
    "importance": N_("Find it important"),
    "effort": N_("Found it easy"),
    "quality": N_("Rate it as good"),
    "likelihood": N_("Consider it likely"),
    "nps": N_("Recommendation score"),
}


@dataclass(frozen=True, slots=True)
class Index:
    """One large figure: its name, what it is out of, its interval in words (empty without one), its question."""

    key: str
    name: str
    value: str
    interval: str
    about: str
    mean: str


def headlines(charts: Mapping[str, Chart], breaks: Iterable[str]) -> list[Chart]:
    """At most three charts that say most: the overall scale or score first, then comparisons, then choices."""
    apart = set(breaks)
    shown = [chart for key, chart in charts.items() if key not in apart and not chart.is_hidden]
    scales = [c for c in shown if c.kind == "diverging" and len(c.rows) == 1 and c.measure != "none"]
    matrices = [c for c in shown if c.kind in ("diverging", "stacked") and len(c.rows) > 1]
    scores = [c for c in shown if c.kind == "nps"]
    choices = [c for c in shown if c.kind == "bars"]
    first = [*scales[:1], *matrices[:1], *scores[:1], *choices]
    chosen = [*first, *(c for c in shown if c not in first)][:HEADLINES]
    return sorted(chosen, key=shown.index)


def said(charts: Iterable[Chart], locale: Locale) -> list[tuple[str, str, str]]:
    """Question key, question and sentence of each: a sentence by itself would not say what it is about."""
    return [
        (chart.source.question, wording.plain(chart.title, locale), wording.sentence(chart, locale)) for chart in charts
    ]


def indices(charts: Mapping[str, Chart], locale: Locale) -> list[Index]:
    """Satisfaction (share of the upper answers, with the mean) of each single scale, and the recommendation score."""
    found = []
    for key, chart in charts.items():
        if chart.is_hidden:
            continue
        if chart.kind == "nps" and chart.figure("nps"):
            found.append(_score(key, chart, locale))
        elif chart.kind == "diverging" and len(chart.rows) == 1 and chart.measure in INDEX_NAMES:
            positive = chart.figure("positive")
            if positive is not None and positive.value is not None:
                found.append(_share(key, chart, locale))
    return found


def _share(key: str, chart: Chart, locale: Locale) -> Index:
    positive, mean = chart.figure("positive"), chart.figure("mean")
    assert positive is not None  # noqa: S101 - looked at by `indices`
    interval = ""
    if positive.low is not None and positive.high is not None:
        interval = locale.gettext(
            "Probably between %(low)s and %(high)s of everybody.",
            low=locale.percent(positive.low),
            high=locale.percent(positive.high),
        )
    average = ""
    if mean is not None and mean.value is not None:
        points = locale.number(len(chart.series), 0)
        average = locale.gettext(
            "Average %(mean)s on a scale of %(points)s points.", mean=locale.number(mean.value, 1), points=points
        )
    name = locale.gettext(INDEX_NAMES[chart.measure])
    about = wording.plain(chart.title, locale)
    return Index(key, name, locale.percent(positive.value or 0), interval, about, average)


def _score(key: str, chart: Chart, locale: Locale) -> Index:
    score = chart.figure("nps")
    assert score is not None  # noqa: S101 - looked at by `indices`
    interval = ""
    if score.low is not None and score.high is not None:
        interval = locale.gettext(
            "Probably between %(low)s and %(high)s for everybody.",
            low=wording.signed(score.low, locale),
            high=wording.signed(score.high, locale),
        )
    about = wording.plain(chart.title, locale)
    range_ = locale.gettext("From −100 (nobody would recommend) to +100 (everybody would).")
    value, name = wording.signed(score.value or 0, locale), INDEX_NAMES["nps"]
    return Index(key, locale.gettext(name), value, interval, about, range_)
