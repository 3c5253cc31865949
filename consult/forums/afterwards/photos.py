"""Photos of a meeting: drawn anew, so that nothing of the camera stays, and never without words for who cannot see."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from PIL import Image

from consult.errors import N_, Invalid, Problem
from consult.i18n import Text
from consult.records.cleaning import PICTURES, Fault, Unfit, cleaned

WIDEST = 1280
MEDIA_TYPE = "image/webp"
LONGEST_WORDS = 300
MOST_PHOTOS = 12
FAULTS = {
    Fault.TOO_MANY_PIXELS: N_("This picture is too large. Make it smaller: at most 10 MB and 50 million dots."),
}
NO_PICTURE = N_("This file is not a picture. Use PNG, JPEG or WebP.")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as pages show it; its address is its hash, so a browser keeps it for good."""

    id: UUID
    hash: str
    width: int
    height: int
    shows: Text


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    width: int
    height: int

    @property
    def hash(self) -> str:
        return sha256(self.content).hexdigest()[:32]


def drawn(content: bytes) -> Drawn:
    """The picture as it is kept. Raises Invalid. Slow for large pictures: call it in a thread."""
    try:
        clean = cleaned(content, tuple(PICTURES), drawn_as=MEDIA_TYPE)
    except Unfit as unfit:
        raise Invalid([Problem("photo", FAULTS.get(unfit.fault, NO_PICTURE))]) from unfit
    with Image.open(io.BytesIO(clean.content)) as picture:
        picture.thumbnail((WIDEST, WIDEST))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=78)
        return Drawn(out.getvalue(), picture.width, picture.height)


def words_problems(shows: Text, offered: Collection[str]) -> list[Problem]:
    """What the photo shows has to be said in every language."""
    found = []
    for language in offered:
        words = shows.get(language, "")
        if not words.strip():
            found.append(Problem(f"shows-{language}", N_("Say in this language what the photo shows.")))
        elif len(words) > LONGEST_WORDS:
            message = N_("Shorten this to at most %(most)s characters.")
            found.append(Problem(f"shows-{language}", message, {"most": LONGEST_WORDS}))
    return found
