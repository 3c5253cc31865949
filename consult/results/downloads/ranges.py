"""Answering a request for a part of a file (RFC 9110, section 14), so that an interrupted download goes on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import anyio

CHUNK = 256 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes first..last of size; status 200 (all), 206 (a part) or 416 (no such part)."""

    status: int
    first: int
    last: int
    size: int

    @property
    def headers(self) -> dict[str, str]:
        if self.status == 416:
            return {"content-range": f"bytes */{self.size}"}
        length = {"content-length": str(self.last - self.first + 1)}
        return length | ({"content-range": f"bytes {self.first}-{self.last}/{self.size}"} if self.status == 206 else {})


def part_of(size: int, etag: str, asked: str | None, condition: str | None) -> Part:
    """Which bytes a request gets. asked: its Range header; condition: If-Range, which must name this very file.

    Several ranges at once, other units and malformed headers get the whole file, as the standard allows.
    """
    whole = Part(200, 0, size - 1, size)
    found = RANGE.match(asked.strip()) if asked else None
    if found is None or (condition is not None and condition.strip() != etag):
        return whole
    first, last = found.groups()
    if not first and not last:
        return whole
    if not first:  # the last so many bytes
        wanted = int(last)
        return Part(206, max(size - wanted, 0), size - 1, size) if wanted and size else Part(416, 0, -1, size)
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return whole
    return Part(206, begin, end, size) if begin < size else Part(416, 0, -1, size)


async def bytes_of(path: Path, part: Part) -> AsyncIterator[bytes]:
    left = part.last - part.first + 1
    if left <= 0:
        return
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(part.first)
        while left > 0 and (data := await file.read(min(CHUNK, left))):
            left -= len(data)
            yield data
