"""What was posted while the database is away or far behind: a page that keeps all of it, with a button to send again.

Whoever reads a form notes it here (`note`). Where the answer to a post is that the database is away, `KeptForm` answers
with what was noted; a form that nobody has read yet is read for it. Files do not wait in a page: their names do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, Response
from litestar.types import ASGIApp, Receive, Scope, Send

from consult.errors import N_
from consult.i18n import Locale
from consult.web.forms import NOTED, Form, TooLarge, Unreadable, read_form
from consult.web.pages import page

LEAD = N_("This could not be stored at the moment. Nothing is lost: wait a minute and press the button again.")
TITLE = N_("Busy at the moment")
TEMPLATE = "web/again.html"
KINDS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
SECRET = frozenset({"password", "current"})
STAFF_SECRET = SECRET | {"code"}
"""A form with such a field is not shown again."""
LONGEST_READ_S = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says: its status, heading and first sentence."""

    status: int = 503
    title: str = TITLE
    lead: str = LEAD
    parameters: Mapping[str, object] = field(default_factory=dict)


AWAY = Told()


@dataclass(frozen=True, slots=True)
class Posted:
    """hidden: what goes on as it came; files: the names of those that must be chosen again, by field."""

    hidden: list[tuple[str, str]]
    files: Mapping[str, str] = field(default_factory=dict)


def posted_of(values: Mapping[str, Iterable[str]], files: Mapping[str, str] | None = None) -> Posted:
    return Posted([(name, value) for name, given in values.items() for value in given], files or {})


class KeptForm(Response[bytes]):
    """The form that was posted, to be sent again; `otherwise` where it cannot or must not be shown again."""

    def __init__(
        self, otherwise: Response[bytes], spoken: Locale, retry_after_s: int | None, told: Told = AWAY
    ) -> None:
        super().__init__(b"", status_code=told.status)
        self.told = told
        self.otherwise = otherwise
        self.spoken = spoken
        self.retry_after_s = retry_after_s

    def to_asgi_response(self, *, request: Request[Any, Any, Any], **how: Any) -> ASGIApp:  # type: ignore[override]
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            made = await self._made(request)
            await made.to_asgi_response(request=request, **how)(scope, receive, send)

        return answer

    async def _made(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        form: Form | None = request.scope.get(NOTED)  # type: ignore[assignment]
        if form is None:
            try:
                async with asyncio.timeout(LONGEST_READ_S):
                    await read_form(request)
            except (Unreadable, TooLarge, TimeoutError):
                return self.otherwise
            form = request.scope[NOTED]  # type: ignore[literal-required]
        secret = STAFF_SECRET if request.scope["path"].startswith("/staff") else SECRET
        if secret & form.values.keys():
            return self.otherwise
        posted = posted_of(form.values, form.names)
        return again(request, posted, self.retry_after_s, told=self.told, locale=self.spoken)


def keeps(request: Request[Any, Any, Any]) -> bool:
    """Whether a request is a form whose content can be shown again."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method == "POST" and kind in KINDS and not request.scope["path"].startswith("/api/")


def again(
    request: Request[Any, Any, Any], posted: Posted, retry_after_s: int | None, *, told: Told = AWAY, **how: Any
) -> Response[bytes]:
    """The page with the form that can be sent again."""
    headers = {"cache-control": "no-store"} | ({} if retry_after_s is None else {"retry-after": str(retry_after_s)})
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    return page(
        request,
        TEMPLATE,
        status=told.status,
        headers=headers,
        action=f"{path}?{query}" if query else path,
        told=told,
        posted=posted,
        **how,
    )
