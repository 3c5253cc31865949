"""How the answers came: ways in, languages, days, and who could answer at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from consult.charts.wording import CHANNELS
from consult.errors import N_
from consult.i18n import Locale
from consult.results.queries import Results

WHO = {
    "open": N_("Everybody could answer; nobody had to prove who he or she is."),
    "invited": N_("Only people with a personal invitation could answer, each once."),
    "mixed": N_(
        "Everybody could answer, and some people were invited personally. How somebody came in is not kept with the"
        " answer, so that nobody can be traced."
    ),
}
PART = N_("%(name)s %(share)s (%(count)s)")
BUSIEST = N_("Most answers came on %(day)s: %(count)s.")
HEIGHT, WIDTH = 48, 220
LONGEST = 120
"""Days that still make a readable drawing."""


@dataclass(frozen=True, slots=True)
class Mix:
    """channels, languages: in words, the most frequent first; who: who could answer; days: a drawing, and its words."""

    channels: str
    languages: str
    who: str
    days: Markup
    busiest: str


def mix(results: Results, locale: Locale) -> Mix:
    """For everybody only: a group's would tell more of few people than its charts do."""
    named = {code: locale.gettext(words) for code, words in CHANNELS.items()}
    days = {date.fromisoformat(day): n for day, n in results.came["@day"].items() if n}
    busiest = ""
    if len(days) > 1:
        day = max(days, key=lambda one: (days[one], one))
        busiest = locale.gettext(BUSIEST, day=locale.date(day), count=locale.number(days[day], 0))
    return Mix(
        _parts(results.came["@channel"], named, locale),
        _parts(results.came["@language"], locale.languages, locale),
        _who(results, locale),
        _drawn(days, busiest) if len(days) > 2 else Markup(""),
        busiest,
    )


def _who(results: Results, locale: Locale) -> str:
    """Empty where the design says who was asked, and answering took no invitation: its description says more."""
    who = results.survey.access.who
    return "" if who == "open" and results.declared.kind != "open" else locale.gettext(WHO[who])


def _parts(counts: Mapping[str, int], names: Mapping[str, str], locale: Locale) -> str:
    total = sum(counts.values())
    rows = sorted(((n, code) for code, n in counts.items() if n), reverse=True)
    return ", ".join(
        locale.gettext(PART, name=names.get(code, code), share=locale.percent(n / total), count=locale.number(n, 0))
        for n, code in rows
    )


def _drawn(days: Mapping[date, int], words: str) -> Markup:
    """One bar a day, days without answers too."""
    first, last = min(days), max(days)
    count = (last - first).days + 1
    if count > LONGEST:
        return Markup("")
    step, most = WIDTH / count, max(days.values())
    bars = []
    for place in range(count):
        n = days.get(first + timedelta(days=place), 0)
        if n:
            high = max(1.0, HEIGHT * n / most)
            bars.append(
                f'<rect x="{place * step:.1f}" y="{HEIGHT - high:.1f}" width="{max(1.0, step - 1):.1f}"'
                f' height="{high:.1f}" class="c-fill"/>'
            )
    return Markup(
        f'<svg role="img" class="c-days" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' aria-label="{escape(words)}">{"".join(bars)}</svg>'
    )
