"""The code with which residents come in: eight digits, the same for all sessions of one form, and its picture.

Digits can be typed on every keyboard and read out in every language. A code follows from the secret and the form, so
that it is kept nowhere; only staff can use one, and two parties with the same code are told apart by their names.
"""

from __future__ import annotations

import hashlib
import hmac
from io import BytesIO, StringIO
from uuid import UUID

import segno

from consult.forums.links import Links

LENGTH = 8


def code_of(links: Links, party: UUID) -> str:
    digest = hmac.new(links.secret, b"forum-entrance:" + party.bytes, hashlib.sha256).digest()
    return str(int.from_bytes(digest[:8]) % 10**LENGTH).zfill(LENGTH)


def spaced(code: str) -> str:
    return f"{code[:4]}\u00a0{code[4:]}"


def address_of(links: Links, code: str, language: str) -> str:
    """What the picture says: a phone of staff that reads it opens the list with this party."""
    return f"{links.base_url}/staff/{language}/door/{code}"


def picture_svg(address: str, title: str) -> str:
    out = StringIO()
    made = segno.make(address, error="m", micro=False)
    # The frame page's policy forbids style attributes, so the size stands in attributes.
    made.save(out, kind="svg", scale=5, border=4, xmldecl=False, svgns=False, title=title, dark="#000", light="#fff")
    return out.getvalue()


def picture_png(address: str) -> bytes:
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
