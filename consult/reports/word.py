"""A report as a Word document: headings, contents, real tables, charts as pictures with words for those who hear it."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from consult.charts import grid, printing, showing, wording
from consult.charts.grid import Grid
from consult.charts.heat import SHADES
from consult.documents.glyphs import printable
from consult.documents.pdf import pictures_png
from consult.i18n import Locale
from consult.profile import Profile
from consult.reports.document import (
    Block,
    Bullets,
    Document,
    Drawn,
    Facts,
    Marked,
    Numerals,
    Paragraph,
    Section,
    Spoken,
    Tabled,
)
from consult.reports.pdf import marked_paragraphs, paragraphs
from consult.reports.word_parts import (
    LANGUAGES,
    bookmark,
    columns,
    contents,
    field,
    lines,
    repeat,
    shade,
    speak,
    together,
    whole,
    write,
)

FONTS = {"ka": "Sylfaen"}
FONT = "Calibri"
"""Fonts that come with Word; Calibri has no Georgian letters."""
UPRIGHT = frozenset({"ka"})
"""Georgian has no italics: programs would only slant it."""
INK_2 = RGBColor(0x5B, 0x54, 0x4A)
FILL = re.compile(r'fill="(#[0-9a-f]{6})"')
WIDTH, TALLEST = Mm(165), Mm(200)
SHORT = 14
"""Rows of a table that stays on one page."""
POINTS = 467.0
"""165 mm."""


def compile_docx(made: Document, locale: Locale, profile: Profile, *, made_at: dt.datetime) -> bytes:
    """Set the document; takes a core for its time."""
    word = _Word(made, locale, profile)
    word.settings(made_at)
    word.title_page()
    word.contents()
    number = 0
    for section in made.sections:
        number += section.level == 1
        word.section(section, number)
    out = BytesIO()
    word.file.save(out)
    return out.getvalue()


class _Word:
    def __init__(self, made: Document, locale: Locale, profile: Profile) -> None:
        self.made, self.locale, self.profile = made, locale, profile
        self.file: WordFile = docx.Document()
        self.brand = RGBColor.from_string(profile.colours.brand.lstrip("#").upper())
        self.counted = {"figure": 0, "table": 0}
        self.pictures = self._drawn()

    def _drawn(self) -> dict[int, tuple[bytes, float]]:
        """Every chart of the document as a picture with its height in points, by the identity of its specification."""
        specs = [block.spec for part in self.made.sections for block in part.blocks if isinstance(block, Drawn)]
        drawn = [(id(spec), printing.picture(spec, self.locale, self.profile)) for spec in specs]
        there = [(key, one.svg, POINTS * one.height / one.width) for key, one in drawn if one is not None]
        made = pictures_png([(printable(svg), POINTS, height) for _, svg, height in there])
        return {key: (png, height) for (key, _, height), png in zip(there, made, strict=True)}

    def settings(self, made_at: dt.datetime) -> None:
        about = self.file.core_properties
        about.title, about.author, about.subject = self.made.title, self.made.sender, self.made.kind
        about.language = LANGUAGES.get(self.made.language, self.made.language)
        about.created = about.modified = made_at.replace(tzinfo=None, microsecond=0)
        about.comments = ""
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(24), Mm(20), Mm(24), Mm(22)
        page.different_first_page_header_footer = True
        self._styles()
        foot = page.footer.paragraphs[0]
        demo = f" · {self.made.words['demo']}" if self.made.is_demo else ""
        foot.add_run(f"{self.made.sender} · {self.made.title}{demo}\t").font.size = Pt(8)
        field(foot, "PAGE", "2")

    def _styles(self) -> None:
        font = FONTS.get(self.made.language, FONT)
        for name, size in (("Normal", 10.5), ("Title", 28), ("Heading 1", 18), ("Heading 2", 13), ("Caption", 9)):
            style: Any = self.file.styles[name]
            style.font.name, style.font.size = font, Pt(size)
            look = style.element.get_or_add_rPr()
            fonts = look.get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{script}"), font)
            if name in ("Title", "Heading 1"):
                style.font.color.rgb = self.brand
            if name == "Heading 2":
                style.font.color.rgb = RGBColor(0x21, 0x1E, 0x1A)
            if name == "Caption":
                style.font.color.rgb, style.font.bold, style.font.italic = INK_2, False, False
        normal: Any = self.file.styles["Normal"]
        normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7), 1.25
        for style in self.file.styles.element.iter(qn("w:lang")):
            for name in ("val", "eastAsia", "bidi"):
                style.set(qn(f"w:{name}"), LANGUAGES.get(self.made.language, self.made.language))

    def title_page(self) -> None:
        made = self.made
        sender = self.file.add_paragraph()
        sender.paragraph_format.space_after = Mm(60)
        run = sender.add_run(made.sender)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(13), self.brand
        self._small(made.kind, size=13)
        self.file.add_paragraph(made.title, style="Title")
        self._facts(made.facts)
        if made.is_demo:
            self._small(made.words["demo"], size=10)
        self._small(made.contact, size=9)
        self.file.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def contents(self) -> None:
        head = self.file.add_paragraph(style="Normal")
        run = head.add_run(self.made.words["contents"])
        run.bold, run.font.size, run.font.color.rgb = True, Pt(18), self.brand
        contents(self.file, [f"{number}  {part.title}" for number, part in enumerate(self.made.numbered, 1)], WIDTH)

    def section(self, section: Section, number: int) -> None:
        title = f"{number}  {section.title}" if section.level == 1 else section.title
        heading = self.file.add_heading(title, level=section.level)
        if section.level == 1:
            bookmark(heading, number)
        for block in section.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            if block.look == "note":
                self._small(block.text)
            else:
                self.file.add_paragraph(block.text)
        elif isinstance(block, Facts):
            self._facts(block.rows)
        elif isinstance(block, Bullets):
            for item in block.items:
                self.file.add_paragraph(item, style="List Bullet")
        elif isinstance(block, Numerals):
            self._numerals(block)
        elif isinstance(block, Tabled):
            self._table(block.grid, block.note)
        elif isinstance(block, Spoken):
            self._spoken(block)
        elif isinstance(block, Marked):
            self._marked(block)
        else:
            self._chart(block)

    def _small(self, words: str, *, size: float = 8.5) -> None:
        run = self.file.add_paragraph().add_run(words)
        run.font.size, run.font.color.rgb = Pt(size), INK_2

    def _facts(self, rows: tuple[tuple[str, str], ...]) -> None:
        table = self.file.add_table(rows=0, cols=2)
        lines(table)
        for name, value in rows:
            cells = whole(table.add_row()).cells
            cells[0].text, cells[1].text = name, value
            cells[0].paragraphs[0].runs[0].font.color.rgb = INK_2
        columns(table, (55, 110))
        together(table)
        self.file.add_paragraph()

    def _spoken(self, block: Spoken) -> None:
        """A block of somebody's words, set in from the margin; Word reads them in their own language."""
        left = Mm(12 if block.look == "reply" else 6)
        head = self.file.add_paragraph()
        head.paragraph_format.left_indent, head.paragraph_format.space_after = left, Pt(2)
        head.paragraph_format.keep_with_next = True
        run = head.add_run(block.head)
        run.bold, run.font.size = True, Pt(9)
        run.font.color.rgb = self.brand if block.look == "town" else INK_2
        quoted = [[f"„{block.quote}“"]] if block.quote else []
        for number, said_lines in enumerate([*quoted, *paragraphs(block.text)]):
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = left, Pt(4)
            for place, line in enumerate(said_lines):
                said = paragraph.add_run(line)
                speak(said, block.language)
                if quoted and not number and block.language not in UPRIGHT:
                    said.italic = True
                if place < len(said_lines) - 1:
                    said.add_break()
        if block.note:
            self._small(block.note, size=8)
            self.file.paragraphs[-1].paragraph_format.left_indent = left

    def _marked(self, block: Marked) -> None:
        for pieces in marked_paragraphs(block.pieces):
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.left_indent = Mm(6)
            for kind, words in pieces:
                run = paragraph.add_run(words)
                speak(run, block.language)
                if kind == "inserted":
                    run.underline, run.font.color.rgb = True, RGBColor(0x00, 0x5A, 0x30)
                elif kind == "deleted":
                    run.font.strike, run.font.color.rgb = True, RGBColor(0x8A, 0x1F, 0x11)

    def _numerals(self, block: Numerals) -> None:
        for one in block.items:
            paragraph = self.file.add_paragraph()
            run = paragraph.add_run(one.value)
            run.bold, run.font.size, run.font.color.rgb = True, Pt(22), self.brand
            paragraph.add_run(f"  {one.name}. ").bold = True
            paragraph.add_run(f"{one.about} {one.interval}".strip())

    def _caption(self, kind: str, title: str) -> None:
        self.counted[kind] += 1
        caption = self.file.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        caption.add_run(self.made.words[kind].format(number=self.counted[kind]))
        caption.add_run().add_break()
        run = caption.add_run(title)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(10.5), RGBColor(0x21, 0x1E, 0x1A)

    def _chart(self, block: Drawn) -> None:
        spec, locale = block.spec, self.locale
        drawn = self.pictures.get(id(spec))
        title, sentence = wording.plain(spec.title, locale), showing.sentence(spec, locale)
        if drawn is None:
            self.file.add_paragraph(f"{title} – {sentence}")
            return
        self._caption("figure", title)
        paragraph = self.file.add_paragraph(sentence)
        paragraph.paragraph_format.keep_with_next = True
        png, height = drawn
        width = WIDTH if height * 12700 <= TALLEST else Emu(round(WIDTH * TALLEST / (height * 12700)))
        picture = self.file.add_picture(BytesIO(png), width=width)
        about: Any = picture._inline.docPr
        about.set("descr", showing.alternative(spec, locale))
        about.set("name", f"chart-{self.counted['figure']}")
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        self._legend(block)
        self._small(showing.source(spec, locale))
        if block.with_table:
            self._table(showing.grid_of(spec, locale), "")

    def _legend(self, block: Drawn) -> None:
        items = showing.legend(block.spec, self.locale)
        if not items:
            return
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        for number, (square, name) in enumerate(items, 1):
            found = FILL.search(str(square))
            badge = "<circle" in str(square)
            mark = paragraph.add_run(f"{number} " if badge else "■ " if found else "– ")
            mark.font.size, mark.bold = Pt(9), badge
            if found and not badge:
                mark.font.color.rgb = RGBColor.from_string(found.group(1).lstrip("#").upper())
            paragraph.add_run(f"{name}    ").font.size = Pt(9)

    def _table(self, made: Grid, note: str) -> None:
        self._caption("table", made.caption)
        table = self.file.add_table(rows=0, cols=len(made.head))
        lines(table)
        size = Pt(7.5) if len(made.head) > 6 else Pt(9)
        head = whole(table.add_row())
        repeat(head)
        for place, words in enumerate(made.head):
            write(head.cells[place], words, size, bold=True, right=place > 0)
        for number, row in enumerate(made.rows):
            cells = whole(table.add_row()).cells
            shades = ("", *made.shades[number]) if made.shades else ()
            for place, cell in enumerate(row):
                write(cells[place], grid.written(cell), size, right=place > 0)
                if place < len(shades) and shades[place]:
                    shade(cells[place], SHADES[shades[place]])
        rest = len(made.head) - 1
        first = WIDTH.mm - 24 * rest if rest <= 3 else WIDTH.mm * 2.2 / (2.2 + rest)
        columns(table, (first, *[(WIDTH.mm - first) / max(rest, 1)] * rest))
        if len(made.rows) <= SHORT:
            together(table, note=bool(note))
        if note:
            self._small(note, size=7.5)
        self.file.add_paragraph()
