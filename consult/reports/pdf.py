"""A report as an accessible PDF (PDF/UA-1), set by typst."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from consult.charts import grid, printing, showing, wording
from consult.charts.grid import Grid
from consult.documents import pdf
from consult.i18n import Locale
from consult.profile import Profile
from consult.reports.document import Block, Bullets, Document, Drawn, Facts, Marked, Numerals, Paragraph, Spoken, Tabled
from consult.web.templating import environment

TEMPLATE = Path(__file__).with_name("templates") / "report.typ"
TALLEST = 830.0
"""Units of a drawing that fit on one page below its title and above its source."""
SMALLEST = 0.55
"""A drawing that would have to shrink more than that is told by its table."""
FRESH = frozenset({"summary", "questions", "breaks"})
"""Parts that begin on a new page."""


class Numbers:
    """Charts and tables are counted through the document."""

    def __init__(self, made: Document) -> None:
        self._words = made.words
        self._counted = {"figure": 0, "table": 0}

    def next(self, kind: str) -> str:
        self._counted[kind] += 1
        return self._words[kind].format(number=self._counted[kind])


def compile_pdf(made: Document, locale: Locale, profile: Profile, *, made_at: dt.datetime) -> bytes:
    """Set the document; takes a core for its time."""
    return pdf.compile_pdf(TEMPLATE, data(made, locale, profile), made_at=made_at)


def data(made: Document, locale: Locale, profile: Profile) -> Any:
    """What report.typ sets: every word and drawing ready."""
    numbers = Numbers(made)
    return {
        "language": made.language,
        "title": made.title,
        "kind": made.kind,
        "sender": made.sender,
        "facts": made.facts,
        "contact": made.contact,
        "words": made.words,
        "brand": made.brand,
        "emblem": emblem(locale, profile),
        "is_demo": made.is_demo,
        "sections": [
            {
                "title": section.title,
                "level": section.level,
                "fresh": section.key in FRESH and section.level == 1,
                "blocks": _blocks(section.blocks, numbers, locale, profile),
            }
            for section in made.sections
        ],
    }


def paragraphs(text: str) -> list[list[str]]:
    """What people wrote as paragraphs of lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [[line for line in part.split("\n") if line.strip()] for part in parts if part.strip()]


def marked_paragraphs(pieces: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The pieces of a text paragraph by paragraph: an empty line in one begins the next."""
    found: list[list[tuple[str, str]]] = [[]]
    for kind, words in pieces:
        for place, part in enumerate(words.split("\n\n")):
            if place:
                found.append([])
            if part:
                found[-1].append((kind, part))
    return [paragraph for paragraph in found if paragraph]


def emblem(locale: Locale, profile: Profile) -> str:
    """The town's emblem as an SVG document in its colour."""
    macro: Any = environment(locale).get_template("web/emblems.html").module
    drawn = str(macro.emblem(profile.emblem)).strip()
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "currentColor", profile.colours.brand
    )


def _blocks(blocks: Sequence[Block], numbers: Numbers, locale: Locale, profile: Profile) -> list[dict[str, Any]]:
    """sticky: a paragraph that leads to what follows stays on its page."""
    made: list[dict[str, Any]] = []
    for block in blocks:
        made.append(_block(block, numbers, locale, profile))
        if isinstance(block, Drawn) and block.with_table and made[-1]["form"] == "chart":
            made.append(_table(showing.grid_of(block.spec, locale), "", numbers))
    for one, after in zip(made, [*made[1:], {"form": ""}], strict=True):
        one["sticky"] = after["form"] in ("chart", "table")
    return made


def _block(block: Block, numbers: Numbers, locale: Locale, profile: Profile) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"form": "paragraph", "text": block.text, "look": block.look}
    if isinstance(block, Facts):
        return {"form": "facts", "rows": block.rows}
    if isinstance(block, Bullets):
        return {"form": "bullets", "items": block.items}
    if isinstance(block, Numerals):
        return {"form": "numerals", "items": [
            {"name": one.name, "value": one.value, "interval": one.interval, "about": one.about} for one in block.items
        ]}  # fmt: skip
    if isinstance(block, Spoken):
        return {
            "form": "spoken",
            "head": block.head,
            "quote": block.quote,
            "paragraphs": paragraphs(block.text),
            "language": block.language,
            "note": block.note,
            "look": block.look,
        }
    if isinstance(block, Marked):
        return {"form": "marked", "language": block.language, "paragraphs": marked_paragraphs(block.pieces)}
    if isinstance(block, Tabled):
        return _table(block.grid, block.note, numbers)
    return _chart(block, numbers, locale, profile)


def _chart(block: Drawn, numbers: Numbers, locale: Locale, profile: Profile) -> dict[str, Any]:
    spec = block.spec
    title = wording.plain(spec.title, locale)
    drawn = printing.picture(spec, locale, profile)
    if drawn is None:
        return {"form": "paragraph", "text": f"{title} – {showing.sentence(spec, locale)}", "look": "body"}
    scale = min(1.0, TALLEST / drawn.height)
    if scale < SMALLEST:
        return _table(showing.grid_of(spec, locale), showing.source(spec, locale), numbers)
    return {
        "form": "chart",
        "place": numbers.next("figure"),
        "title": title,
        "sentence": showing.sentence(spec, locale),
        "svg": drawn.svg,
        "width": round(100 * scale, 2),
        "alt": showing.alternative(spec, locale),
        "legend": [
            {"svg": str(square).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), "name": name}
            for square, name in showing.legend(spec, locale)
        ],
        "source": showing.source(spec, locale),
    }


def _table(made: Grid, note: str, numbers: Numbers) -> dict[str, Any]:
    return {
        "form": "table",
        "place": numbers.next("table"),
        "caption": made.caption,
        "head": made.head,
        "rows": [_cells(row, made.shades[place] if made.shades else ()) for place, row in enumerate(made.rows)],
        "note": note,
    }


def _cells(row: Sequence[grid.Cell], shades: Sequence[str]) -> list[dict[str, str]]:
    known = ("", *shades, *([""] * len(row)))
    return [{"text": grid.written(cell), "shade": known[place]} for place, cell in enumerate(row)]
