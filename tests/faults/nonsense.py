"""Bytes that are no request, or two at once: refused or cut off, without a bug, and residents notice nothing."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress

from tests.faults.client import BROKEN, HOST
from tests.faults.kills import goes_on
from tests.faults.load import PATH, residents
from tests.faults.outcome import Outcome, reconcile, stored_times

BODY = b"service=a1&marker=nonsense&_id=x"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
FIRST_LINES = (
    b"GET / HTTP/1.1", b"GET  HTTP/1.1", b"get / http/1.1", b"GET / HTTP/9.9", b"GET /\x00 HTTP/1.1",
    b"BREW / HTTP/1.1",
    b"GET http://[::1/ HTTP/1.1", b"GET /%zz%ff HTTP/1.1", b"GET /" + b"a" * 70_000 + b" HTTP/1.1", b"PRI * HTTP/2.0",
    b"OPTIONS * HTTP/1.1", b"CONNECT evil.example:443 HTTP/1.1", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "GET /мк HTTP/1.1".encode(), b"", b"\r\n" * 500,
)  # fmt: skip
HEADERS = (
    b"", b"No colon at all\r\n", b": no name\r\n", b"Host: a\r\nHost: b\r\n", b"X: a\x00b\r\n", b"X: a\r\n folded\r\n",
    b"X:" + b"y" * 70_000 + b"\r\n", b"x: y\r\n" * 3_000, b"Content-Length: -1\r\n", b"Content-Length: 9" * 9 + b"\r\n",
    b"Content-Length: 0x10\r\n", b"Cookie: " + b"a=b; " * 5_000 + b"\r\n", b"Expect: 100-continue\r\n",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n",
    b"Content-Type: multipart/form-data; boundary=\"\r\n", b"Range: bytes=0-,0-,0-\r\n", b"X: \xff\xfe\r\n",
)  # fmt: skip
BODIES = (
    LENGTH + b"\r\n" + BODY,
    LENGTH + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\n\r\n",
    LENGTH + b"Content-Length: 5\r\n\r\n" + BODY,
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY,
    b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + BODY,
    b"Transfer-Encoding: chunked, identity\r\n\r\n5\r\nabc",
    b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    b"Content-Encoding: gzip\r\n" + LENGTH + b"\r\n" + BODY,
)


def request(chance: random.Random) -> bytes:
    """Something that no browser sends."""
    way = chance.random()
    if way < 0.1:
        return chance.randbytes(chance.randint(1, 3_000))
    if way < 0.5:
        whole = chance.choice(FIRST_LINES) + b"\r\nHost: x\r\n" + chance.choice(HEADERS) + b"\r\n"
    else:
        head = b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        whole = head + chance.choice(HEADERS) + chance.choice(BODIES)
    if chance.random() < 0.3:
        place = chance.randrange(len(whole))
        whole = whole[:place] + chance.randbytes(chance.randint(1, 4)) + whole[place + 1 :]
    return whole * chance.choice((1, 1, 1, 2, 20))


async def send(port: int, what: bytes, told: Counter[str]) -> None:
    """Send it, and note the status of each answer, until the server ends it or has nothing more to say."""
    answer = b""
    with suppress(*BROKEN):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(what)
            async with asyncio.timeout(1):
                while more := await reader.read(2**16):
                    answer += more
        finally:
            writer.close()
    statuses = [part[:3].decode("latin-1") for part in answer.split(b"HTTP/1.1 ")[1:]]
    told.update(statuses or ["none"])


async def nonsense(port: int, dsn: str, short: bool) -> Outcome:
    number = 200 if short else 10_000
    chance = random.Random(6)
    told: Counter[str] = Counter()
    requests = iter([request(chance) for _ in range(number)])

    async def lane() -> None:
        for one in requests:
            await send(port, one, told)

    async with residents(port) as load:
        await goes_on(load)
        load.moments.clear()
        await asyncio.gather(*(lane() for _ in range(100)))
        await goes_on(load)
    note = "answers: " + ", ".join(f"{status}: {times:,}" for status, times in sorted(told.items()))
    found = await reconcile(dsn, load, "bytes that are no request", number, note)
    found.wrong.update({f"nonsense answered {status}": times for status, times in told.items() if status[0] == "5"})
    found.wrong["nonsense that was stored"] += await stored_times(dsn, "nonsense")
    return found
