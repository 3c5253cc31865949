"""A regulation from a file of any known format, told by its content: our Markdown, and what was lost on the way."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from consult.drafts import regulation
from consult.drafts.sources import akoma, markdown_file, web_page, word
from consult.drafts.sources.archive import DAMAGED, LARGEST_FILE, LARGEST_TEXT, TOO_LARGE
from consult.drafts.sources.assembling import assemble
from consult.drafts.sources.block import Source
from consult.drafts.sources.completeness import UNPLACED, missing
from consult.drafts.sources.report import Loss, Report, refused
from consult.errors import N_, Problem

EMPTY = N_("The file is empty.")
OLD_WORD = N_("This is an old Word document (.doc), or one with a password. Save it as .docx without a password.")
PDF = N_("This is a PDF. Its lines cannot be told from its paragraphs: take the file that it was made from.")
OPEN_DOCUMENT = N_("This is an OpenDocument file. Save it as .docx and choose it again.")
UNKNOWN = N_("This is no Word document (.docx), HTML page, Akoma Ntoso file or text in Markdown.")
TOO_LONG = N_("The text is too long: at most %(most)s characters.")
FORMATS: Mapping[str, str] = {
    "docx": N_("Word document"),
    "html": N_("HTML page"),
    "akn": N_("Akoma Ntoso file"),
    "markdown": N_("Text in Markdown"),
}
ENDINGS = ".docx,.html,.htm,.xml,.akn,.md,.markdown,.txt"


@dataclass(frozen=True, slots=True)
class Taken:
    """title: what the file calls itself, or "". problems: what our format still finds wrong, by line of `markdown`."""

    format: str
    markdown: str
    losses: tuple[Loss, ...]
    problems: tuple[Problem, ...]
    articles: int
    title: str = ""


def take(content: bytes, language: str) -> Taken:
    """Read one file in one language. Raises NotReadable."""
    if not content.strip():
        raise refused(EMPTY)
    if len(content) > LARGEST_FILE:
        raise refused(TOO_LARGE, mib=LARGEST_FILE // 2**20)
    kind = detect(content)
    if kind != "docx" and len(content) > LARGEST_TEXT:
        raise refused(TOO_LARGE, mib=LARGEST_TEXT // 2**20)
    report = Report()
    if kind == "markdown":
        text = decoded(content)
        _bounded(text)
        if markdown_file.is_ours(text, language):
            return _taken(kind, f"{text.strip()}\n", (), language)
        source = markdown_file.read(text)
    else:
        source = _READERS[kind](content, report)
    assembled = assemble(source, report)
    _bounded(assembled.markdown)
    if left := missing(source.words, " ".join([assembled.markdown, *report.words])):
        report.add(0, left, UNPLACED)
    return _taken(
        kind, assembled.markdown, report.losses(assembled.headings), language, source.title or assembled.title
    )


def language_of(content: bytes) -> str:
    """The language whose word for "article" a file uses most; English where it says none. Raises NotReadable."""
    text = take(content, "en").markdown
    said = Counter(
        code for code, word in regulation.ARTICLE_WORDS.items() for _ in re.finditer(rf"\b{word}\s+\d", text)
    )
    return said.most_common(1)[0][0] if said else "en"


def _taken(kind: str, markdown: str, losses: tuple[Loss, ...], language: str, title: str = "") -> Taken:
    parsed = regulation.parse(markdown, language)
    return Taken(kind, markdown, losses, parsed.problems, len(parsed.articles), title)


def _bounded(text: str) -> None:
    if len(text) > regulation.MOST_CHARACTERS:
        raise refused(TOO_LONG, most=regulation.MOST_CHARACTERS)


def detect(content: bytes) -> str:
    """Tell a file by its beginning, never by its name. Raises NotReadable."""
    if content.startswith(b"PK\x03\x04"):
        if b"opendocument.text" in content[:200]:
            raise refused(OPEN_DOCUMENT)
        return "docx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(OLD_WORD)
    if content.startswith(b"%PDF-"):
        raise refused(PDF)
    beginning = content[:4096].decode("utf-16" if content[:2] in _WIDE else "utf-8", "replace").lstrip("\ufeff \t\r\n")
    lower = beginning.lower()
    if "akomantoso" in lower:
        return "akn"
    if lower.startswith(("<!doctype html", "<html")) or any(
        sign in lower for sign in ("<html", "<body", "<p>", "<p ", "<div", "<h1", "<table", "<meta")
    ):
        return "html"
    if lower.startswith("<?xml"):
        raise refused(akoma.NO_LAW)
    if "\0" in beginning:
        raise refused(UNKNOWN)
    return "markdown"


_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes) -> str:
    """A text file, in UTF-8, UTF-16 or the old encoding of Cyrillic Windows. Raises NotReadable."""
    if content[:2] in _WIDE:
        return content.decode("utf-16", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1251", "replace")
    if "\0" in text:
        raise refused(DAMAGED)
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: Mapping[str, Callable[[bytes, Report], Source]] = {
    "docx": word.read,
    "html": web_page.read,
    "akn": akoma.read,
}
