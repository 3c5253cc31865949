"""Which files a survey takes, told by their content, and what it says of those that it does not take."""

from __future__ import annotations

from consult.errors import N_, Problem
from consult.records.attachment import DOCX, ODT
from consult.records.cleaning import Fault, Taken, Unfit, cleaned
from consult.surveys.definition import schema as d

MIB = 2**20
# Short name in definitions -> media type. `accept` of the field, and the words of its hint, come from here.
ACCEPTED = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": DOCX,
    "odt": ODT,
}

EMPTY = N_("The file is empty. Choose another one: “%(question)s”.")
TOO_LARGE = N_("The file is larger than %(most)s MB. Choose a smaller one: “%(question)s”.")
WRONG_KIND = N_("The file must be one of these: %(kinds)s. Choose another one: “%(question)s”.")
NO_PHOTO = N_("This is no photo that can be read. Choose a JPEG, PNG or WebP picture: “%(question)s”.")
TOO_MANY_PIXELS = N_("The picture has too many pixels. Make it smaller: “%(question)s”.")
HAS_MACROS = N_("The document has macros. Save it without them and choose it again: “%(question)s”.")
WORDS = {
    Fault.EMPTY: EMPTY,
    Fault.NO_PICTURE: NO_PHOTO,
    Fault.TOO_MANY_PIXELS: TOO_MANY_PIXELS,
    Fault.HAS_MACROS: HAS_MACROS,
}


def kinds_of(question: d.File | d.Photo) -> tuple[str, ...]:
    if isinstance(question, d.Photo):
        return ("jpeg", "png", "webp")
    return question.kinds or tuple(ACCEPTED)


def take(question: d.File | d.Photo, content: bytes) -> Taken | Problem:
    """The file as it will be kept, or what is wrong with it. Slow for large pictures: call it in a thread."""

    def wrong(message: str, **more: object) -> Problem:
        return Problem(question.key, message, {"question": question.text, **more})

    is_photo = isinstance(question, d.Photo)
    if len(content) > question.max_mib * MIB:
        return wrong(TOO_LARGE, most=question.max_mib)
    kinds = kinds_of(question)
    try:
        return cleaned(content, {ACCEPTED[kind] for kind in kinds}, drawn_as="image/jpeg" if is_photo else None)
    except Unfit as unfit:
        if unfit.fault is Fault.WRONG_KIND:
            return wrong(NO_PHOTO) if is_photo else wrong(WRONG_KIND, kinds=shown(kinds))
        return wrong(WORDS[unfit.fault])


def shown(kinds: tuple[str, ...]) -> str:
    names = {"jpeg": "JPEG", "webp": "WebP"}
    return ", ".join(names.get(kind, kind.upper()) for kind in kinds)
