"""What is taken out of files of strangers before they are kept.

Pictures are drawn anew: what a camera wrote beside the picture (place, time, device) and whatever else was hidden in
the file is gone. Documents are kept as they are, but never with macros.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageCms, ImageOps

from consult.errors import N_
from consult.records.attachment import DOCX, ENDINGS, ODT, detect

MACROS = N_("The file contains macros. Save it as .docx without macros.")
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
QUALITY = 85
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, MemoryError, zipfile.BadZipFile,
    ImageCms.PyCMSError,
)  # fmt: skip
"""What Pillow raises for files that are broken, by mistake or on purpose."""


class Fault(StrEnum):
    EMPTY = "empty"
    WRONG_KIND = "wrong kind"
    NO_PICTURE = "no picture"
    TOO_MANY_PIXELS = "too many pixels"
    HAS_MACROS = "has macros"


class Unfit(Exception):
    """A file that is not kept; whoever takes files says the fault in words of its own."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept."""

    content: bytes
    media_type: str

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]


def cleaned(content: bytes, kinds: Collection[str] = tuple(ENDINGS), *, drawn_as: str | None = None) -> Taken:
    """The file as it may be kept. Raises Unfit. Slow for large pictures: call it in a thread.

    kinds     media types that are taken, told by the content alone
    drawn_as  the media type that pictures become; their own unless it is given
    """
    if not content:
        raise Unfit(Fault.EMPTY)
    media_type = detect(content)
    if media_type is None or media_type not in kinds:
        raise Unfit(Fault.WRONG_KIND)
    if media_type not in PICTURES:
        if media_type in (DOCX, ODT) and _has_macros(content):
            raise Unfit(Fault.HAS_MACROS)
        return Taken(content, media_type)
    wanted = drawn_as or media_type
    try:
        drawn = _drawn_anew(content, wanted)
    except Image.DecompressionBombError as fault:
        raise Unfit(Fault.TOO_MANY_PIXELS) from fault
    except UNREADABLE as fault:
        raise Unfit(Fault.NO_PICTURE) from fault
    if drawn is None:
        raise Unfit(Fault.TOO_MANY_PIXELS)
    return Taken(drawn, wanted)


def _drawn_anew(content: bytes, media_type: str) -> bytes | None:
    """None where the picture says that it has more pixels than a machine should unpack."""
    with Image.open(io.BytesIO(content), formats=tuple(PICTURES.values())) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return None
        profile = opened.info.get("icc_profile")
        if opened.format == "JPEG":
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture = _plain_colours(picture, profile)
    if media_type == "image/jpeg" and picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, PICTURES[media_type], quality=QUALITY)
    return out.getvalue()


def _plain_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB without a profile; RGBA only where something shines through."""
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    if profile and picture.mode == "RGB":
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"))
        return converted if converted is not None else plain
    return plain


def has_macros(content: bytes) -> bool:
    """Whether a word processor's file would run something; other files would not."""
    try:
        return detect(content) in (DOCX, ODT) and _has_macros(content)
    except UNREADABLE:
        return False


def _has_macros(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/"))
            for name in archive.namelist()
        )
