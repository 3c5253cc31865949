"""A browser's connection, reduced to what faults are about: an answer, or none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import TracebackType

HOST = "127.0.0.1"
PATIENCE_S = 40.0
BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class Line:
    """One kept-alive connection, opened anew when it was cut. refused: how often nobody was there to open it to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.refused = 0

    async def __aenter__(self) -> Line:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer | None:
        """The answer; None where the connection was cut before it was whole, or nothing came for a long time."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._ask(method, path, body, headers)
        except BROKEN as fault:  # a TimeoutError is an OSError
            self.refused += isinstance(fault, ConnectionRefusedError)
            self.close()
            return None

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(head.encode() + b"\r\n" + body)
        return await self.read()

    async def read(self) -> Answer:
        """Read the next answer from an open connection."""
        assert self.reader is not None
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        content = await self.reader.readexactly(int(told.get("content-length", "0")))
        if told.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(lines[0].split(" ")[1]), told, content.decode())
