"""Whether a trick has worked in something that left the platform: each kind of output is parsed as its reader would.

Every function returns what is wrong, in words; nothing found is an empty list.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from defusedxml import ElementTree
from icalendar import Calendar
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

RUNS = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data|file)\s*:", re.IGNORECASE)
ADDRESSES = ("href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href", "background", "srcset")
COMPUTED = str(7 * 191)
SPREADSHEET = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NUMBER = re.compile(r"[+-]?[0-9][0-9., \u00a0\u202f%/:-]*")
OWN_ATTRIBUTE = re.compile(r"on[a-z]+|style|srcdoc", re.IGNORECASE)
OFFICE_RUNS = re.compile(rb"<w:instrText[^>]*>[^<]*zq|TargetMode=\"External\"[^>]*zq|Target=\"[^\"]*zq[^>]*External")


def answer(content_type: str, body: bytes, *, host: str = "consult.test") -> list[str]:
    """What is wrong with one answer of the platform, or one file in an archive of it."""
    kind = content_type.partition(";")[0].strip().lower()
    prove = KINDS.get(kind)
    if prove is not None:
        return prove(body, host)
    return [] if kind.startswith(("image/", "font/", "text/plain")) or kind in OPAQUE else [f"no proof for {kind}"]


def holds(kind: str, body: bytes, mark: str) -> bool:
    """Whether a mark stands in an output, unpacked as its reader would."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return any(
                holds(ENDINGS.get(name.rpartition(".")[2], ""), archive.read(name), mark) for name in archive.namelist()
            )
    if kind == "application/pdf":
        return any(mark in sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages)
    return mark.encode() in body


def page(body: bytes, host: str) -> list[str]:
    """HTML: the marks stand as text, or as values of attributes, and nowhere else."""
    text = body.decode()
    found = [f"unescaped: {match[0]!r}" for match in re.finditer(r"(?i).{30}<zqtag.{10}", text)]
    if re.search(rf"zq[^<]{{0,60}}{COMPUTED}|{COMPUTED}[^<]{{0,60}}zq", text):
        found.append("a template ran")
    root = html.document_fromstring(text)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "zqtag":
            found.append("an element of a stranger")
        if element.tag == "script":
            found += _script(element.get("type") or "", element.text or "", element.get("src"))
        for name, value in element.attrib.items():
            if name.lower().startswith("zq") or OWN_ATTRIBUTE.fullmatch(name):
                found.append(f"attribute {name} on {element.tag}")
            if name.lower() in ADDRESSES:
                found += _address(value, host, element.tag, name)
            if name == "http-equiv" and "refresh" in value.lower():
                found += _address((element.get("content") or "").partition("url=")[2], host, "meta", "content")
    return found


def _script(kind: str, text: str, source: str | None) -> list[str]:
    if source is not None:
        return []
    if kind not in {"application/json", "application/ld+json"}:
        return [f"a script inside the page: {text[:60]!r}"]
    try:
        json.loads(text)
    except ValueError:
        return [f"data of a script are no JSON: {text[:60]!r}"]
    return []


def _address(value: str, host: str, tag: str, name: str) -> list[str]:
    bare = value.replace("\t", "").replace("\n", "").replace("\r", "")
    if RUNS.match(bare) and not (tag in {"img", "link"} and bare.startswith("data:image/")):
        return [f"{tag} {name} runs: {value[:60]!r}"]
    try:
        other = urlsplit(bare.strip().replace("\\", "/")).hostname
    except ValueError:
        return [f"{tag} {name} is no address: {value[:60]!r}"]
    # Links that authors wrote lead where they say; nothing is fetched from elsewhere, and no form goes there.
    if other not in {None, host} and (tag, name) != ("a", "href"):
        return [f"{tag} {name} of another host: {value[:60]!r}"]
    return []


def table(body: bytes, host: str) -> list[str]:
    """CSV: no cell that a spreadsheet would calculate."""
    text = body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    widths = {len(row) for row in rows if row}
    found = [f"rows of {sorted(widths)} cells"] if len(widths) > 1 else []
    # Where the comma stands in numbers, a spreadsheet divides every file at its semicolons.
    elsewhere = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    cells = [*(cell for row in rows for cell in row), *(cell.lstrip("\t\r\n") for row in elsewhere for cell in row)]
    return found + [f"calculated: {cell[:60]!r}" for cell in cells if _is_calculated(cell)]


def _is_calculated(cell: str) -> bool:
    return cell.startswith(SPREADSHEET) and not NUMBER.fullmatch(cell) and cell not in {"-", "+"}


def workbook(body: bytes, host: str) -> list[str]:
    """XLSX: no formula, no link, nothing that is not XML."""
    found = package(body, host)
    book = load_workbook(io.BytesIO(body))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and "zq" in str(cell.value):
                    found.append(f"a formula: {str(cell.value)[:60]!r}")
                if cell.hyperlink is not None and "zq" in str(cell.hyperlink.target):
                    found.append(f"a link: {cell.hyperlink.target!r}")
    return found


