"""A posted form body as names and values. What is no form of ours is refused before anything else looks at it."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from consult.errors import N_, ConsultError

Fields = dict[str, list[str]]

LARGEST_BYTES = 2 * 1024 * 1024
MOST_FIELDS = 2000
LONGEST_NAME = 120


class UnreadableForm(ConsultError):
    """What was sent is not a form of ours (400); TooLargeForm where there is too much of it (413)."""

    message = N_("What was sent could not be read. Open the survey again and send your answers once more.")


class TooLargeForm(UnreadableForm):
    message = N_("Too much was sent at once. Shorten your longest answer and send again.")


class NulInForm(UnreadableForm):
    message = N_("Your answers hold a character that cannot be kept (NUL). Remove it and send again.")


class NotUtf8(UnreadableForm):
    message = N_("Your answers are not UTF-8 text. Open the survey again in an up-to-date browser.")


def parse(body: bytes, *, mend: bool = False) -> Fields:
    """The fields of an application/x-www-form-urlencoded body. Raises UnreadableForm.

    mend: leave out NUL, and put a sign where bytes are no UTF-8, so that the rest can be shown again.
    """
    if len(body) > LARGEST_BYTES or body.count(b"&") >= MOST_FIELDS:
        raise TooLargeForm
    fields: Fields = {}
    if not body:
        return fields
    errors = "replace" if mend else "strict"
    try:
        if b"%" not in body and b"+" not in body:
            pairs = [pair.partition("=") for pair in body.decode(errors=errors).split("&")]
        else:
            split = [raw.partition(b"=") for raw in body.split(b"&")]
            pairs = [(_decoded(name, errors), "", _decoded(value, errors)) for name, _, value in split]
    except UnicodeDecodeError:
        raise NotUtf8 from None
    has_nul = b"%00" in body or b"\0" in body
    if has_nul and not mend:
        raise NulInForm
    for name, _, value in pairs:
        fields.setdefault(name, []).append(value.replace("\0", "") if has_nul else value)
    return fields


def _decoded(raw: bytes, errors: str) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    return raw.decode(errors=errors)
