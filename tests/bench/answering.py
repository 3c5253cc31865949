"""What a page and a stored answer cost beside their limits."""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import uvloop

from consult.cli.rehearsal.processes import cpu_s
from consult.storage import binaries, embedded
from tests.bench.limits import LIMITS
from tests.bench.respondents import Tally, Visitor, filled_in, play
from tests.ports import free_port

HERE = Path(__file__).parent
Pids: TypeAlias = tuple[int, int | None]
HOST = "127.0.0.1"
WARM_UP_S = 2.0
PAGE_LIMIT = 1.2
"""Bare requests of one first page."""
COMPLETE_LIMIT = 6.15
"""Bare requests of page, post and receipt: 0.8 ms on a machine where a bare one costs 0.13 ms."""
ALONE_LIMIT = 1.0
"""From post to receipt with one client, in those of a handler that inserts the same row and checks nothing."""
ALONE_ROUNDS = 4
CROWD = 32
P99_LIMIT = 12.0
"""99 of 100 requests of a crowd took less, in those of the bare handler's middle: 50 ms where that is 32 x 0.13 ms."""
LIMITED_LIMIT = 1.15
"""Page, post and receipt with the limits, the waiting line and the proxy's header, in those without."""
LIMITED_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU microseconds for one page or one stored answer, and how many a second were served meanwhile.

    slowest_ms   99 of 100 requests took less: of pages or of posts, whichever took longer
    middle_ms    the middle of the posts, or of the pages where nothing was posted
    generator    what the visitors themselves used, in cores: near 1 it is they who are measured
    """

    application_us: float
    database_us: float
    rate: float
    slowest_ms: float
    middle_ms: float
    generator: float

    @property
    def total_us(self) -> float:
        return self.application_us + self.database_us


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str], path: str = "/healthz") -> Iterator[int]:
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        for _ in range(2400):
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=2).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command} ended with {process.returncode}") from None
                time.sleep(0.05)
        else:
            raise SystemExit(f"{command} does not answer")
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(
    pids: Pids,
    port: int,
    path: str | Sequence[str],
    args: argparse.Namespace,
    *,
    stores: bool,
    visitors: int | None = None,
    city: bool = False,
) -> Cost:
    def play_for(seconds: float) -> Tally:
        at_once = visitors or args.visitors
        return uvloop.run(play(HOST, port, path, visitors=at_once, seconds=seconds, stores=stores, city=city))

    play_for(WARM_UP_S)
    gc.collect()
    before, own_s = [cpu_s(pid) if pid else 0.0 for pid in pids], time.process_time()
    tally = play_for(args.seconds)
    own_s = time.process_time() - own_s
    spent = [cpu_s(pid) - was if pid else 0.0 for pid, was in zip(pids, before, strict=True)]
    if tally.waited:
        print(f"  {tally.waited} newcomers were asked to come later: the machine was strained")
    done = tally.stored if stores else tally.pages
    if tally.failed or not done:
        raise SystemExit(f"{path}: {tally.failed} requests failed, {done} were done")
    kinds = [times for times in (tally.page_s, tally.post_s) if times]
    return Cost(
        application_us=spent[0] * 1e6 / done,
        database_us=spent[1] * 1e6 / done,
        rate=done / args.seconds,
        slowest_ms=max(within_ms(times, 0.99) for times in kinds),
        middle_ms=within_ms(kinds[-1], 0.5),
        generator=own_s / args.seconds,
    )


def within_ms(times: Sequence[float], part: float) -> float:
    """Within how many milliseconds this part of the requests was answered."""
    return sorted(times)[int(len(times) * part)] * 1000


async def examples(port: int, path: str) -> tuple[bytes, bytes]:
    """A page and a receipt as they go over the network, for the bare handlers to repeat."""
    async with Visitor(HOST, port, path) as visitor:
        _, page = await visitor.ask("GET", path)
        _, receipt = await visitor.ask("POST", path, filled_in(page, random.Random(0)))
    return gzip.compress(page), gzip.compress(receipt)


def single_inserts(dsn: str, seconds: float) -> float:
    """pgbench's rate of single-row inserts of about the same size, in rows a second, at 16 clients."""
    tools = next(iter(binaries.find())).folder
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text("INSERT INTO bench_row VALUES (gen_random_uuid(), 1, repeat('x', 900));\n")
        sql = "CREATE TABLE bench_row (id uuid PRIMARY KEY, version integer, answers text)"
        subprocess.run([tools / "psql", "-qc", sql, dsn], check=True)
        command = [str(tools / "pgbench"), "-nc16", "-j2", f"-T{seconds:.0f}", "-f", str(script), dsn]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        subprocess.run([tools / "psql", "-qc", "DROP TABLE bench_row", dsn], check=True)
    found = re.search(r"tps = ([\d.]+)", told)
    return float(found[1]) if found else 0.0


