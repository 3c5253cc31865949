"""Files in small."""

from __future__ import annotations


def a_pdf(said: str = "") -> bytes:
    """The smallest PDF that a reader opens: one empty page; `said` makes it another one."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Author(" + said.encode() + b")>>",
    )
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + one + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R/Info 4 0 R>>\n"
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)
