"""A chart as a picture of fixed width, for paper: the same drawing, with a viewBox, on white.

On pages drawings stretch (see drawing.py). A document has one width, so the percentages become shares of that width.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from consult.charts import colours, showing
from consult.charts.spec import Spec
from consult.i18n import Locale
from consult.profile import Profile

WIDTH = 720
"""Units; 165 mm of paper make a label of 15 units 9.7 points high."""
FONTS = "Noto Sans, Noto Sans Georgian"
HEAD = re.compile(r'<svg role="img"[^>]*? width="100%" height="([0-9.]+)"[^>]*>')
MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document and its size in its own units."""

    svg: str
    width: float
    height: float


def picture(spec: Spec, locale: Locale, profile: Profile | None = None, *, width: float = WIDTH) -> Picture | None:
    """The chart as a drawing that stands by itself; None where there is nothing to show."""
    drawn = str(showing.svg(spec, locale, profile.colours.bar if profile else colours.BAR))
    found = HEAD.match(drawn)
    if found is None:
        return None
    height = float(found.group(1))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height + 2 * MARGIN:g}"'
        f' viewBox="0 {-MARGIN:g} {width:g} {height + 2 * MARGIN:g}" font-family="{FONTS}">'
    )
    body = drawn[found.end() :].replace(colours.PAPER, colours.WHITE)
    return Picture(head + body, width, height + 2 * MARGIN)