def row(words: str, cost: Cost, limit: Cost | None = None) -> None:
    ratio = f"{cost.total_us / limit.total_us:5.2f} x" if limit else "       "
    print(
        f"{words:<44}{cost.application_us:8.0f}{cost.database_us:10.0f}{cost.total_us:8.0f} us   {ratio}"
        f"{cost.rate:9.0f}/s   p99 {cost.slowest_ms:6.1f} ms   generator {cost.generator:.0%} of a core",
        flush=True,
    )


def migrated(folder: str, dsn: str, port: int) -> dict[str, str]:
    """The environment of a server on a new database, which has its tables then."""
    environment = {
        "CONSULT_DATA": folder,
        "CONSULT_DATABASE_URL": dsn,
        "CONSULT_PORT": str(port),
        "CONSULT_BASE_URL": f"http://{HOST}:{port}",
        "CONSULT_ABUSE": "off",
    }
    subprocess.run([sys.executable, "-m", "consult", "migrate"], check=True, env={**os.environ, **environment})
    return environment


def as_delivered(environment: dict[str, str], port: int) -> dict[str, str]:
    """The same with its limits and its waiting line, behind a proxy that tells from where respondents come."""
    return environment | {
        "CONSULT_PORT": str(port),
        "CONSULT_BASE_URL": f"http://{HOST}:{port}",
        "CONSULT_TRUSTED_PROXIES": f"{HOST}/32",
        "CONSULT_ABUSE": "on",
    }


def publish(name: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "consult", "survey", "publish", str(HERE / name), "--open"]
    subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each page is asked for")
    parser.add_argument("--visitors", type=int, default=16, help="how many at once")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        port = free_port()
        environment = migrated(folder, server.dsn, port)
        publish("survey.yaml", environment)
        publish("survey-conditions.yaml", environment)
        with running([sys.executable, "-m", "consult", "serve"], port, environment) as web:
            page, receipt = asyncio.run(examples(port, "/en/surveys/bench"))
            with bare_handlers(page, receipt, Path(folder), server.dsn) as (bare, bare_port):
                at_once((web, server.process), port, (bare, None), bare_port, args)
                beside = free_port()
                command = [sys.executable, "-m", "consult", "serve"]
                with running(command, beside, as_delivered(environment, beside)) as limited:
                    with_limits((web, server.process), port, (limited, server.process), beside, args)
                alone((web, server.process), port, (bare, None), bare_port, args)
            rate = single_inserts(server.dsn, args.seconds)
        print(f"  limit of the database: {rate:.0f} single inserts a second (pgbench, 16 clients)")


