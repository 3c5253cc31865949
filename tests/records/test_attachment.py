from __future__ import annotations

import datetime as dt
import io
import zipfile
from uuid import uuid4

import asyncpg
import pytest

from consult.errors import NotFound
from consult.records import queries
from consult.records.attachment import DOCX, LIMIT, ODT, WrongFile, check, detect, download_headers, safe_name
from consult.records.operations import attach, detach, keep_unit
from consult.storage import execute
from tests.records.makers import a_pdf

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PDF = a_pdf()


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), DOCX),
        (archive({"mimetype": ODT.encode(), "content.xml": b"<o/>"}), ODT),
        (archive({"mimetype": b"application/epub+zip"}), None),
        (archive({"mimetype": b"x" * 200}), None),
        (archive({"word/document.xml": b"<w/>"}), None),
        (b"PK\x03\x04 broken", None),
        (b"<svg onload=alert(1)>", None),
        (b"<html>", None),
        (b"MZ", None),
    ],
)
def test_the_type_is_told_by_the_content(content: bytes, media_type: str | None) -> None:
    assert detect(content) == media_type


def test_a_file_of_a_wrong_kind_empty_or_too_large_is_refused() -> None:
    for content in (b"", b"<html>", PDF + bytes(LIMIT)):
        with pytest.raises(WrongFile) as refused:
            check("a.pdf", content)
        assert refused.value.problems[0].parameters == {"name": "a.pdf"}


@pytest.mark.parametrize(
    ("name", "media_type", "safe"),
    [
        ("План.pdf", "application/pdf", "План.pdf"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\temp\\run.exe", "image/png", "run.png"),
        ("a\r\nSet-Cookie: x.pdf", "application/pdf", "aSet-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "application/pdf", "invoicefdp.pdf"),
        ("...", "image/jpeg", "file.jpg"),
        ("x" * 500, "application/pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_lose_folders_controls_and_false_endings(name: str, media_type: str, safe: str) -> None:
    assert safe_name(name, media_type) == safe


def test_a_download_is_saved_and_never_run() -> None:
    headers = download_headers('План "1".pdf', "application/pdf")
    assert headers["Content-Disposition"].startswith('attachment; filename="____ _1_.pdf"; filename*=UTF-8')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_an_attachment_is_kept_listed_read_and_removed(db: None) -> None:
    draft = uuid4()
    kept = await attach(record="draft", record_id=draft, name="План.pdf", content=PDF, by=None, at=NOON)
    (listed,) = await queries.attachments("draft", draft)
    assert (listed.id, listed.name, listed.size) == (kept, "План.pdf", len(PDF))
    found, content = await queries.attachment(kept)
    assert (found, content) == (listed, PDF)
    await detach(attachment_id=kept)
    await detach(attachment_id=kept)
    with pytest.raises(NotFound):
        await queries.attachment(kept)


async def test_the_database_refuses_a_type_that_runs(db: None) -> None:
    kept = await attach(record="draft", record_id="d", name="a.pdf", content=PDF, by=None, at=NOON)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("UPDATE attachment SET media_type = 'text/html' WHERE id = $1", kept)


async def test_a_unit_is_kept_once_by_its_key(db: None) -> None:
    first = await keep_unit(key="environment", name={"en": "Environment"})
    second = await keep_unit(key="environment", name={"en": "Environment sector", "mk": "Сектор"})
    assert first == second
    (unit,) = await queries.units()
    assert unit.name["mk"] == "Сектор"
    with pytest.raises(NotFound):
        await queries.unit("roads")
