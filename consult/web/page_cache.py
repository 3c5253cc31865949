"""Pages that are kept as bytes for as long as what they show stays the same.

Who keeps a page says by a `state` what it shows: equal states, equal page. The state is asked for at every request, so
a change is seen by the very next one. Where it changes all the time, a page is made for all who wait together: one that
was begun after a request came is new enough for it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.types import Message, Receive, Scope, Send

from consult.web.pages import AnyRequest

MOST = 300
LONGEST_S = 300.0
State: TypeAlias = Callable[[], Awaitable[Hashable]]


@dataclass(slots=True)
class _Kept:
    """began: when making it began; state: what it shows, None if that changed meanwhile."""

    began: float
    state: Hashable
    start: dict[str, Any]
    body: bytes
    tag: bytes


@dataclass(slots=True)
class _Place:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    kept: _Kept | None = None


class CachedPages:
    """The pages of some addresses, the most lately used ones."""

    def __init__(self) -> None:
        self.places: OrderedDict[Hashable, _Place] = OrderedDict()

    async def answer(
        self, scope: Scope, receive: Receive, send: Send, *, state: State,
        settled: State, make: Callable[[AnyRequest], Awaitable[Response[Any]]],
    ) -> None:  # fmt: skip
        """Send the page that was made before, or make it. settled: the state after work that is due has been done."""
        came = time.monotonic()
        place = self._place(scope)
        kept = place.kept
        if kept is None or came - kept.began > LONGEST_S or kept.state is None or kept.state != await state():
            async with place.lock:
                kept = place.kept
                if kept is None or (kept.began < came and (kept.state is None or kept.state != await state())):
                    kept = place.kept = await _made(scope, receive, state=state, settled=settled, make=make)
        await _send(kept, scope, send)

    def _place(self, scope: Scope) -> _Place:
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        encoding = "br" if b"br" in accepted else "gzip" if b"gzip" in accepted else ""
        key = (scope["path"], scope["query_string"], encoding)
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = _Place()
            while len(self.places) > MOST:
                self.places.popitem(last=False)
        else:
            self.places.move_to_end(key)
        return place


async def _made(
    scope: Scope, receive: Receive, *, state: State, settled: State,
    make: Callable[[AnyRequest], Awaitable[Response[Any]]],
) -> _Kept:  # fmt: skip
    began, before = time.monotonic(), await settled()
    whole: Any = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]}
    request: AnyRequest = Request(whole, receive)
    response = await make(request)
    told: list[Any] = []

    async def hear(message: Message) -> None:
        told.append(message)

    await response.to_asgi_response(app=None, request=request)(whole, receive, hear)
    start, *rest = told
    body = b"".join(message.get("body", b"") for message in rest)
    tag = next((value for name, value in start["headers"] if name == b"etag"), b"")
    after = await state()
    return _Kept(began, before if before == after and start["status"] == 200 else None, start, body, tag)


async def _send(kept: _Kept, scope: Scope, send: Send) -> None:
    start, body = kept.start, kept.body
    if kept.tag and any(name == b"if-none-match" and kept.tag in value for name, value in scope["headers"]):
        headers = [pair for pair in start["headers"] if pair[0] not in (b"content-length", b"content-encoding")]
        start, body = {**start, "status": 304, "headers": headers}, b""
    own: Any = {**start}  # the guard adds headers to it
    await send(own)
    await send({"type": "http.response.body", "body": body, "more_body": False})
