"""What was posted while the database is away or far behind: a page that keeps all of it, with a button to send again.

Whoever reads a form notes it here (`note`). Where the answer to a post is that the database is away, `KeptForm` answers
with what was noted; a form that nobody has read yet is read for it. Files do not wait in a page: their names do.

It is shown to whoever has just sent it, and yet not everything may stand in a page: routes with secrets say
`opt=NEVER_KEPT`. Strangers come too: what is shown to them is small,
and forms with files, as large as uploads may be, are read four at a time; staff pages need a session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.types import ASGIApp, Receive, Scope, Send

from consult.errors import N_
from consult.i18n import Locale
from consult.web.forms import MAX_FORM_BYTES, NOTED, Form, TooLarge, Unreadable, read_form
from consult.web.pages import IN_A_PATH, AnyRequest, page

LEAD = N_("This could not be stored at the moment. Nothing is lost: wait a minute and press the button again.")
TITLE = N_("Not received yet")
TEMPLATE = "web/again.html"
KINDS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
SECRET = frozenset({"password", "current"})
STAFF_SECRET = SECRET | {"code"}
"""A form with such a field is not shown again."""
NEVER_KEPT: dict[str, bool] = {"kept": False}
"""`opt` of a route whose form holds secrets, or keys to them."""
SIGNED_IN = "consult.signed_in"
"""Noted in the scope by whoever knows that a member of staff is there; without it no form of a staff page is read."""
LONGEST_READ_S = 30.0
SMALL_BYTES = 256 * 2**10
"""What residents' forms may hold besides their files, where each form of staff holds MAX_FORM_BYTES; and what is read
among the many, where a larger one waits for one of a few places."""
MOST_FIELDS = 500
"""Fields that a resident's form may have."""
_small, _large = asyncio.Semaphore(64), asyncio.Semaphore(4)
"""How many are read at once, in bytes about the same; one more gets the page without the form."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says: its status, heading, first sentence. refused: the name of a file that is not wanted again."""

    status: int = 503
    title: str = TITLE
    lead: str = LEAD
    parameters: Mapping[str, object] = field(default_factory=dict)
    refused: str | None = None


DATABASE_AWAY = Told()


@dataclass(frozen=True, slots=True)
class Posted:
    """hidden: what goes on as it came; files: those that must be chosen again, by field ("": another one)."""

    hidden: list[tuple[str, str]]
    files: Mapping[str, str] = field(default_factory=dict)


def posted_of(values: Mapping[str, Iterable[str]], files: Mapping[str, str] | None = None) -> Posted:
    return Posted([(name, value) for name, given in values.items() for value in given], files or {})


class KeptForm(Response[bytes]):
    """The form that was posted, to be sent again; `otherwise` where it cannot or must not be shown again."""

    def __init__(
        self, otherwise: Response[bytes], spoken: Locale, retry_after_s: int | None, told: Told = DATABASE_AWAY
    ) -> None:
        super().__init__(b"", status_code=told.status)
        self.told = told
        self.otherwise = otherwise
        self.spoken = spoken
        self.retry_after_s = retry_after_s

    def to_asgi_response(self, *, request: AnyRequest, **how: Any) -> ASGIApp:  # type: ignore[override]
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            made = await self._made(request)
            await made.to_asgi_response(request=request, **how)(scope, receive, send)

        return answer

    async def _made(self, request: AnyRequest) -> Response[bytes]:
        form = await _form(request)
        if form is None or not _may_be_shown(form, is_staff=_is_staff(request)):
            return self.otherwise
        names = {place: "" if name == self.told.refused else name for place, name in form.names.items()}
        posted = posted_of(form.values, names)
        return again(request, posted, self.retry_after_s, told=self.told, locale=self.spoken)


async def _form(request: AnyRequest) -> Form | None:
    """What was noted, or is read now; None for what cannot be read, or not now."""
    if NOTED not in request.scope:
        declared = request.headers.get("content-length", "")
        places = _small if declared.isdigit() and int(declared) <= SMALL_BYTES else _large
        if places.locked():
            return None
        limit = MAX_FORM_BYTES if _is_staff(request) else SMALL_BYTES
        with suppress(Unreadable, TooLarge, TimeoutError):
            async with places, asyncio.timeout(LONGEST_READ_S):
                await read_form(request, limit=limit)
    return request.scope.get(NOTED)  # type: ignore[return-value]


def _is_staff(request: AnyRequest) -> bool:
    path: str = request.scope["path"]
    return path.startswith("/staff")


def _may_be_shown(form: Form, *, is_staff: bool) -> bool:
    if (STAFF_SECRET if is_staff else SECRET) & form.values.keys():
        return False
    sizes = [len(name) + len(value) for name, given in form.values.items() for value in given]
    return is_staff or (len(sizes) <= MOST_FIELDS and sum(sizes) <= SMALL_BYTES)


def keeps(request: AnyRequest) -> bool:
    """Whether a request is a form whose content can and may be shown again."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind not in KINDS or request.scope["path"].startswith("/api/"):
        return False
    handler = request.scope.get("route_handler")
    if handler is not None and not handler.opt.get("kept", True):
        return False
    return not _is_staff(request) or SIGNED_IN in request.scope


def _address(request: AnyRequest) -> str:
    """Where the form was sent to, as the browser wrote it; never another host's."""
    came: bytes = request.scope.get("raw_path") or b""
    path = quote(came, safe=IN_A_PATH + "%") if came else quote(request.scope["path"], safe=IN_A_PATH, errors="replace")
    query = request.scope["query_string"].decode("latin-1")
    return "/" + path.lstrip("/") + (f"?{query}" if query else "")


def again(
    request: AnyRequest, posted: Posted, retry_after_s: int | None, *, told: Told = DATABASE_AWAY, **how: Any
) -> Response[bytes]:
    """The page with the form that can be sent again."""
    headers = {"cache-control": "no-store"} | ({} if retry_after_s is None else {"retry-after": str(retry_after_s)})
    return page(
        request,
        TEMPLATE,
        status=told.status,
        headers=headers,
        action=_address(request),
        told=told,
        posted=posted,
        **how,
    )
