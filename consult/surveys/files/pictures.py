"""Pictures on questions: whatever an author brings becomes one small, clean WebP of known size.

What the camera wrote into the file (place, device, time) is not taken over.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageOps, UnidentifiedImageError

from consult.errors import N_, Invalid, Problem

WIDEST, HIGHEST = 960, 960
MOST_PIXELS = 50_000_000
MOST_BYTES = 10 * 1024 * 1024
MEDIA_TYPE = "image/webp"
FORMATS = ("PNG", "JPEG", "WEBP")

NO_PICTURE = N_("This file is not a picture. Use PNG, JPEG or WebP.")
TOO_LARGE = N_("This picture is too large. Make it smaller: at most 10 MB and 50 million dots.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: where it is served, and its size in dots, so that a page keeps its place free."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Encoded:
    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()[:32]


def encoded(content: bytes, place: str = "") -> Encoded:
    """The picture as it is kept. place: the field or file that a problem names. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid([Problem(place, TOO_LARGE)])
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid([Problem(place, TOO_LARGE)])
            turned = ImageOps.exif_transpose(opened)
            picture = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid([Problem(place, NO_PICTURE)]) from None
    picture.thumbnail((WIDEST, HIGHEST))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=76, method=5)
    return Encoded(out.getvalue(), picture.width, picture.height)


def address(digest: str) -> str:
    """Named by its content, so it may be kept for ever."""
    return f"/pictures/{digest}.webp"
