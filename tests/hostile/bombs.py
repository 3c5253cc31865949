"""Files that are more than they seem: small on the wire, vast or endless once somebody reads them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

BLOCK = b" " * 2**20
BLOCKS = 80
"""MiB that an archive unfolds into: more than any reader here should ever hold."""
W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + step, (b"&%c;" % (97 + step)) * 10) for step in range(10)
)
STRANGER = b'<!DOCTYPE x [<!ENTITY k SYSTEM "file:///etc/passwd">]>'
AKN = b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body>%s</body></act></akomaNtoso>'
LSS = b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>%s</document>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def archive(parts: Mapping[str, bytes | int]) -> bytes:
    """A zip file; a number is a part that unfolds into so many MiB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            if isinstance(content, bytes):
                made.writestr(name, content)
                continue
            with made.open(name, "w") as part:
                for _ in range(content):
                    part.write(BLOCK)
    return file.getvalue()


def lying(content: bytes) -> bytes:
    """The same archive, whose directory says that its last part is short."""
    made = bytearray(content)
    struct.pack_into("<I", made, made.rindex(b"PK\x01\x02") + 24, 1000)
    return bytes(made)


def word(text: bytes, **more: bytes | int) -> bytes:
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": W % text, **more})


def nested(begin: bytes, end: bytes = b"", times: int = 50_000) -> bytes:
    return begin * times + end * times


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def folded() -> Iterator[tuple[str, bytes]]:
    """What a reader has to measure before it unfolds it."""
    vast: dict[str, bytes | int] = {"[Content_Types].xml": TYPES, "word/document.xml": BLOCKS}
    yield "a Word file that unfolds", archive(vast)
    yield "one whose directory lies", lying(archive(vast))
    yield "one with entities", archive({"[Content_Types].xml": TYPES, "word/document.xml": LAUGHS + W % b"&k;"})
    yield "one that reads a file", archive({"[Content_Types].xml": TYPES, "word/document.xml": STRANGER + W % b"&k;"})
    yield "a text of OpenDocument whose kind unfolds", lying(archive({"mimetype": BLOCKS}))
    yield "a workbook that unfolds", archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": BLOCKS})
    yield "a picture of 60,000 by 60,000", png(60_000, 60_000)
    yield "a picture of one endless line", png(2**31 - 1, 1)
    yield "a picture with words that unfold", png(9, 9, (b"zTXt", b"a\0\0" + zlib.compress(BLOCK * BLOCKS, 1)))
    yield "a picture with colours that unfold", png(9, 9, (b"iCCP", b"a\0\0" + zlib.compress(BLOCK * BLOCKS, 1)))
    yield "a survey with entities", LAUGHS + LSS % b"&k;"
    yield "a law with entities", LAUGHS + AKN % b"<p>&k;</p>"


def deep() -> Iterator[tuple[str, bytes]]:
    """What is nested, repeated or not what it says."""
    yield "one with a vast part beside", word(b"<w:p/>", **{"word/styles.xml": BLOCKS})
    yield "one of 20,000 parts", word(b"<w:p/>", **{f"word/{number}.xml": b"" for number in range(20_000)})
    yield "one that is deep", word(nested(b"<w:p>", b"</w:p>"))
    yield "one of tables in tables", word(nested(b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>", 10_000))
    yield "one whose parts lie outside", word(b"<w:p/>", **{"../../../tmp/zq": b"x", "/tmp/zq": b"x"})
    yield "a drawing", b"<svg xmlns='http://www.w3.org/2000/svg' onload='zq()'><script>zq()</script></svg>"
    yield "a drawing that says it is a picture", b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'/>"
    yield "a page that says it is a photo", b"\xff\xd8\xff\xe0<html><script>zq()</script></html>"
    yield "a survey that is deep", LSS % nested(b"<a>", b"</a>")
    yield "a law that is deep", AKN % nested(b"<section>", b"</section>")
    yield "a page that is deep", b"<!DOCTYPE html><html><body>" + nested(b"<div>") + b"x"
    yield "a page of open tags", b"<!DOCTYPE html><html><body>" + nested(b"<b><i><table><tr><td>", times=5_000) + b"x"
    yield (
        "a definition of references to references",
        b"a0: &a0 [x,x,x,x,x,x,x,x]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (step, step, b",".join([b"*a%d" % (step - 1)] * 10)) for step in range(1, 9)),
    )
    yield "a definition that is deep", b"key: " + nested(b"[")
    yield "JSON that is deep", nested(b'{"a":')
    yield "a table of one field", b"a;b\n" + b"x" * 2_000_000
    yield "a table of columns", b"a;" * 500_000
    yield "a table of open quotes", b'a;b\n"' + b'x""' * 500_000
    yield "plurals that are counted", b'msgid ""\nmsgstr "Plural-Forms: nplurals=999999999; plural=(' + b"(" * 5_000
    yield "a document that is also an archive", PDF + word(b"<w:p/>")
    yield "a document of numbers", b"%PDF-1.7\n" + b"1 " * 1_000_000
    yield "a document without an end", b"%PDF-1.7\n" + b"startxref\n1" + b" " * 2_000_000
