"""OpenDocument spreadsheets (.ods), written as they come.

odfdo and its like keep the whole document in memory (several kilobytes a cell row), so the two files of the format that
matter are written here as text into the archive: nothing grows with the number of answers.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from consult.results.sheet import Cell

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ROWS = 1_048_576
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMESPACES}'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3">'
    '<office:automatic-styles><style:style style:name="head" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="words" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    '<style:style style:name="wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="36mm"/></style:style>'
    '<style:style style:name="sheet" style:family="table" style:master-page-name="Lying"/></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
STYLES = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {NAMESPACES}'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3">'
    '<office:automatic-styles><style:page-layout style:name="lying"><style:page-layout-properties'
    ' fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" style:print-page-order="ltr"'
    ' fo:margin="15mm"/><style:header-style/><style:footer-style><style:header-footer-properties'
    ' fo:min-height="7mm" fo:margin-top="3mm"/></style:footer-style></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Lying" style:page-layout-name="lying">'
    '<style:header style:display="false"/><style:footer><text:p><text:sheet-name/> · '
    "<text:page-number>1</text:page-number></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>"
)
"""Printed pages lie, and carry the sheet's name and their number in no language."""
TAIL = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


class Spreadsheet:
    """Write a sheet after the other: `sheet`, then its rows, then `close`. A text is a text and never a formula."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        # The type comes first and uncompressed, so that programs find it at its fixed place.
        self.archive.writestr(zipfile.ZipInfo("mimetype"), MEDIA_TYPE, zipfile.ZIP_STORED)
        self.archive.writestr("META-INF/manifest.xml", MANIFEST)
        self.archive.writestr("styles.xml", STYLES)
        self.out: IO[bytes] = self.archive.open("content.xml", "w", force_zip64=True)
        self.out.write(HEAD.encode())
        self.name, self.number, self.line, self.style = "", 0, 0, ""
        self.head: list[Cell] = []

    def sheet(self, name: str, head: Sequence[Cell], *, is_read: bool = False) -> None:
        """is_read: people read its texts from end to end, so they wrap."""
        if self.number:
            self.out.write(b"</table:table>")
        self.name, self.head, self.line = name, list(head), 0
        self.style = ' table:style-name="words"' if is_read else ""
        self.number += 1
        self._begin(name)

    def _begin(self, name: str) -> None:
        columns = (
            f'<table:table-column table:style-name="wide" table:number-columns-repeated="{max(len(self.head), 1)}"/>'
        )
        head = _row(self.head, ' table:style-name="head"')
        begun = f'<table:table table:name={quoteattr(name)} table:style-name="sheet">{columns}'
        self.out.write(f"{begun}<table:table-header-rows>{head}</table:table-header-rows>".encode())
        self.line = 1

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Rows beyond the largest sheet go on in another."""
        for row in rows:
            if self.line == ROWS:
                self.number += 1
                self.out.write(b"</table:table>")
                self._begin(f"{self.name} {self.number}")
            self.out.write(_row(row, self.style).encode())
            self.line += 1

    def close(self) -> None:
        self.out.write(("</table:table>" if self.number else "").encode() + TAIL.encode())
        self.out.close()
        self.archive.close()


def _row(cells: Sequence[Cell], style: str = "") -> str:
    return f"<table:table-row>{''.join(_cell(cell, style) for cell in cells)}</table:table-row>"


def _cell(cell: Cell, style: str) -> str:
    if not isinstance(cell, str):
        shown = f"<text:p>{cell}</text:p>"
        return f'<table:table-cell{style} office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
    if not cell:
        return "<table:table-cell/>"
    lines = NOT_XML.sub("", cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in lines)
    return f'<table:table-cell{style} office:value-type="string">{words}</table:table-cell>'


def _spaced(line: str) -> str:
    """Tabs and rows of blanks as elements, because the format folds blanks."""
    made = escape(line).replace("\t", "<text:tab/>")
    return re.sub(r"^ | (?= )|(?<= ) ", "<text:s/>", made) if "  " in made or made.startswith(" ") else made
