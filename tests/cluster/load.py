"""Respondents who do not give up, and the comparison of what they were promised with what is stored.

Each fills in the form once with words of its own, and sends the same form again, to either web node, until it sees a
receipt: as a person would who presses "send again". A receipt is a promise.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from secrets import token_hex

import asyncpg

from consult.cli.rehearsal.visitors import HIDDEN
from tests.bench.respondents import answers

PATH = "/en/surveys/bench"
MARK = re.compile(r"rehearsal-[0-9a-f]{16}")
ASK_S = 20
PAUSE_S = 0.2
RECEIPT = b'id="receipt"'
TEXT = b"Partizanska"


@dataclass
class Record:
    """What respondents saw. acknowledged: when each mark got its receipt; the clock is monotonic."""

    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, float] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def longest_pause(self, since: float, until: float) -> tuple[float, float]:
        """The longest time between two receipts within a span: its begin and its end."""
        times = [since, *sorted(at for at in self.acknowledged.values() if since <= at <= until), until]
        return max(pairwise(times), key=lambda pair: pair[1] - pair[0])

    def within(self, times: list[float], since: float, until: float) -> int:
        return sum(since <= at <= until for at in times)


async def ask(host: str, port: int, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    """One request on a connection of its own: status and content; status 0 where nobody answered."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
    if body:
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    writer = None
    try:
        async with asyncio.timeout(ASK_S):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(head.encode() + b"\r\n" + body)
            answer = await reader.read()
    except OSError:
        return 0, b""
    finally:
        if writer is not None:
            writer.close()
    begin, _, content = answer.partition(b"\r\n\r\n")
    if not begin:
        return 0, b""
    if b"content-encoding: gzip" in begin.lower():
        with contextlib.suppress(EOFError):
            content = gzip.decompress(content)
    return int(begin[9:12]), content


class Respondent:
    def __init__(self, host: str, ports: list[int], record: Record, number: int) -> None:
        self.host, self.ports, self.record = host, ports, record
        self.chance = random.Random(number)
        self.node = number

    async def go_on(self, method: str, body: bytes = b"") -> tuple[int, bytes]:
        """Ask one node, and count what came of it; the next try goes to the other node."""
        status, content = await ask(self.host, self.ports[self.node % len(self.ports)], method, PATH, body)
        self.record.statuses[status] += 1
        if status != 200:
            self.node += 1
            await asyncio.sleep(PAUSE_S)
        return status, content

    async def answer_once(self, filled: list[bytes]) -> None:
        status, page = await self.go_on("GET")
        if status != 200:
            return
        self.record.pages.append(time.monotonic())
        mark = f"rehearsal-{token_hex(8)}"
        if not filled:
            filled.append(answers(page, self.chance))
        hidden = [b"%s=%s" % pair for pair in HIDDEN.findall(page)]
        body = b"&".join((filled[0].replace(TEXT, mark.encode()), *hidden))
        self.record.sent.add(mark)
        while True:
            status, receipt = await self.go_on("POST", body)
            if status == 200 and RECEIPT in receipt:
                self.record.acknowledged[mark] = time.monotonic()
                return
            if status not in {0, 503}:
                self.record.wrong.append(f"{status} for a right form")
                return

    async def run(self, ending: asyncio.Event, thinking_s: float) -> None:
        filled: list[bytes] = []
        while not ending.is_set():
            await self.answer_once(filled)
            await asyncio.sleep(thinking_s)


@contextlib.asynccontextmanager
async def playing(host: str, ports: list[int], visitors: int, thinking_s: float = 0.0) -> AsyncIterator[Record]:
    """Respondents at work for as long as the block lasts; then each finishes what it has begun."""
    record, ending = Record(), asyncio.Event()
    people = [asyncio.create_task(Respondent(host, ports, record, n).run(ending, thinking_s)) for n in range(visitors)]
    try:
        yield record
    finally:
        ending.set()
        await asyncio.gather(*people)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """lost: promised but not stored; doubled: stored twice; unasked: stored, though nobody got a receipt."""

    acknowledged: int
    stored: int
    lost: int
    doubled: int
    unasked: int


async def reconcile(dsn: str, record: Record) -> Reconciled:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("select answers::text as answers from response")
    await connection.close()
    found = Counter(mark for row in rows for mark in set(MARK.findall(row["answers"])))
    promised = set(record.acknowledged)
    return Reconciled(
        len(promised),
        len(rows),
        len(promised - set(found)),
        sum(count > 1 for count in found.values()),
        len(set(found) - promised),
    )
