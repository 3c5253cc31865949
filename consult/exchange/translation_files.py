"""Translations as files for other programs: a workbook, and gettext's .po; out and in. Pure.

A workbook has one line for each text: its place, the source, and for each language the translation and its state. A
.po file has one language; its context is the place, and what is out of date is marked fuzzy. Cells are written and read
as texts, so nothing that looks like a formula becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import xlsxwriter
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from consult.errors import N_, Problem
from consult.exchange import workbooks
from consult.exchange.report import NotReadable

SHEET = "Translations"
LARGEST_BYTES = 4 * 1024 * 1024
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
NO_HEAD = N_(
    "The first line must name the columns as in the file that you downloaded: `place`, `source: …`, languages."
)
NO_PO = N_("This is no .po file, or it is damaged.")
NO_LANGUAGE = N_("The file does not say its language (`Language:` in its head).")


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its translations. stale: languages that are out of date; earlier: what the source said then."""

    place: str
    source: str
    values: Mapping[str, str]
    states: Mapping[str, str] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    earlier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A translation from a file. is_right: the file says that it fits the source even if nothing changed."""

    place: str
    language: str
    source: str
    value: str
    is_right: bool = False
    is_fuzzy: bool = False


def write_workbook(rows: list[Row], source_language: str, languages: tuple[str, ...]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(SHEET)
    head, text = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
    )
    titles = ["place", f"source: {source_language}"]
    for language in languages:
        titles += [language, f"{language}: state"]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, 14 if title.endswith(": state") else 30 if column == 0 else 48)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&R&P / &N")
    for number, row in enumerate(rows, 1):
        cells = [row.place, row.source]
        for language in languages:
            cells += [row.values.get(language, ""), row.states.get(language, "")]
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell, text)
    book.close()
    return target.getvalue()


def read_workbook(content: bytes) -> list[Incoming]:
    """Raises NotReadable."""
    sheet = workbooks.sheets(content, [SHEET.lower()]).get(SHEET.lower(), [])
    head = list(sheet[0]) if sheet else []
    sources = [column for column, title in enumerate(head) if title.startswith("source:")]
    if "place" not in head or len(sources) != 1:
        raise NotReadable([Problem("file", NO_HEAD)])
    place, source = head.index("place"), sources[0]
    targets = [(column, title) for column, title in enumerate(head) if LANGUAGE.fullmatch(title)]
    found = []
    for row in sheet[1:]:
        cells = [*row, *[""] * (len(head) - len(row))]
        if cells[place]:
            found += [
                Incoming(cells[place], language, _plain(cells[source]), _plain(cells[column]))
                for column, language in targets
            ]
    return found


def write_catalogue(rows: list[Row], source_language: str, language: str, survey: str) -> bytes:
    catalogue = Catalog(
        locale=language.replace("-", "_"),
        project=survey,
        version=f"{source_language}-{language}",
        fuzzy=False,
        charset="utf-8",
        header_comment=f"# {survey}: {source_language} -> {language}",
    )
    for row in rows:
        if not row.source:
            continue
        is_stale = language in row.stale
        message = catalogue.add(
            row.source,
            row.values.get(language, ""),
            context=row.place,
            flags={"fuzzy"} if is_stale else set(),
            previous_id=[row.earlier[language]] if is_stale and row.earlier.get(language) else [],
        )
        message.flags -= {"python-format", "python-brace-format"}
    target = BytesIO()
    write_po(target, catalogue, width=0, include_previous=True)
    told = f'"Language: {language.replace("-", "_")}\\n"\n'
    return target.getvalue().replace(told.encode(), f'{told}"X-Source-Language: {source_language}\\n"\n'.encode(), 1)


def read_catalogue(content: bytes) -> list[Incoming]:
    """Raises NotReadable."""
    if len(content) > LARGEST_BYTES:
        raise NotReadable([Problem("file", workbooks.TOO_LARGE, {"mib": LARGEST_BYTES // 2**20})])
    try:
        catalogue = read_po(StringIO(content.decode("utf-8-sig").replace("\r\n", "\n")), abort_invalid=True)
    except (PoFileError, ValueError, IndexError, TypeError):
        raise NotReadable([Problem("file", NO_PO)]) from None
    language = str(catalogue.locale_identifier or "").replace("_", "-")
    if not LANGUAGE.fullmatch(language):
        raise NotReadable([Problem("file", NO_LANGUAGE)])
    return [
        Incoming(
            message.context,
            language,
            _plain(message.id),
            _plain(message.string),
            is_right=not message.fuzzy,
            is_fuzzy=message.fuzzy,
        )
        for message in catalogue
        if message.context and isinstance(message.id, str) and isinstance(message.string, str)
    ]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
