"""More newcomers than one process can serve: what they get, and what it costs those who answer and a quiet survey."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import uvloop

from consult.storage import embedded
from tests.bench.answering import HOST, migrated, publish, running, within_ms
from tests.bench.growth import ask
from tests.bench.limits import LIMITS
from tests.bench.respondents import Visitor, filled_in
from tests.ports import free_port

BUSY, QUIET = "/en/surveys/bench", "/en/surveys/bench-conditions"
ANSWERING = 8
PATIENCE_S = 5  # the least that the waiting page asks for
START_S = 4  # until the process of the newcomers has started
OPEN = """
insert into survey_access (survey, who, sites, kiosk, kiosk_idle_s, least_seconds, network_rate, burst, changed_at)
select id, 'open', '[]', false, 90, 0, 100000, 100000, now() from survey
"""


@dataclass
class Seen:
    """What was answered, by status; how long posts and the quiet survey's pages took; what that used, in cores."""

    posts: dict[int, int] = field(default_factory=dict)
    quiet: dict[int, int] = field(default_factory=dict)
    post_s: list[float] = field(default_factory=list)
    quiet_s: list[float] = field(default_factory=list)
    cores: float = 0.0


@dataclass
class Crowd:
    """What newcomers were answered, by status; what they used, in cores."""

    pages: dict[int, int] = field(default_factory=dict)
    cores: float = 0.0


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--newcomers", type=int, default=500, help="connections that ask for the first page all the time"
    )


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        port = free_port()
        environment = migrated(folder, server.dsn, port) | {"CONSULT_ABUSE": "on"}
        publish("survey.yaml", environment)
        publish("survey-conditions.yaml", environment)
        asyncio.run(ask(server.dsn, OPEN))
        with running([sys.executable, "-m", "consult", "serve"], port, environment):
            for words, newcomers in (("nobody else", 0), (f"{args.newcomers} newcomers at once", args.newcomers)):
                seen, crowd = uvloop.run(rush(port, newcomers, args.seconds))
                told(words, seen, crowd)
                for what, found in (("answers", seen.posts), ("looks at the quiet survey", seen.quiet)):
                    refused = sum(number for status, number in found.items() if status != 200)
                    LIMITS.hold(f"{what} refused", refused / max(1, sum(found.values())), 0.0, exactly=True)


async def rush(port: int, newcomers: int, seconds: float) -> tuple[Seen, Crowd]:
    """Newcomers come in a process of their own, so that nobody waits for the generator's other work."""
    forms = await prepared(port, ANSWERING * 40)
    start = time.monotonic() + START_S
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        crowd = asyncio.get_running_loop().run_in_executor(other, come, port, newcomers, start, seconds)
        seen = await answering(port, forms, start, seconds)
        return seen, await crowd


def come(port: int, newcomers: int, start: float, seconds: float) -> Crowd:
    """All at once, again and again; who has to wait looks again when the page says so."""
    os.nice(5)
    crowd = Crowd()

    async def one() -> None:
        async with Visitor(HOST, port, BUSY) as visitor:
            while time.monotonic() < start + seconds:
                status, _ = await visitor.ask("GET", BUSY)
                crowd.pages[status] = crowd.pages.get(status, 0) + 1
                if status == 503:
                    await asyncio.sleep(PATIENCE_S)

    async def all_of_them() -> None:
        await asyncio.sleep(start - time.monotonic())
        await asyncio.gather(*(one() for _ in range(newcomers)))

    before = time.process_time()
    uvloop.run(all_of_them())
    crowd.cores = (time.process_time() - before) / seconds
    return crowd


async def answering(port: int, forms: list[bytes], start: float, seconds: float) -> Seen:
    """Those who came before send what they filled in; and somebody looks at another survey."""
    seen = Seen()
    end = start + seconds

    async def send() -> None:
        async with Visitor(HOST, port, BUSY) as visitor:
            while time.monotonic() < end and forms:
                begin = time.perf_counter()
                status, _ = await visitor.ask("POST", BUSY, forms.pop())
                seen.post_s.append(time.perf_counter() - begin)
                seen.posts[status] = seen.posts.get(status, 0) + 1
                await asyncio.sleep(seconds / 40)

    async def look() -> None:
        async with Visitor(HOST, port, QUIET) as visitor:
            while time.monotonic() < end:
                begin = time.perf_counter()
                status, _ = await visitor.ask("GET", QUIET)
                seen.quiet_s.append(time.perf_counter() - begin)
                seen.quiet[status] = seen.quiet.get(status, 0) + 1
                await asyncio.sleep(0.5)

    await asyncio.sleep(start - time.monotonic())
    before = time.process_time()
    await asyncio.gather(*(send() for _ in range(ANSWERING)), look())
    seen.cores = (time.process_time() - before) / seconds
    return seen


async def prepared(port: int, count: int) -> list[bytes]:
    """Filled-in forms of people who came before the rush."""
    forms = []
    chance = random.Random(1)
    async with Visitor(HOST, port, BUSY) as visitor:
        for _ in range(count):
            forms.append(filled_in((await visitor.ask("GET", BUSY))[1], chance))
            await asyncio.sleep(0.005)
    return forms


def told(words: str, seen: Seen, crowd: Crowd) -> None:
    def late(times: list[float]) -> str:
        if not times:
            return "none"
        return f"half within {within_ms(times, 0.5):.0f} ms, p99 {within_ms(times, 0.99):.0f} ms"

    print(f"{words}: busy survey's first page by status {crowd.pages}; they used {crowd.cores:.0%} of a core")
    print(f"  answers sent meanwhile {seen.posts}, {late(seen.post_s)}; generator {seen.cores:.0%} of a core")
    print(f"  quiet survey's first page {seen.quiet}, {late(seen.quiet_s)}", flush=True)
