"""How many lines a text takes on a phone of 360 px, measured with the fonts that reports are set in.

Residents read in the fonts of their own machine, so this is an estimate; Noto is a little wider than most. Text wraps
in any case and nothing is cut: what is counted here only says when a list becomes hard to take in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from consult.settings import resource

TEXT_PX = 17
OPTION_PX = 360 - 2 * 16 - 2 * 16 - 54
"""The screen without the page's margins, the sheet's and the button with its gap."""
GEORGIAN = re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f]")
PIECE = re.compile(r"\S+")


@lru_cache(maxsize=4)
def _font(name: str) -> ImageFont.FreeTypeFont | None:
    path = Path(resource("static", "report-fonts", f"{name}-Regular.ttf"))
    return ImageFont.truetype(str(path), TEXT_PX) if path.exists() else None


@lru_cache(maxsize=20_000)
def width(word: str) -> float:
    """In pixels, at the size of body text on phones."""
    font = _font("NotoSansGeorgian" if GEORGIAN.search(word) else "NotoSans")
    return float(font.getlength(word)) if font is not None else 9.5 * len(word)


def lines(text: str, most_px: float = OPTION_PX) -> int:
    """Lines that the text takes when it wraps at blanks; a word that is too long for a line takes several."""
    found, used = 1, 0.0
    blank = width("n n") - width("nn")
    for word in PIECE.findall(text):
        needed = width(word)
        if used and used + blank + needed > most_px:
            found, used = found + 1, 0.0
        used += needed + (blank if used else 0.0)
        while used > most_px:
            found, used = found + 1, used - most_px
    return found
