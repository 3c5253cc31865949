"""The marks of a drawing as SVG elements: presentation attributes only, x in percent and y in px."""

from __future__ import annotations

import textwrap

from markupsafe import Markup, escape

from consult.charts import colours
from consult.i18n import Locale

LETTERS = {"ka": 32}
LETTERS_ELSEWHERE = 36
LINE, LABEL_PX, SMALL_PX = 19, 15, 13
ZERO = Markup("")


def wrap(text: str, locale: Locale, less: int = 0) -> list[str]:
    """Break a label into lines that fit 320 px at 15 px; less: letters to leave free at the end of each."""
    letters = LETTERS.get(locale.code, LETTERS_ELSEWHERE) - less
    return textwrap.wrap(text, letters, break_on_hyphens=False) or [""]


def text(
    x: str,
    y: float,
    words: str,
    fill: str,
    size: int,
    *,
    dx: float = 0,
    anchor: str = "",
    bold: bool = False,
    lang: str = "",
    halo: bool = False,
) -> Markup:
    shift = Markup(' dx="{}"').format(px(dx)) if dx else ZERO
    side = Markup(' text-anchor="{}"').format(anchor) if anchor else ZERO
    weight = Markup(' font-weight="700"') if bold else ZERO
    speaks = Markup(' lang="{}"').format(lang) if lang else ZERO
    behind = Markup(' stroke="{}" stroke-width="4" paint-order="stroke"').format(colours.PAPER) if halo else ZERO
    return Markup('<text x="{}" y="{}"{}{} fill="{}" font-size="{}"{}{}{}>{}</text>').format(
        x, px(y), shift, behind, fill, size, side, weight, speaks, escape(words)
    )


def rect(
    x: float, width: float, y: float, height: float, fill: str, *, rx: int = 0, gap: bool = False, edge: str = ""
) -> Markup:
    """gap: an edge in the colour of the page, so that neighbours stay apart; edge: one in this colour."""
    round_ = Markup(' rx="{}"').format(rx) if rx else ZERO
    stroke = colours.PAPER if gap else edge
    border = Markup(' stroke="{}" stroke-width="1.5"').format(stroke) if stroke else ZERO
    return Markup('<rect x="{}" y="{}" width="{}" height="{}"{} fill="{}"{}/>').format(
        percent(x), px(y), percent(width), px(height), round_, fill, border
    )


def line(
    x1: str, x2: str, y1: float, y2: float, stroke: str, *, width: float = 2, dash: str = "", round_: bool = False
) -> Markup:
    dashes = Markup(' stroke-dasharray="{}"').format(dash) if dash else ZERO
    ends = Markup(' stroke-linecap="round"') if round_ else ZERO
    return Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="{}"{}{}/>').format(
        x1, x2, px(y1), px(y2), stroke, px(width), dashes, ends
    )


def circle(x: str, y: float, radius: float, fill: str, stroke: str, width: float = 2) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="{}"/>').format(
        x, px(y), px(radius), fill, stroke, px(width)
    )


def percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%" if abs(value) >= 0.005 else "0"


def px(value: float) -> str:
    return f"{round(value, 1):g}"
