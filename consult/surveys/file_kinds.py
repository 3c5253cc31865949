"""Which files a survey takes, told by their content, and what is taken out of them before they are kept.

Pictures are drawn anew: what a camera wrote beside the picture (place, time, device) and whatever else was hidden in
the file is gone. Documents are kept as they are, but never with macros.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from consult.errors import N_, Problem
from consult.records.attachment import DOCX, ENDINGS, ODT, detect
from consult.surveys import definition as d

MIB = 2**20
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
QUALITY = 85
# Short name in definitions -> media type. `accept` of the field, and the words of its hint, come from here.
ACCEPTED = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": DOCX,
    "odt": ODT,
}
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

EMPTY = N_("The file is empty. Choose another one: “%(question)s”.")
TOO_LARGE = N_("The file is larger than %(most)s MB. Choose a smaller one: “%(question)s”.")
WRONG_KIND = N_("The file must be one of these: %(kinds)s. Choose another one: “%(question)s”.")
NO_PHOTO = N_("This is no photo that can be read. Choose a JPEG, PNG or WebP picture: “%(question)s”.")
TOO_MANY_PIXELS = N_("The picture has too many pixels. Make it smaller: “%(question)s”.")
HAS_MACROS = N_("The document has macros. Save it without them and choose it again: “%(question)s”.")
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError, MemoryError, zipfile.BadZipFile,
    ImageCms.PyCMSError,
)  # fmt: skip
"""What Pillow raises for files that are broken, by mistake or on purpose."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept."""

    content: bytes
    media_type: str

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]


def kinds_of(question: d.File | d.Photo) -> tuple[str, ...]:
    if isinstance(question, d.Photo):
        return ("jpeg", "png", "webp")
    return question.kinds or tuple(ACCEPTED)


def take(question: d.File | d.Photo, content: bytes) -> Taken | Problem:
    """The file as it will be kept, or what is wrong with it. Slow for large pictures: call it in a thread."""

    def wrong(message: str, **more: object) -> Problem:
        return Problem(question.key, message, {"question": question.text, **more})

    if not content:
        return wrong(EMPTY)
    if len(content) > question.max_mib * MIB:
        return wrong(TOO_LARGE, most=question.max_mib)
    media_type = detect(content)
    kinds = kinds_of(question)
    if media_type is None or media_type not in {ACCEPTED[kind] for kind in kinds}:
        return wrong(NO_PHOTO) if isinstance(question, d.Photo) else wrong(WRONG_KIND, kinds=shown(kinds))
    if media_type not in PICTURES:
        return wrong(HAS_MACROS) if media_type in (DOCX, ODT) and _has_macros(content) else Taken(content, media_type)
    wanted = "image/jpeg" if isinstance(question, d.Photo) else media_type
    try:
        drawn = _drawn_anew(content, wanted)
    except Image.DecompressionBombError:
        return wrong(TOO_MANY_PIXELS)
    except UNREADABLE:
        return wrong(NO_PHOTO)
    return Taken(drawn, wanted) if drawn else wrong(TOO_MANY_PIXELS)


def shown(kinds: tuple[str, ...]) -> str:
    names = {"jpeg": "JPEG", "webp": "WebP"}
    return ", ".join(names.get(kind, kind.upper()) for kind in kinds)


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


def _has_macros(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/"))
            for name in archive.namelist()
        )
