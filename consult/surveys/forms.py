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


def parse(body: bytes) -> Fields:
    """The fields of an application/x-www-form-urlencoded body. Raises UnreadableForm."""
    if len(body) > LARGEST_BYTES:
        raise TooLargeForm
    fields: Fields = {}
    if not body:
        return fields
    if body.count(b"&") >= MOST_FIELDS:
        raise TooLargeForm
    try:
        if b"%" not in body and b"+" not in body:
            text = body.decode()
            if "\0" in text:
                raise NulInForm
            for pair in text.split("&"):
                name, _, value = pair.partition("=")
                fields.setdefault(name, []).append(value)
        else:
            for raw in body.split(b"&"):
                key, _, content = raw.partition(b"=")
                name, value = _decoded(key), _decoded(content)
                if "\0" in value or "\0" in name:
                    raise NulInForm
                fields.setdefault(name, []).append(value)
    except UnicodeDecodeError:
        raise NotUtf8 from None
    return fields


def _decoded(raw: bytes) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    return raw.decode()
