"""The code with which residents come in: eight digits, the same for all sessions of one form, and its picture.

Digits can be typed on every keyboard and read out in every language. A code follows from the secret and the form, so
that it is kept nowhere; only staff can use one, and two parties with the same code are told apart by their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import segno
from markupsafe import Markup

from consult.forums.links import Links
from consult.signed import labelled

LENGTH = 8


def code_of(links: Links, party: UUID) -> str:
    digits = int.from_bytes(labelled(links.secret, b"forum-entrance:", 8).of(party.bytes))
    return str(digits % 10**LENGTH).zfill(LENGTH)


def spaced(code: str) -> str:
    return f"{code[:4]}\u00a0{code[4:]}"


def address_of(links: Links, code: str, language: str) -> str:
    """What the picture says: a phone of staff that reads it opens the list with this party."""
    return f"{links.base_url}/staff/{language}/door/{code}"


def picture_svg(address: str) -> str:
    """The picture for a page: no style attributes, which the policy of pages forbids."""
    inline: str = _made(address).svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="c-entrance", lineclass=None
    )
    return inline.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


@dataclass(frozen=True, slots=True)
class Entrance:
    """The code for a page: in words, and as a picture that says no more than the words."""

    code: str
    picture: Markup


def entrance_of(links: Links, party: UUID, language: str) -> Entrance:
    code = code_of(links, party)
    return Entrance(spaced(code), Markup(picture_svg(address_of(links, code, language))))


def picture_png(address: str) -> bytes:
    out = BytesIO()
    _made(address).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def _made(address: str) -> segno.QRCode:
    """Every mask is right; choosing the prettiest of eight would cost most of the time."""
    return segno.make(address, error="m", micro=False, mask=3)
