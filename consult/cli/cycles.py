"""One request and its answer: uvicorn's, but an answer that is whole leaves in one piece.

uvicorn writes the head at once and the body after it: two calls of the system, and the reader wakes up twice. Here the
head waits for the first part of the body. Header lines that came before have been examined and are not examined again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent, HTTPResponseStartEvent

EVERY_TIME_ANOTHER = frozenset({b"set-cookie", b"location", b"refresh"})
CLOSE = (b"connection", b"close")
FOR_UVICORN = frozenset({b"transfer-encoding", b"connection"})


class BadHeader(RuntimeError):
    """A header with characters that would end it."""


def examined(name: bytes, value: bytes) -> bytes:
    """A header as its line. Raises BadHeader."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise BadHeader(name)
    return b"%s: %s\r\n" % (name.lower(), value)


line = lru_cache(maxsize=2048)(examined)


def head(status: int, headers: Iterable[tuple[bytes, bytes]], length: int) -> bytes | None:
    """The head of an answer of so many bytes; None where uvicorn has to look at it."""
    lines = [STATUS_LINE[status]]
    is_sized = False
    for name, value in headers:
        if name == b"content-length":
            if value != b"%d" % length or is_sized:
                return None
            is_sized = True
            lines.append(b"content-length: %s\r\n" % value)
        elif name in FOR_UVICORN:
            return None
        else:
            lines.append(examined(name, value) if name in EVERY_TIME_ANOTHER else line(name, value))
    lines.append(b"\r\n")
    return b"".join(lines) if is_sized else None


class Cycle(RequestResponseCycle):
    """started: the beginning of the answer, as long as it waits for the first part of its body."""

    started: HTTPResponseStartEvent | None = None

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "http.response.start" and not self.response_started:
            self.started = message
            return
        started, self.started = self.started, None
        if started is not None:
            if message["type"] == "http.response.body" and self._is_ready(message.get("more_body", False)):
                body = message.get("body", b"")
                begin = head(started["status"], (*self.default_headers, *started.get("headers", ())), len(body))
                if begin is not None:
                    self._answer(begin + body)
                    return
            if not self.keep_alive:  # said, so that nobody sends the next request into a connection that closes
                started = {**started, "headers": [*started.get("headers", ()), CLOSE]}
            await super().send(started)
        await super().send(message)

    def _is_ready(self, more_body: bool) -> bool:
        """Nothing out of the ordinary: all of the body is there, and it can be written at once."""
        is_whole = not more_body and self.scope["method"] != "HEAD"
        return is_whole and self.keep_alive and not self.disconnected and not self.flow.write_paused

    def _answer(self, content: bytes) -> None:
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(content)
        self.message_event.set()
        self.on_response()
