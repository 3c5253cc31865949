"""A file for each kind that a form takes, with a trick in its name and inside."""

from __future__ import annotations

import io
import re

from docx import Document
from PIL import Image

from tests.exchange.makers import form, row
from tests.records.makers import a_pdf

NAME = "../../zq<zqtag zqattr=1>\"'=1"
File = tuple[str, bytes]
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def a_file(accept: str, trick: str) -> File:
    """The first kind of those that a field accepts for which we have something."""
    said = NOT_XML.sub("", trick)
    if ".lss" in accept:
        return NAME + ".xlsx", form(row("text", "wish", said), form_title=said)
    if ".csv" in accept:
        cell = '"' + trick.replace('"', '""') + '"'
        return NAME + ".csv", f"Име;Е-пошта;Јазик\n{cell};zq@example.com;mk\n".encode()
    if ".pdf" in accept:
        return NAME + ".pdf", a_pdf()
    if "docx" in accept:
        return NAME + ".docx", a_regulation(said)
    if ".po" in accept:
        line = trick.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
        head = 'msgid ""\nmsgstr ""\n"Language: mk\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        return NAME + ".po", f'{head}msgctxt "title"\nmsgid "{line}"\nmsgstr "{line}"\n'.encode()
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    return NAME + ".png", file.getvalue()


def a_regulation(said: str) -> bytes:
    document = Document()
    document.add_heading(said, level=1)
    document.add_paragraph("Член 1").runs[0].bold = True
    document.add_paragraph(said)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = said
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
