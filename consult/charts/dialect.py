"""Plotly in a reader's language: signs of numbers, names of days and months, all from Babel; and what it may do."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.dates import get_date_format, get_day_names, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from consult.i18n import Locale

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    "showTips": False,
    "scrollZoom": False,
    "doubleClick": False,
}
DIRECTIVES = (("yyyy", "%Y"), ("y", "%Y"), ("MM", "%m"), ("M", "%-m"), ("dd", "%d"), ("d", "%-d"))


def separators(locale: Locale) -> str:
    """The decimal sign and the sign between thousands, as Plotly wants them."""
    return str(get_decimal_symbol(locale.babel)) + str(get_group_symbol(locale.babel))


def config(locale: Locale, *, save: str = "") -> dict[str, Any]:
    """How a figure behaves, and its language. Plotly's own tools stay away: no keyboard reaches them.

    save  the name of the file under which the page offers the figure as a picture; our script makes the button.
    """
    spoken = {"locale": locale.code, "locales": {locale.code: {"name": locale.code, "format": formats(locale)}}}
    offered = {"save": {"file": save, "words": locale.gettext("Save the chart as a picture")}} if save else {}
    return {**CONFIG, **spoken, **offered}


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