def at_once(pids: Pids, port: int, bare_pids: Pids, bare_port: int, args: argparse.Namespace) -> None:
    """Pages and answers of many at once, in bare requests; the bare handler is asked before and after."""
    print(f"{'CPU microseconds for one':<44}{'app':>8}{'database':>10}{'together':>8}      ratio to its limit")
    bare = measure(bare_pids, bare_port, "/page", args, stores=False)
    row("bare handler, the same bytes", bare)
    page = measure(pids, port, "/en/surveys/bench", args, stores=False)
    row("survey page", page, bare)
    form = measure(bare_pids, bare_port, "/page", args, stores=True)
    row("bare handler, page and decoded form", form)
    few = measure(pids, port, "/en/surveys/bench", args, stores=True)
    row("page and stored answer", few, form)
    row("the same, three conditions", measure(pids, port, "/en/surveys/bench-conditions", args, stores=True), form)
    many = measure(pids, port, "/en/surveys/bench", args, stores=True, visitors=CROWD)
    row(f"page and stored answer, {CROWD} at once", many, form)
    crowd = measure(bare_pids, bare_port, "/page", args, stores=False, visitors=CROWD)
    row(f"bare handler, {CROWD} at once", crowd)
    again = measure(bare_pids, bare_port, "/page", args, stores=False)
    row("bare handler again", again)
    bare_us = (bare.total_us + again.total_us) / 2
    LIMITS.hold("a first page in bare requests", page.total_us / bare_us, PAGE_LIMIT)
    for visitors, cost in ((args.visitors, few), (CROWD, many)):
        LIMITS.hold(
            f"a complete response in bare requests, {visitors} at once", cost.total_us / bare_us, COMPLETE_LIMIT
        )
    words = (
        f"p99 with {CROWD} at once, {many.slowest_ms:.1f} ms, in the middle of bare requests, {crowd.middle_ms:.1f} ms"
    )
    LIMITS.hold(words, many.slowest_ms / crowd.middle_ms, P99_LIMIT)


def with_limits(pids: Pids, port: int, limited_pids: Pids, limited_port: int, args: argparse.Namespace) -> None:
    """The limits as delivered, beside none: a city of many networks answers. By turns, and the middle of the ratios."""
    part = argparse.Namespace(seconds=args.seconds / LIMITED_ROUNDS, visitors=args.visitors)
    ratios = []
    for _ in range(LIMITED_ROUNDS):
        plain = measure(pids, port, "/en/surveys/bench", part, stores=True)
        limited = measure(limited_pids, limited_port, "/en/surveys/bench", part, stores=True, city=True)
        row("page and stored answer, without limits", plain)
        row("the same with all limits as delivered", limited, plain)
        ratios.append(limited.total_us / plain.total_us)
    LIMITS.hold(
        "a complete response with all limits, in those without", sorted(ratios)[len(ratios) // 2], LIMITED_LIMIT
    )


def alone(pids: Pids, port: int, bare_pids: Pids, bare_port: int, args: argparse.Namespace) -> None:
    """One client: from post to receipt, beside a handler with a plain insert. By turns, and the best turn of each."""
    part = argparse.Namespace(seconds=args.seconds / ALONE_ROUNDS, visitors=1)
    ours, plain = [], []
    for _ in range(ALONE_ROUNDS):
        ours.append(measure(pids, port, "/en/surveys/bench", part, stores=True).middle_ms)
        plain.append(measure(bare_pids, bare_port, "/insert", part, stores=True).middle_ms)
    print(f"  one client, from post to receipt: {min(ours):.2f} ms; a plain insert of the same row {min(plain):.2f} ms")
    LIMITS.hold("one client in plain inserts", min(ours) / min(plain), ALONE_LIMIT)


@contextmanager
def bare_handlers(page: bytes, receipt: bytes, folder: Path, dsn: str) -> Iterator[tuple[int, int]]:
    """The process of the bare handlers, and its port."""
    (folder / "page").write_bytes(page)
    (folder / "receipt").write_bytes(receipt)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--port", str(port), "--log-level", "error"]
    environment = {"BENCH_PAGE": str(folder / "page"), "BENCH_RECEIPT": str(folder / "receipt"), "BENCH_DSN": dsn}
    with running([*command, "--no-access-log"], port, environment, "/page") as process:
        yield process, port
