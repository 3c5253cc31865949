"""A posted form body as names and values. What is no form of ours is refused before anything else looks at it."""

from __future__ import annotations

from urllib.parse import unquote, unquote_plus

from consult.errors import N_, ConsultError

Fields = dict[str, list[str]]

LARGEST_BYTES = 4 * 1024 * 1024  # a mebibyte of Georgian letters, as browsers write them in a form
MOST_FIELDS = 2000
LONGEST_NAME = 120


class UnreadableForm(ConsultError):
    """What was sent is not a form of ours (400); TooLargeForm where there is too much of it (413)."""

    message = N_("What was sent could not be read. Open the survey again and send your answers once more.")


class TooLargeForm(UnreadableForm):
    message = N_("Too much was sent at once. Shorten your longest answer and send again.")


class NulInForm(UnreadableForm):
    message = N_("Your answers hold a character that cannot be kept. Remove it and send again.")


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
    has_nul = b"%00" in body or b"\0" in body
    if has_nul and not mend:
        raise NulInForm
    try:
        for pair in body.decode(errors=errors).split("&"):
            name, _, value = pair.partition("=")
            if "+" in value:
                value = value.replace("+", " ")
            if "%" in value:
                value = unquote(value, errors=errors)
            if "%" in name or "+" in name:
                name = unquote_plus(name, errors=errors)
            if has_nul:
                value = value.replace("\0", "")
            if name in fields:
                fields[name].append(value)
            else:
                fields[name] = [value]
    except UnicodeDecodeError:
        raise NotUtf8 from None
    return fields
