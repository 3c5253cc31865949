"""The files, written piece by piece, so that a draft with very many comments needs no more memory than one with few."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import Any

import msgspec

from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.draft import Draft
from consult.drafts.moderation.groups import marks_of
from consult.drafts.opendata.fields import Context, all_fields, cell
from consult.i18n import locale as locale_of

AT_ONCE = 500
BOM = b"\xef\xbb\xbf"


async def _pages(
    draft: Draft, zone: dt.tzinfo, languages: Sequence[str]
) -> AsyncIterator[tuple[list[Comment], Context]]:
    """All shown comments and replies, the newest first."""
    number = 1
    while True:
        found = await comments.comments_and_replies(draft.id, number=number, size=AT_ONCE)
        marks = await marks_of([one.id for one in found.items])
        yield list(found.items), Context(draft.slug, zone, languages, marks)
        if number >= found.pages:
            return
        number += 1


async def as_csv(draft: Draft, zone: dt.tzinfo, languages: Sequence[str]) -> AsyncIterator[bytes]:
    """RFC 4180 with a byte order mark, so that spreadsheets see the letters."""
    fields = all_fields(languages)
    yield BOM + _lines([[one.name for one in fields]])
    async for found, context in _pages(draft, zone, languages):
        yield _lines([[cell(one.of(comment, context)) for one in fields] for comment in found])


async def as_json(
    draft: Draft, zone: dt.tzinfo, languages: Sequence[str], about: dict[str, Any]
) -> AsyncIterator[bytes]:
    """One object: what the file is, then the comments, each with every field."""
    fields = all_fields(languages)
    yield msgspec.json.encode(about)[:-1] + b',"comments":['
    comma = b""
    async for found, context in _pages(draft, zone, languages):
        for comment in found:
            row = {one.name: one.of(comment, context) for one in fields}
            yield comma + msgspec.json.encode(row)
            comma = b",\n"
    yield b"]}\n"


def dictionary(languages: Sequence[str]) -> list[dict[str, Any]]:
    """Every field with its type, what it says and its codes, in all languages."""
    return [
        {
            "field": one.name,
            "type": one.type,
            "says": _in_all(one.says, languages),
            **({"codes": {code: _in_all(name, languages) for code, name in one.codes.items()}} if one.codes else {}),
        }
        for one in all_fields(languages)
    ]


def dictionary_csv(languages: Sequence[str]) -> bytes:
    """The dictionary as a table: a line for each field, and below it one for each of its codes."""
    rows = [["field", "type", "code", *languages]]
    for one in all_fields(languages):
        rows.append([one.name, one.type, "", *_in_all(one.says, languages).values()])
        rows += [[one.name, "", code, *_in_all(name, languages).values()] for code, name in one.codes.items()]
    return BOM + _lines(rows)


def _in_all(msgid: str, languages: Sequence[str]) -> dict[str, str]:
    return {code: locale_of(code).gettext(msgid) for code in languages}


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
