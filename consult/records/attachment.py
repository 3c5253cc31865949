"""Which files may be kept, told by their content and never by their name, and how they are handed out."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from consult.errors import N_, Invalid, Problem

LIMIT = 10 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    DOCX: ".docx",
    ODT: ".odt",
}
NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
"""What a broken archive raises, by mistake or on purpose."""
PDF_OBJECT = re.compile(rb"\b[0-9]{1,10}\s{1,20}[0-9]{1,5}\s{1,20}obj\b")
PDF_END = re.compile(rb"startxref\s{1,20}[0-9]{1,12}\s{1,20}%%EOF")
PDF_ROOT = re.compile(rb"/Root\s{0,20}[0-9]{1,10}\s{1,20}[0-9]{1,5}\s{1,20}R\b")


class WrongFile(Invalid):
    message = N_("This file cannot be attached.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of a file without its bytes."""

    id: UUID
    record: str
    record_id: str
    name: str
    media_type: str
    size: int
    added_at: dt.datetime


def check(name: str, content: bytes, place: str = "file") -> str:
    """Return the media type of a file that may be kept. Raises WrongFile."""
    if not content:
        raise WrongFile([Problem(place, N_("The file “%(name)s” is empty. Choose another one."), {"name": name})])
    if len(content) > LIMIT:
        raise WrongFile([Problem(place, N_("The file “%(name)s” is larger than 10 MB."), {"name": name})])
    media_type = detect(content)
    if media_type is None:
        message = N_("The file “%(name)s” must be a PDF, PNG, JPEG, WebP, DOCX or ODT.")
        raise WrongFile([Problem(place, message, {"name": name})])
    return media_type


def detect(content: bytes) -> str | None:
    """Tell the media type from the content; None when it is none of ours."""
    if content.startswith(b"%PDF-"):
        return "application/pdf" if _is_pdf(content) else None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return None


def _is_pdf(content: bytes) -> bool:
    """Whether there are objects, a root that names one, and an end that says where their list is.

    Viewers mend lists that lie; so where the list stands is not looked at.
    """
    return all(sign.search(content) for sign in (PDF_OBJECT, PDF_ROOT, PDF_END))


def _office(content: bytes) -> str | None:
    """Tell DOCX and ODT from other archives by their directory; nothing is unpacked but ODT's short type line."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DOCX
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return ODT if archive.read("mimetype").strip() == ODT.encode() else None
    except NO_ARCHIVE:
        return None
    return None


def safe_name(name: str, media_type: str) -> str:
    """A file name without folders, control characters and false endings, at most 120 letters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    ending = ENDINGS[media_type]
    stem = clean.rpartition(".")[0] if "." in clean else clean
    return (stem.strip(" .")[: 120 - len(ending)] or "file") + ending


def download_headers(name: str, media_type: str) -> dict[str, str]:
    """Headers that make a browser save a file and never show or run it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    return {
        "Content-Type": media_type,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
