"""Visitors over HTTP/1.1: each gets the first page, fills in page after page and ends with a receipt, again and again.

A closed loop on kept-alive connections without thinking time: as many respondents are under way as there are visitors.
"""

from __future__ import annotations

import asyncio
import gzip
import html
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields

HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PAGE = re.compile(rb'name="_page" value="([^"]*)"')
RECEIPT = b'id="receipt"'
FORM = b'name="_id"'
MOST_PAGES = 60


@dataclass
class Tally:
    """What was done in some seconds. ended: sent away by the survey's own rules before the end."""

    seconds: float = 0.0
    receipts: int = 0
    ended: int = 0
    failed: int = 0
    request_s: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return (self.receipts + self.ended) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        times = sorted(self.request_s)
        return times[min(int(len(times) * share), len(times) - 1)] * 1000 if times else 0.0


@dataclass(frozen=True, slots=True)
class Town:
    """Where visitors go and what they write. entrances: the path that each new respondent opens."""

    port: int
    path: str
    entrances: Iterator[str]
    written: Sequence[Mapping[str, bytes]]


def by_page(compiled: Compiled, forms: Sequence[Fields]) -> list[dict[str, bytes]]:
    """What each form writes on each page, encoded once."""
    keys = [page.page.key for page in compiled.pages]
    found: list[dict[str, bytes]] = []
    for form in forms:
        pages: dict[str, list[str]] = {}
        for name, values in form.items():
            if (number := compiled.page_of.get(name)) is not None:
                pages.setdefault(keys[number], []).extend(f"{quote_plus(name)}={quote_plus(one)}" for one in values)
        found.append({key: "&".join(pairs).encode() for key, pairs in pages.items()})
    return found


class Visitor:
    """One connection, opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and content of an answer; 0 where the connection broke."""
        try:
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n"
            if method == "POST":
                head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            self.writer.write(head.encode() + b"\r\n" + body)
            answer = (await self.reader.readuntil(b"\r\n\r\n")).lower()
            length = int(answer.partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
            content = await self.reader.readexactly(length)
        except (OSError, EOFError, ValueError):
            self.close()
            return 0, b""
        if b"content-encoding: gzip" in answer:
            content = gzip.decompress(content)
        return int(answer[9:12]), content

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


async def play(town: Town, *, visitors: int, seconds: float, seed: int = 0) -> Tally:
    """Let visitors answer for some seconds; whoever has begun by then is finished."""
    tally = Tally()
    begin = time.perf_counter()
    end = begin + seconds

    async def visit(number: int) -> None:
        chance = random.Random(seed * 1000 + number)  # noqa: S311 - which form comes next is no secret
        visitor = Visitor(town.port)
        while time.perf_counter() < end:
            await respond(visitor, town, chance.choice(town.written), tally)
        visitor.close()

    await asyncio.gather(*(visit(number) for number in range(visitors)))
    tally.seconds = time.perf_counter() - begin
    return tally


async def respond(visitor: Visitor, town: Town, written: Mapping[str, bytes], tally: Tally) -> None:
    """One respondent from the first page to the receipt."""
    method, path, body = "GET", next(town.entrances), b""
    for _ in range(MOST_PAGES):
        begin = time.perf_counter()
        status, content = await visitor.ask(method, path, body)
        tally.request_s.append(time.perf_counter() - begin)
        tally.statuses[status] = tally.statuses.get(status, 0) + 1
        if status != 200:
            break
        if RECEIPT in content:
            tally.receipts += 1
            return
        if FORM not in content:
            tally.ended += 1
            return
        page = PAGE.search(content)
        filled = written.get(page[1].decode(), b"") if page else b""
        method, path, body = "POST", town.path, b"&".join((filled, *carried(content), b"_go=next")).lstrip(b"&")
    tally.failed += 1


def carried(content: bytes) -> Iterator[bytes]:
    """The hidden fields of a page, as its form sends them."""
    for name, value in HIDDEN.findall(content):
        plain = html.unescape(value.decode()) if b"&" in value else value.decode()
        yield b"%s=%s" % (name, quote_plus(plain).encode())
