"""From millions of stored answers to figures: files built, tables counted, a whole page, what comes later.

The limit for tables is NumPy alone: numpy.bincount over raw int8 files, in blocks, with the same weights. Each part
runs in a process of its own, which says how much memory it took at most; files are read from outside the page cache.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import numpy as np

from consult import storage
from consult.analysis.basis.tables import Asked
from consult.app import build
from consult.columns import store
from consult.columns.counting import tables
from consult.columns.folder import configure, folder_of
from consult.columns.frame import frame
from consult.profile import load_profile
from consult.results.operations import publish_results
from consult.settings import Settings
from consult.settings import resource as shipped
from consult.storage import embedded
from consult.storage.embedded import Options
from consult.storage.migrate import migrate
from consult.surveys import operations as surveys
from consult.surveys.definition.schema import from_builtins
from tests.bench.answering import HOST, measure, row, running
from tests.ports import free_port

T = TypeVar("T")
POOL = 20_000
BATCH = 500_000
LATER = 10_000
BLOCK = 65_536
SINGLES = [f"single{i}" for i in range(10)]
SCALES = [f"scale{i}" for i in range(10)]
CODED = SINGLES + SCALES
CROSSES = list(zip(SINGLES, SCALES, strict=True))
PATH = "/en/surveys/columns/results"
ENDS = {"low": {"mk": "Лошо", "ka": "ცუდი", "en": "Bad"}, "high": {"mk": "Добро", "ka": "კარგი", "en": "Good"}}
FILL = """
insert into response (id, survey, version, language, channel, day, answers)
select gen_random_uuid(), $1, 1, (array['mk', 'ka', 'en'])[1 + n % 3], (array['web', 'paper'])[1 + n % 2],
    date '2026-11-01' + n % 20, pool.answers
from generate_series(1, $2) n join bench_pool pool on pool.number = hashint4(n) & 16383
"""


@dataclass(frozen=True, slots=True)
class Town:
    """Where the answers are."""

    dsn: str
    data: Path
    survey: UUID


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--answers", type=int, default=4_600_000, help="answers in the columns part")


def words(text: str) -> dict[str, str]:
    return {"mk": text, "ka": text, "en": text}


def definition() -> Any:
    options = [{"code": f"a{i}", "text": words(f"Answer {i}")} for i in range(5)]
    asked: list[dict[str, Any]] = [
        {"type": "single", "key": key, "text": words(key), "options": options} for key in SINGLES
    ]
    asked += [{"type": "scale", "key": key, "text": words(key), "points": 5, "measure": "satisfaction", **ENDS}
              for key in SCALES]  # fmt: skip
    pages = [{"key": "page", "questions": asked}]
    document = {"consult": "survey/1", "key": "columns", "title": words("Columns"), "languages": ["mk", "ka", "en"],
                "design": {"kind": "sample"}, "pages": pages}  # fmt: skip
    return from_builtins(document)


def pool() -> Iterable[tuple[int, dict[str, Any]]]:
    chance = random.Random(4)
    for number in range(POOL):
        given: dict[str, Any] = {key: chance.choices(["a0", "a1", "a2", "a3", "a4", None], [5, 4, 3, 2, 1, 1])[0]
                                 for key in SINGLES}  # fmt: skip
        yield number, given | {key: chance.choices([1, 2, 3, 4, 5, None], [1, 2, 3, 4, 3, 1])[0] for key in SCALES}


async def fill(survey: UUID, answers: int) -> None:
    """Straight into the table, without the triggers: loading is not what is measured."""
    await storage.execute("create table bench_pool (number integer primary key, answers jsonb not null)")
    async with storage.connection() as raw:
        await raw.executemany("insert into bench_pool values ($1, $2)", list(pool()))
    for start in range(0, answers, BATCH):
        async with storage.transaction():
            await storage.execute("set local session_replication_role = replica")
            await storage.execute(FILL, survey, min(BATCH, answers - start))
    await storage.execute("analyze response")


async def prepared(folder: Path, answers: int) -> UUID:
    now = datetime.now(UTC)
    survey = await surveys.import_working_copy(definition=definition(), at=now)
    await surveys.publish(survey_id=survey, at=now)
    opens = now - timedelta(days=30)
    await surveys.schedule(survey_id=survey, opens_at=opens, closes_at=None, languages=("mk", "ka", "en"), at=now)
    await publish_results(survey_id=survey, at=now)
    await fill(survey, answers)
    return survey


def apart(work: Callable[..., dict[str, float]], *about: object) -> dict[str, float]:
    """Run in a fresh process: its figures, and the most memory that it took."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_measured, work, *about).result()