def package(body: bytes, host: str) -> list[str]:
    """DOCX, ODS and others: every part of XML can be read, names stay inside, nothing runs."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            if name.startswith("/") or ".." in name.split("/") or "\\" in name:
                found.append(f"a part outside: {name!r}")
            part = archive.read(name)
            if name.endswith((".xml", ".rels", ".vml")):
                found += [f"{name}: {fault}" for fault in markup(part, host)]
                if OFFICE_RUNS.search(part):
                    found.append(f"{name}: a field or a link that a stranger made")
            elif (kind := ENDINGS.get(name.rpartition(".")[2])) is not None:
                found += [f"{name}: {fault}" for fault in answer(kind, part, host=host)]
    return found


def markup(body: bytes, host: str) -> list[str]:
    """XML without a document type, and no element or attribute of ours."""
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except ElementTree.ParseError as fault:
        return [f"no XML: {fault}"]
    found = []
    for element in root.iter():
        if "zqtag" in str(element.tag):
            found.append("an element of a stranger")
        for name, value in element.attrib.items():
            if "zqattr" in name or (name.rpartition("}")[2] in ADDRESSES and RUNS.match(value) and "zq" in value):
                found.append(f"attribute {name} on {element.tag}: {value[:60]!r}")
    return found


def feed(body: bytes, host: str) -> list[str]:
    """Atom: XML, and whatever it holds as HTML keeps what pages keep."""
    found = markup(body, host)
    if found:
        return found
    for element in ElementTree.fromstring(body).iter():
        if element.get("type") == "html" and element.text:
            found += page(element.text.encode(), host)
    return found


def calendar(body: bytes, host: str) -> list[str]:
    """iCalendar: no line of a stranger is a property of its own."""
    unfolded = re.sub(r"\r?\n[ \t]", "", body.decode())
    found = [f"a property: {line[:60]!r}" for line in unfolded.split("\n") if line.startswith(("ZQPROP", "Bcc"))]
    whole = Calendar.from_ical(body)
    return found + [f"an event: {one}" for one in whole.walk("VEVENT") if str(one.get("UID", "")) == "zq"]


def pdf(body: bytes, host: str) -> list[str]:
    """PDF: nothing runs, no link of a stranger's."""
    reader = PdfReader(io.BytesIO(body))
    found = [f"{name} in the catalogue" for name in ("/OpenAction", "/AA", "/JavaScript") if name in reader.root_object]
    for one in _dictionaries(reader):
        if "/JS" in one or one.get("/S") in {"/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData"}:
            found.append("an action")
        if "zq" in str(one.get("/URI", "")):
            found.append(f"a link: {one['/URI']!r}")
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    if re.search(rf"zq.{{0,60}}{COMPUTED}", text):
        found.append("a template ran")
    return found


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    for number in range(1, len(reader.xref_objStm) + sum(len(one) for one in reader.xref.values()) + 1):
        one = reader.get_object(number)
        if isinstance(one, DictionaryObject):
            yield one


def data(body: bytes, host: str) -> list[str]:
    """JSON that any reader takes."""
    try:
        json.loads(body)
    except ValueError as fault:
        return [f"no JSON: {fault}"]
    return []


def headers(pairs: list[tuple[str, str]], host: str) -> list[str]:
    """The head of an answer: no header of a stranger, and no way to another host."""
    found = []
    for name, value in pairs:
        if name.lower().startswith("zq") or "\n" in value or "\r" in value:
            found.append(f"header {name}: {value[:60]!r}")
        if name.lower() == "location" and (
            urlsplit(value).netloc not in {"", host} or value.startswith("//") or RUNS.match(value)
        ):
            found.append(f"a way out: {value[:60]!r}")
    names = {name.lower() for name, _ in pairs}
    return found + [f"no {name}" for name in ("content-security-policy", "x-content-type-options") if name not in names]


KINDS: dict[str, Callable[[bytes, str], list[str]]] = {
    "text/html": page,
    "text/csv": table,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": workbook,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": package,
    "application/vnd.oasis.opendocument.spreadsheet": package,
    "application/zip": package,
    "application/atom+xml": feed,
    "text/calendar": calendar,
    "application/pdf": pdf,
    "application/json": data,
    "application/problem+json": data,
    "application/schema+json": data,
    "application/xml": markup,
    "text/xml": markup,
    "image/svg+xml": markup,
}
ENDINGS = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "html": "text/html",
}
OPAQUE = {"text/css", "text/javascript", "application/javascript", "application/yaml", "application/x-spss-sav"}
OPAQUE |= {
    "text/x-gettext-translation",
    "application/octet-stream",
    "application/x-stata-dta",
    "application/vnd.apache.parquet",
}
