"""Clients that are slow on purpose, or stop in the middle: residents notice nothing, and nothing of them is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress

from consult.cli.connections import HEAD_S, LOOK_S, SILENCE_S
from tests.faults import town as towns
from tests.faults.client import BROKEN, HOST
from tests.faults.kills import goes_on
from tests.faults.load import PATH, residents
from tests.faults.nonsense import nonsense
from tests.faults.outcome import Outcome, reconcile, stored_times

TITLE = "slow clients, halves of requests, and what is none"


def run(short: bool) -> Iterator[Outcome]:
    with towns.a_site() as site:
        yield asyncio.run(slow_heads(site.port, site.dsn, short))
        yield asyncio.run(halves(site.port, site.dsn, short))
        yield asyncio.run(nonsense(site.port, site.dsn, short))


class Dawdlers:
    """Connections that send a letter now and then, and how they were ended."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.statuses: list[int] = []
        self.open = 0

    async def dawdle(self, first: bytes, then: bytes, seconds: float) -> None:
        with suppress(*BROKEN):
            reader, writer = await asyncio.open_connection(HOST, self.port)
            self.open += 1
            writer.write(first)
            reading = asyncio.create_task(reader.read())
            end = asyncio.get_running_loop().time() + seconds
            while not reading.done() and asyncio.get_running_loop().time() < end:
                await asyncio.wait({reading}, timeout=2)
                writer.write(then)
            writer.close()
            answer = await asyncio.wait_for(reading, 5)
            self.statuses.append(int(answer[9:12]) if answer else 0)


async def slow_heads(port: int, dsn: str, short: bool) -> Outcome:
    """A letter of a header every two seconds, on very many connections (slowloris)."""
    number, seconds = (300, 3.0) if short else (4000, HEAD_S + 4 * LOOK_S)
    dawdlers = Dawdlers(port)
    first = b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nX-Slow: "
    async with residents(port) as load:
        await goes_on(load)
        load.moments.clear()
        await asyncio.gather(*(dawdlers.dawdle(first, b"a", seconds) for _ in range(number)))
        await goes_on(load)
    refused = dawdlers.statuses.count(408)
    note = f"{dawdlers.open} such connections at once, {refused} ended by the server with 408 after {HEAD_S:.0f} s"
    found = await reconcile(dsn, load, "slow client", number, note)
    if not short and refused < number * 0.9:
        found.wrong["slow connections that were not ended"] += number - refused
    return found


async def halves(port: int, dsn: str, short: bool) -> Outcome:
    """Half a body, and then nothing, or the end of the connection."""
    number, seconds = (100, 3.0) if short else (500, SILENCE_S + 4 * LOOK_S)
    dawdlers = Dawdlers(port)
    head = b"POST " + PATH.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    half = head + b"Content-Length: 5000\r\n\r\nservice=a1&marker=half&_id="
    async with residents(port) as load:
        await goes_on(load)
        load.moments.clear()
        for seconds_each in (0.0, seconds):
            await asyncio.gather(*(dawdlers.dawdle(half, b"", seconds_each) for _ in range(number)))
        await goes_on(load)
    refused = dawdlers.statuses.count(408)
    note = f"{number} cut off at once, {number} silent: {refused} of those ended by the server with 408"
    found = await reconcile(dsn, load, "half a body", 2 * number, note)
    found.wrong["halves that were stored"] += await stored_times(dsn, "half")
    if not short and refused < number * 0.9:
        found.wrong["silent connections that were not ended"] += number - refused
    return found
