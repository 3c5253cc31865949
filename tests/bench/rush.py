"""More newcomers than one process can serve: what they get, and what it costs those who answer and a quiet survey."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from consult.storage import embedded
from tests.bench.answering import HOST, free_port, migrated, publish, running
from tests.bench.growth import ask
from tests.bench.respondents import HIDDEN, Visitor, answers

BUSY, QUIET = "/en/surveys/bench", "/en/surveys/bench-conditions"
ANSWERING = 8
PATIENCE_S = 5  # the least that the waiting page asks for
OPEN = """
insert into survey_access (survey, who, sites, kiosk, kiosk_idle_s, least_seconds, network_rate, burst, changed_at)
select id, 'open', '[]', false, 90, 0, 100000, 100000, now() from survey
"""


@dataclass
class Seen:
    """What was answered: by status, and how long posts and the quiet survey's pages took."""

    pages: dict[int, int] = field(default_factory=dict)
    posts: dict[int, int] = field(default_factory=dict)
    quiet: dict[int, int] = field(default_factory=dict)
    post_s: list[float] = field(default_factory=list)
    quiet_s: list[float] = field(default_factory=list)


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
                told(words, asyncio.run(rush(port, newcomers, args.seconds)))


async def rush(port: int, newcomers: int, seconds: float) -> Seen:
    seen = Seen()
    forms = await prepared(port, ANSWERING * 40)
    end = time.perf_counter() + seconds

    async def come(number: int) -> None:
        async with Visitor(HOST, port, BUSY) as visitor:
            while time.perf_counter() < end:
                status, _ = await visitor.ask("GET", BUSY)
                seen.pages[status] = seen.pages.get(status, 0) + 1
                if status == 503:
                    await asyncio.sleep(PATIENCE_S)

    async def send() -> None:
        async with Visitor(HOST, port, BUSY) as visitor:
            while time.perf_counter() < end and forms:
                begin = time.perf_counter()
                status, _ = await visitor.ask("POST", BUSY, forms.pop())
                seen.post_s.append(time.perf_counter() - begin)
                seen.posts[status] = seen.posts.get(status, 0) + 1
                await asyncio.sleep(seconds / 40)

    async def look() -> None:
        async with Visitor(HOST, port, QUIET) as visitor:
            while time.perf_counter() < end:
                begin = time.perf_counter()
                status, _ = await visitor.ask("GET", QUIET)
                seen.quiet_s.append(time.perf_counter() - begin)
                seen.quiet[status] = seen.quiet.get(status, 0) + 1
                await asyncio.sleep(0.5)

    await asyncio.gather(*(come(number) for number in range(newcomers)), *(send() for _ in range(ANSWERING)), look())
    return seen


async def prepared(port: int, count: int) -> list[bytes]:
    """Filled-in forms of people who came before the rush."""
    forms = []
    chance = random.Random(1)
    async with Visitor(HOST, port, BUSY) as visitor:
        for _ in range(count):
            found = await visitor.ask("GET", BUSY)
            hidden = [b"%s=%s" % pair for pair in HIDDEN.findall(found[1])]
            forms.append(b"&".join((answers(found[1], chance), *hidden)))
            await asyncio.sleep(0.005)
    return forms


def told(words: str, seen: Seen) -> None:
    def late(times: list[float]) -> str:
        return f"p99 {sorted(times)[int(len(times) * 0.99)] * 1000:.0f} ms" if times else "none"

    print(f"{words}: busy survey's first page by status {seen.pages}")
    print(f"  answers sent meanwhile {seen.posts}, {late(seen.post_s)}")
    print(f"  quiet survey's first page {seen.quiet}, {late(seen.quiet_s)}", flush=True)
