"""One connection of a browser: uvicorn's, with an end to patience.

A request that does not arrive would hold its connection for ever, and a few thousand of them every one that there is.
Proxies before the platform usually see to it; this is for installations without one, and for their mistakes.
"""

from __future__ import annotations

import asyncio
import resource
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from consult.cli.cycles import Cycle

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

HEAD_S = 30.0
"""From the connection, or from the first letter of a later request, to the end of its head."""
SILENCE_S = 60.0
"""Longest pause within a body."""
BODY_S = 900.0
"""Longest time for a whole body: ten MiB on a very slow line."""
LONGEST_HEAD = 64 * 2**10
LOOK_S = 5.0
LEAVING_S = 0.5
"""How long a server that ends waits for requests that may be under way on open connections."""
STATUS = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


class Connection(HttpToolsProtocol):
    """Closes what does not finish its request in time, with 408, or has an endless head, with 431."""

    due: float | None = None
    body_due = 0.0
    head_bytes = 0
    is_in_head = True
    has_begun = False
    is_leaving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # an answer leaves at once, not at the end of the loop's turn
        self.due = self.loop.time() + HEAD_S
        self.loop.call_later(LOOK_S, self._look)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.is_in_head:
            self.head_bytes += len(data)
            if self.head_bytes > LONGEST_HEAD:
                self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.has_begun = self.is_in_head = True
        self.head_bytes = 0
        self.due = self.loop.time() + HEAD_S

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.is_in_head = False
        now = self.loop.time()
        self.body_due = now + BODY_S
        self.due = now + SILENCE_S

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self.due = min(self.loop.time() + SILENCE_S, self.body_due)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.due = self.loop.time() + self.timeout_keep_alive if self.cycle.response_complete else None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.__class__ = Cycle  # uvicorn makes it, and takes no other class
        if self.is_leaving:
            cycle.keep_alive = False
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """As uvicorn's, without a timer for each answer: _look ends connections that stay silent."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self.is_in_head:
            self.due = self.loop.time() + self.timeout_keep_alive

    def shutdown(self) -> None:
        """The server ends: what has arrived is answered, and what had left its sender before that could be known."""
        self.is_leaving = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(LEAVING_S, self._leave)

    def _leave(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _look(self) -> None:
        """Has it taken too long? While we do not read ourselves, nothing can come."""
        if self.transport.is_closing():
            return
        now = self.loop.time()
        if self.due is not None and now > self.due:
            if not self.flow.read_paused:
                self._refuse(408)
                return
            self.due = now + SILENCE_S
        self.loop.call_later(LOOK_S, self._look)

    def _refuse(self, status: int) -> None:
        """Close; say why where a request has begun and nothing was answered yet."""
        if self.transport.is_closing():
            return
        is_answered = not self.is_in_head and self.cycle.response_started
        if self.has_begun and not is_answered:
            reason = STATUS[status]
            head = b"HTTP/1.1 %d %s\r\ncontent-type: text/plain\r\nconnection: close\r\n" % (status, reason)
            self.transport.write(head + b"content-length: %d\r\n\r\n%s" % (len(reason), reason))
        self.transport.close()


def many_connections() -> None:
    """Use as many open connections as the system allows: the usual 1,024 are few for a town."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
