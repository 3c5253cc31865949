"""The most frequent words of written answers: drawing, grid, sentence."""

from __future__ import annotations

from consult.charts import colours, grid
from consult.charts.grid import Cell, Grid
from consult.charts.kinds import Word, Words
from consult.charts.scene import Bar, Datum, Scene, Stroke
from consult.charts.scene import Words as Said
from consult.charts.wording import plain, quoted
from consult.errors import N_
from consult.i18n import Locale

MOST = {
    "word": N_("The most frequent words: %(list)s."),
    "pair": N_("The most frequent pairs of words: %(list)s."),
}
NAMED = 3
COUNTED = N_("A word counts once for each person who wrote it.")
ABOVE, WIDTH = 7, 66.0


def scene(spec: Words, locale: Locale, bar: str) -> Scene:
    most = max((word.count or 0 for word in spec.words), default=1) or 1
    made = Scene(0, most * 100 / WIDTH)
    y = 0.0
    for word in spec.words:
        lang = "" if word.language == locale.code else word.language
        y = made.label(word.word, y, locale, lang=lang) + ABOVE
        made.add(Stroke(0, 0, y - 2, y + 16, colours.INK_2))
        if word.count is None:
            made.add(Said(0, y + 12, locale.gettext("hidden"), colours.INK_2, 14, dx=8))
        else:
            written = _counted(word, locale)
            made.add(Bar(0, word.count, y, 14, bar, Datum((word.word, written), word.count)))
            made.add(Said(word.count, y + 13, written, size=15, dx=8, bold=True))
        y += 26
    made.height = max(0.0, y - 8)
    return made


def _counted(word: Word, locale: Locale) -> str:
    number = locale.number(word.count or 0, 0)
    return number if word.share is None else f"{number} ({locale.percent(word.share)})"


def table(spec: Words, locale: Locale) -> Grid:
    has_shares = any(word.share is not None for word in spec.words)
    first = locale.gettext("Pair of words") if spec.of == "pair" else locale.gettext("Word")
    head = (first, locale.gettext("People"), *([locale.gettext("Share")] * has_shares))
    rows: list[tuple[Cell, ...]] = []
    for word in spec.words:
        share = [grid.share(word.share, locale)] if has_shares else []
        rows.append((word.word, grid.count(word.count, locale), *share))
    langs = tuple("" if word.language == locale.code else word.language for word in spec.words)
    return Grid(plain(spec.title, locale), head, tuple(rows), langs=langs)


def sentence(spec: Words, locale: Locale) -> str:
    found = [word for word in spec.words if word.count is not None][:NAMED]
    if not found:
        return ""
    named = ", ".join(f"{quoted(word.word, locale)} ({locale.number(word.count or 0, 0)})" for word in found)
    return locale.gettext(MOST[spec.of], list=named)


def remarks(spec: Words, locale: Locale) -> list[str]:
    return [locale.gettext(COUNTED)]
