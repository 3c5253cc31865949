"""Respondents over HTTP/1.1: each gets the page, fills in what its form asks and posts it, again and again.

Closed loop on kept-alive connections. The form is read from the page once; after that only the hidden fields are read
anew, because each page carries its own response id.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus

from consult.cli.rehearsal.visitors import HIDDEN

LATER_S = 1.0


@dataclass
class Tally:
    """What was done between the warm-up and the end; seconds of each request by kind. waited: asked to come later."""

    pages: int = 0
    stored: int = 0
    failed: int = 0
    waited: int = 0
    page_s: list[float] = field(default_factory=list)
    post_s: list[float] = field(default_factory=list)


class _Controls(HTMLParser):
    """Every control of the page: (kind, name, value)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = given.get("type", "text") if tag == "input" else tag
        if tag in {"input", "textarea", "button"} and given.get("name"):
            self.found.append((kind, given["name"], given.get("value", "")))


def answers(page: bytes, chance: random.Random) -> bytes:
    """Fill in the form of a page as somebody would: not its hidden fields, and not what nobody sees (_names)."""
    controls = _Controls()
    controls.feed(page.decode())
    radios: dict[str, list[str]] = {}
    fields: list[tuple[str, str]] = []
    for kind, name, value in controls.found:
        if name.startswith("_"):
            continue
        if kind == "radio":
            radios.setdefault(name, []).append(value)
        elif kind == "checkbox" and chance.random() < 0.4:
            fields.append((name, value))
        elif kind in {"text", "number"}:
            fields.append((name, str(chance.randint(1, 99)) if name in {"age", "walk"} else "Partizanska"))
        elif kind == "textarea":
            fields.append((name, "The crossing near the school needs a longer green phase. " * chance.randint(1, 3)))
    fields += [(name, chance.choice(values)) for name, values in radios.items()]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields).encode()


def filled_in(page: bytes, chance: random.Random) -> bytes:
    """A page's form as it is sent, with its hidden fields."""
    return b"&".join((answers(page, chance), *(b"%s=%s" % pair for pair in HIDDEN.findall(page))))


def somewhere(chance: random.Random) -> str:
    """An address of a city: two of three at home, the others behind the shared addresses of a mobile carrier."""
    if chance.random() < 2 / 3:
        return f"77.28.{chance.randrange(128)}.{chance.randrange(256)}"
    return f"188.44.{chance.randrange(8)}.{chance.randrange(256)}"


class Visitor:
    """One connection. network: the address for which it speaks, as a proxy does; its own where empty."""

    network = ""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.host, self.port, self.path = host, port, path

    async def __aenter__(self) -> Visitor:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept-Encoding: gzip\r\n"
        if self.network:
            head += f"X-Forwarded-For: {self.network}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length: ")[2].split(b"\r\n")[0])
        content = await self.reader.readexactly(length)
        if b"content-encoding: gzip" in answer:
            content = gzip.decompress(content)
        return int(answer[9:12]), content


async def play(
    host: str, port: int, path: str | Sequence[str], *, visitors: int, seconds: float, stores: bool, city: bool = False
) -> Tally:
    """Let visitors get the page (and, if stores, post it) for some seconds; of several pages each time another one.

    city: each time somebody from another network comes, through a proxy; who is asked to come later does so.
    """
    paths = (path,) if isinstance(path, str) else path
    tally = Tally()
    end = time.perf_counter() + seconds

    async def visit(number: int) -> None:
        chance = random.Random(number)
        filled: bytes | None = None
        async with Visitor(host, port, paths[0]) as visitor:
            while (begin := time.perf_counter()) < end:
                path = chance.choice(paths)
                visitor.network = somewhere(chance) if city else ""
                status, page = await visitor.ask("GET", path)
                if city and status == 503:
                    tally.waited += 1
                    await asyncio.sleep(LATER_S)
                    continue
                tally.pages += 1
                tally.failed += status != 200
                tally.page_s.append(time.perf_counter() - begin)
                if not stores:
                    continue
                filled = filled or answers(page, chance)
                hidden = [b"%s=%s" % (name, value) for name, value in HIDDEN.findall(page)]
                begin = time.perf_counter()
                status, receipt = await visitor.ask("POST", path, b"&".join((filled, *hidden)))
                tally.post_s.append(time.perf_counter() - begin)
                good = status == 200 and (b'id="receipt"' in receipt or not hidden)
                tally.stored += good
                tally.failed += not good

    await asyncio.gather(*(visit(number) for number in range(visitors)))
    return tally
