"""Reading what a browser posts: every input can be wrong, and what is readable is kept."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from litestar.datastructures import UploadFile
from litestar.exceptions import InternalServerException

from consult import refusals
from consult.documents import scanning
from consult.errors import N_, ConsultError, NotFound, Problem, Refused, Unavailable
from consult.web.pages import AnyRequest

MAX_FORM_BYTES = 4 * 2**20
MAX_FIELDS = 5_000
MAX_QUERY = 8_000
MAX_PAGE_DIGITS = 6
NOTED = "consult.form"
"""Where a form that was read is noted in the scope of its request: see keeping.py."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, which no XML, feed or letter may hold, and those that turn the direction of what stands after."""


class Unreadable(ConsultError):
    """The body is no form that a browser would send (400)."""

    message = N_("We could not read what was sent. Go back and send the form again.")


class TooLarge(ConsultError):
    """The body is larger than the page takes (413)."""

    message = N_("What you sent is too large. Go back, shorten the text or choose a smaller file, and send it again.")


class Harmful(Refused):
    """The virus scanner found something in a file, on a page that has no better place to say it (409)."""

    message = scanning.FOUND


class Unclear(Harmful):
    """It cannot be said whether there is something in it."""

    message = scanning.UNCLEAR


class Unscanned(Unavailable):
    """The virus scanner is away (503)."""

    message = scanning.AWAY


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: nothing about it is trusted yet, its name least of all."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """Posted fields. A field that was not sent is "" or []. refused: files that were left out, see `scanned`."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    refused: tuple[Problem, ...] = ()

    def get(self, name: str) -> str:
        """The field's last value, stripped, with line ends as \\n."""
        found = self.values.get(name)
        return found[-1].replace("\r\n", "\n").strip() if found else ""

    def list(self, name: str) -> list[str]:
        return list(self.values.get(name, ()))

    def flag(self, name: str) -> bool:
        return bool(self.get(name))

    def page_number(self) -> int:
        """The `page` of an address, counted from 1; 1 for whatever is no such number."""
        value = self.get("page")
        return max(1, int(value)) if value.isdecimal() and len(value) <= MAX_PAGE_DIGITS else 1

    @property
    def names(self) -> dict[str, str]:
        """What the files are called, by field."""
        return {place: upload.name for place, upload in self.files.items()}

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


async def read_body(request: AnyRequest, limit: int) -> bytes:
    """Read a body of at most `limit` bytes. Raises TooLarge as soon as there is more."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise TooLarge
            parts.append(part)
    except InternalServerException as fault:  # Litestar's word for a browser that went away in the middle
        raise Unreadable from fault
    return b"".join(parts)


def identity(written: str) -> UUID:
    """An identity that a form carries. Raises NotFound for anything that is none."""
    try:
        return UUID(written)
    except ValueError as fault:
        raise NotFound from fault


def read_query(request: AnyRequest) -> Form:
    """The fields of the address, whatever somebody typed there: what cannot be read becomes a gap, nothing raises."""
    text = request.scope["query_string"][:MAX_QUERY].decode("utf-8", "replace")
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(text, keep_blank_values=True):
        values[name].append(value.replace("\0", " "))
    return Form(dict(values))


async def read_form(request: AnyRequest, *, limit: int = MAX_FORM_BYTES) -> Form:
    """Read a posted form, urlencoded (at most limit bytes) or multipart. Raises Unreadable, TooLarge.

    Its files are left out: who takes files asks `read_files`, or `scanned` when it is their turn.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        limit_mib: int = request.app.state.shell.settings.upload_limit_mib
        form = await _multipart(request, limit_mib * 2**20)
    else:
        body = await read_body(request, limit)
        if kind not in {"application/x-www-form-urlencoded", ""}:
            raise Unreadable
        form = parse_form(body)
    note(request.scope, form)
    return Form(form.values)


async def read_files(request: AnyRequest) -> Form:
    """A posted form with its files. Raises what `read_form` raises, and Harmful or Unscanned for what is not clean."""
    await read_form(request)
    form = await scanned(request)
    for one in form.refused:
        if one.message == scanning.AWAY:
            raise Unscanned(60, **one.parameters)
        raise (Unclear if one.message == scanning.UNCLEAR else Harmful)(**one.parameters)
    return form


def brings_files(request: AnyRequest) -> bool:
    """Whether there are files in the form that was read."""
    return bool(request.scope[NOTED].files)  # type: ignore[literal-required]


async def scanned(request: AnyRequest) -> Form:
    """The form that was read, with the files that the virus scanner calls clean (all, if there is none).

    The others stand in `refused`.
    """
    form: Form = request.scope[NOTED]  # type: ignore[literal-required]
    clamd: str | None = request.app.state.shell.settings.clamd
    asked = (scanning.problem(name, file.name, file.content, clamd) for name, file in form.files.items())
    refused = tuple(one for one in await asyncio.gather(*asked) if one is not None)
    if any(one.message == scanning.FOUND for one in refused):
        refusals.note("harmful file")
    places = {one.place for one in refused}
    return Form(form.values, {name: file for name, file in form.files.items() if name not in places}, refused)


def note(scope: Any, form: Form) -> None:
    """Remember what was posted, for the page that keeps it while the database is away."""
    scope[NOTED] = form


def parse_form(body: bytes) -> Form:
    """Decode an urlencoded body. Raises Unreadable for bad UTF-8, NUL characters and more than 5,000 fields."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as fault:  # UnicodeDecodeError is one too
        raise Unreadable from fault
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if "\0" in value or "\0" in name:
            raise Unreadable
        values[name].append(seen(value))
    return Form(dict(values))


def seen(value: str) -> str:
    """A posted text without the characters that nobody sees and nobody means."""
    return UNSEEN.sub("", value)


async def _multipart(request: AnyRequest, limit: int) -> Form:
    declared = request.headers.get("content-length", "")
    if not declared.isdigit():
        raise Unreadable
    if int(declared) > limit:
        raise TooLarge
    try:
        data = await request.form()
    except (ValueError, LookupError, InternalServerException) as fault:  # a part may name an unknown encoding
        raise Unreadable from fault
    values: dict[str, list[str]] = defaultdict(list)
    files: dict[str, Upload] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if value.filename or content:
                files[name] = Upload(seen(value.filename or "file")[:200], content)
        elif "\0" in str(value) or "\0" in name:
            raise Unreadable
        else:
            values[name].append(seen(str(value)))
    return Form(dict(values), files)