def _measured(work: Callable[..., dict[str, float]], *about: object) -> dict[str, float]:
    found = work(*about)
    return found | {"mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def connected(town: Town, work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        await storage.connect(town.dsn, max_size=4)
        configure(town.data)
        try:
            return await work()
        finally:
            await storage.disconnect()

    return asyncio.run(run())


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def forgotten(files: Iterable[Path]) -> None:
    """Take files out of the page cache: what is read next comes from the disk."""
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def building(town: Town) -> dict[str, float]:
    async def work() -> dict[str, float]:
        start, cpu = time.perf_counter(), time.process_time()
        made = await store.update(town.survey, anew=True)
        spent = {"s": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        return {**spent, "answers": made.count, "files": len(made.listed)}

    return connected(town, work)


def raw_files(town: Town, folder: str) -> dict[str, float]:
    """The same codes and weights as plain files, for the limit."""

    async def work() -> dict[str, float]:
        made = await frame(town.survey)
        for key in CODED:
            column: Any = made.column(key)
            column.codes.view(np.int8).tofile(Path(folder) / key)
        np.random.default_rng(1).gamma(4, 0.25, made.n).tofile(Path(folder) / "weights")
        return {"n": made.n}

    return connected(town, work)


def bare(folder: str, n: int) -> dict[str, float]:
    """numpy.bincount over raw files in blocks: 20 one-way and 10 two-way weighted tables, nothing else."""
    forgotten(Path(folder).iterdir())

    def count() -> None:
        weights = np.memmap(Path(folder) / "weights", dtype=np.float64, mode="r")
        codes = {key: np.memmap(Path(folder) / key, dtype=np.int8, mode="r").view(np.uint8) for key in CODED}
        alone = {key: np.zeros(256) for key in CODED}
        both = {pair: np.zeros(256 * 8) for pair in CROSSES}
        for start in range(0, n, BLOCK):
            w = weights[start : start + BLOCK]
            block = {key: np.minimum(one[start : start + BLOCK], 5) for key, one in codes.items()}
            for key, one in block.items():
                alone[key] += np.bincount(one, w, minlength=256)
            for a, b in CROSSES:
                both[a, b] += np.bincount(block[a] * np.uint8(6) + block[b], w, minlength=256 * 8)

    cpu = time.process_time()
    return {"s": seconds(count), "cpu": time.process_time() - cpu}


def counting(town: Town, folder: str) -> dict[str, float]:
    async def work() -> dict[str, float]:
        files = [*folder_of(town.survey).iterdir(), Path(folder) / "weights"]
        forgotten(files)
        asked = [*(Asked(key) for key in CODED), *(Asked(a, b) for a, b in CROSSES)]
        start, cpu = time.perf_counter(), time.process_time()
        made = await frame(town.survey)
        weights = np.memmap(Path(folder) / "weights", dtype=np.float64, mode="r")
        found = tables(made.columns, asked, weights=weights)
        spent = {"s": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        return {**spent, "cells": float(found[asked[0]].counts.sum())}

    return connected(town, work)


def page(town: Town) -> dict[str, float]:
    """The whole page in a process that has just started; again; and after more answers."""
    settings = Settings(base_url="http://bench.test", data=town.data)
    application = build(settings, load_profile(shipped("profiles", "skopje.toml")))

    async def work() -> dict[str, float]:
        transport = httpx.ASGITransport(app=application.asgi)
        async with httpx.AsyncClient(transport=transport, base_url=settings.base_url) as browser:

            async def look() -> tuple[float, float]:
                start, cpu = time.perf_counter(), time.process_time()
                answer = await browser.get(PATH)
                answer.raise_for_status()
                return time.perf_counter() - start, time.process_time() - cpu

            await browser.get("/en")
            forgotten(folder_of(town.survey).iterdir())
            found = dict(zip(("first", "first_cpu"), await look(), strict=True))
            found |= dict(zip(("again", "again_cpu"), min([await look() for _ in range(20)]), strict=True))
            await storage.execute(FILL, town.survey, LATER)
            return found | dict(zip(("later", "later_cpu"), await look(), strict=True))

    return connected(town, work)


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "pg", Options(durable=False)) as server:
        data, raw = Path(folder) / "data", Path(folder) / "raw"
        raw.mkdir()
        town = Town(server.dsn, data, UUID(int=0))
        asyncio.run(migrate(server.dsn))
        start = time.perf_counter()
        town = Town(server.dsn, data, connected(town, lambda: prepared(data, args.answers)))
        print(f"{args.answers:,} answers to 20 questions stored in {time.perf_counter() - start:.0f} s", flush=True)
        built = apart(building, town)
        told("files built from all answers", built, f"{built['answers'] / built['s']:,.0f} answers a second")
        told("raw files for the limit", apart(raw_files, town, str(raw)), "")
        bound = apart(bare, str(raw), args.answers)
        told("numpy.bincount over them, 30 weighted tables", bound, "")
        mine = apart(counting, town, str(raw))
        told("the same tables from cold files", mine, f"{mine['s'] / bound['s']:.2f} x (limit 2 x, 400 MiB)")
        looks = apart(page, town)
        for name, words, limit in (
            ("first", "results page with intervals, first look", "(limit 3 s)"),
            ("again", "the same page again", ""),
            ("later", f"after {LATER:,} more answers", "(limit 0.5 s)"),
        ):
            told(words, {"s": looks[name], "cpu": looks[f"{name}_cpu"], "mib": looks["mib"]}, limit)
        cached(town, args)


def cached(town: Town, args: argparse.Namespace) -> None:
    """CPU time of a page that was made before, over the network."""
    port = free_port()
    environment = {"CONSULT_DATA": str(town.data), "CONSULT_DATABASE_URL": town.dsn, "CONSULT_PORT": str(port),
                   "CONSULT_BASE_URL": f"http://{HOST}:{port}", "CONSULT_ABUSE": "off"}  # fmt: skip
    with running([sys.executable, "-m", "consult", "serve"], port, environment) as web:
        row("results page from the cache", measure((web, None), port, PATH, args, stores=False))


def told(what: str, found: dict[str, float], more: str) -> None:
    spent = f"{found['s']:8.3f} s" if "s" in found else " " * 10
    cpu = f"{found['cpu']:8.3f} s CPU" if "cpu" in found else " " * 14
    print(f"{what:<48}{spent}{cpu}{found['mib']:8.0f} MiB   {more}", flush=True)
