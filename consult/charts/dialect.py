"""Plotly in a reader's language: signs of numbers, names of days and months from Babel, its few words of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.dates import get_date_format, get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from consult.errors import N_
from consult.i18n import Locale

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    "showTips": False,
    "scrollZoom": False,
    "doubleClick": False,
}
WORDS = {
    "Download plot": N_("Save the chart as a picture"),
    "Download plot as a PNG": N_("Save the chart as a picture"),
    "Taking snapshot - this may take a few seconds": N_("The picture is being made."),
    "Snapshot succeeded": N_("The picture was saved."),
    "Sorry, there was a problem downloading your snapshot!": N_("The picture could not be made."),
    "Click to enter Plot title": "",
}
"""What Plotly may say by itself, in its own words -> ours. Everything else in a figure is written by us."""
TOOLS = {
    "displayModeBar": True,
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "svg"},
}
DIRECTIVES = (("yyyy", "%Y"), ("y", "%Y"), ("MM", "%m"), ("M", "%-m"), ("dd", "%d"), ("d", "%-d"))


def separators(locale: Locale) -> str:
    """The decimal sign and the sign between thousands, as Plotly wants them."""
    return str(get_decimal_symbol(locale.babel)) + str(get_group_symbol(locale.babel))


def config(locale: Locale, *, tools: bool = False) -> dict[str, Any]:
    """How a figure behaves, and its language. tools: offer to save it as a picture."""
    words = {theirs: locale.gettext(ours) if ours else "" for theirs, ours in WORDS.items()}
    language = {"name": locale.code, "dictionary": words, "format": formats(locale)}
    chosen = CONFIG | TOOLS if tools else CONFIG
    return {**chosen, "locale": locale.code, "locales": {locale.code: language}}


@cache
def formats(locale: Locale) -> dict[str, Any]:
    """Days, months and dates for Plotly's axes of time."""
    named = locale.babel
    days = [str(get_day_names("wide", "stand-alone", named)[n]) for n in (6, 0, 1, 2, 3, 4, 5)]
    short_days = [str(get_day_names("abbreviated", "stand-alone", named)[n]) for n in (6, 0, 1, 2, 3, 4, 5)]
    months = [str(get_month_names("wide", "stand-alone", named)[n]) for n in range(1, 13)]
    short_months = [str(get_month_names("abbreviated", "stand-alone", named)[n]) for n in range(1, 13)]
    signs = separators(locale)
    return {
        "days": days,
        "shortDays": short_days,
        "months": months,
        "shortMonths": short_months,
        "date": _directives(str(get_date_format("short", named).pattern)),
        "decimal": signs[0],
        "thousands": signs[1:],
    }


def _directives(pattern: str) -> str:
    """A pattern of Babel's such as dd.MM.yy in the notation of d3."""
    made, rest = "", pattern.replace("'", "")
    while rest:
        for letters, directive in (("yy", "%y"), *DIRECTIVES) if not rest.startswith("yyyy") else DIRECTIVES:
            if rest.startswith(letters):
                made, rest = made + directive, rest[len(letters) :]
                break
        else:
            made, rest = made + rest[0], rest[1:]
    return made
