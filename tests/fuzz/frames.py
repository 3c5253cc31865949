"""What stands around the bytes of a fuzzer: without it most inputs would end at the first check of a file's kind."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from litestar import Litestar

BOUNDARY = "zq"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SHEETS = ("survey", "choices", "settings")


def documents(data: bytes) -> Iterator[bytes]:
    """The bytes as they are, and as the inside of each part of a Word file that is read."""
    yield data
    if data.startswith(b"<w:"):
        yield word_file(
            {"word/document.xml": b"<w:document " + W.encode() + b"><w:body>%s</w:body></w:document>" % data}
        )
        for part in ("styles", "numbering", "footnotes"):
            inside = f"<w:{part} {W}>".encode() + data + f"</w:{part}>".encode()
            yield word_file({"word/document.xml": PARAGRAPH, f"word/{part}.xml": inside})


PARAGRAPH = (
    f"<w:document {W}><w:body><w:p><w:pPr><w:pStyle w:val='a'/>"
    "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
    "<w:r><w:t>Член 1</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r></w:p></w:body></w:document>"
).encode()


def word_file(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def tables(data: bytes) -> dict[str, list[list[str]]]:
    """Sheets of cells: form feeds part the sheets, lines the rows, tabs the cells."""
    parts = data.decode(errors="replace").split("\f")
    return {
        name: [[cell.strip() for cell in line.split("\t")[:40]] for line in part.split("\n")[:200]]
        for name, part in zip(SHEETS, parts, strict=False)
    }


async def a_request(app: Litestar, body: bytes) -> int:
    """The status that an application answers a multipart post with."""
    head = [(b"content-type", b"multipart/form-data; boundary=" + BOUNDARY.encode())]
    head.append((b"content-length", str(len(body)).encode()))
    app.state.shell = SimpleNamespace(settings=SimpleNamespace(upload_limit_mib=20, clamd=None))
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/", "raw_path": b"/", "root_path": "",
        "query_string": b"", "headers": head, "scheme": "http", "client": ("192.0.2.1", 1), "server": ("here", 80),
    }  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)  # type: ignore[arg-type]
    return statuses[0]


SHEET = {
    "brand": "#123456", "title": "T", "sender": "S", "language": "mk", "address": "a",
    "letters": [{"address": [], "reference": "", "code": "C", "qr": "", "texts": []}],
}  # fmt: skip
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def words(said: list[str]) -> dict[str, object]:
    """The texts of a printed letter in one language, all of them a stranger's."""
    names = ("sender", "contact", "return_address", "date", "title", "address_label", "code_label", "qr_alt", "privacy")
    return {"language": "mk", "body": said, **{name: said[number % len(said)] for number, name in enumerate(names)}}
