"""Whether a stored answer costs the same with many answers in the table, and with many surveys at once.

Rows are made by PostgreSQL itself; `--stored 5000000` for the long form (some minutes and about 7 GiB of disk). What
such a load leaves behind is cleared away before the answers are measured: no answer ever costs it.

Beside processor time stands what the log took for an answer, which no other work on the machine changes. Where an
index is large, each answer meets a page of it that the log takes whole after a checkpoint: ids are random and have to
be, as neighbours in the index would tell which forms were fetched around the same time.

A few surveys cost as much as a thousand: what one alone saves is that its objects stay in the processor's caches.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from consult.cli.rehearsal.processes import cpu_s
from consult.storage import embedded
from tests.bench.answering import HOST, Cost, measure, migrated, publish, row, running
from tests.bench.limits import LIMITS
from tests.bench.respondents import Visitor, filled_in
from tests.ports import free_port

PART = 250_000
FLAT = 1.15
"""What is flat: within what two measurements of the same differ by."""
FEW = 20
"""So many surveys are more than a processor's nearest caches hold."""
CLONE = """
with copied as (
    insert into survey (id, slug, code, test_key, opens_at, closes_at, is_testing, is_demo, created_at)
    select gen_random_uuid(), 'many-' || n, lpad(translate(n::text, '0123456789', 'abcdefghjk'), 6, 'm'), md5('k' || n),
           s.opens_at, s.closes_at, false, false, s.created_at
    from survey s, generate_series(1, $1) n where s.slug = 'bench' returning id
)
insert into survey_version (id, survey, number, document, content_hash, languages, published_at, published_by)
select gen_random_uuid(), c.id, v.number, v.document, v.content_hash, v.languages, v.published_at, v.published_by
from copied c, survey_version v join survey s on s.id = v.survey where s.slug = 'bench'
"""
FILL = """
insert into response (id, survey, version, language, channel, day, submitted_at, answers, flags)
select gen_random_uuid(), r.survey, r.version, r.language, r.channel, r.day - (n % 20), r.submitted_at, r.answers, '{}'
from (select * from response limit 1) r, generate_series(1, $1) n
"""


WRITTEN = """
select wal_bytes::float8, wal_fpi::float8, n_tup_ins::float8
from pg_stat_wal, pg_stat_user_tables where relname = 'response'
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stored", type=int, default=PART, help="answers in the table at the end")
    parser.add_argument("--many", type=int, default=1000, help="surveys that are answered at once at the end")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        port = free_port()
        environment = migrated(folder, server.dsn, port)
        publish("survey.yaml", environment)
        asyncio.run(ask(server.dsn, CLONE, args.many))
        with running([sys.executable, "-m", "consult", "serve"], port, environment) as web:
            pids = (web, server.process)

            def look(words: str, path: str | list[str]) -> Cost:
                before = asyncio.run(written(server.dsn))
                found = measure(pids, port, path, args, stores=True)
                row(words, found)
                after = asyncio.run(written(server.dsn))
                size, pages, rows = (now - was for was, now in zip(before, after, strict=True))
                print(f"  in the log for each answer: {size / rows:.0f} bytes, {pages / rows:.2f} whole pages")
                return found

            first = look("one survey, an empty table", "/en/surveys/bench")
            many = [f"/en/surveys/many-{number}" for number in range(1, args.many + 1)]
            before = cpu_s(web)
            asyncio.run(visit(port, many))
            once_ms = (cpu_s(web) - before) * 1000 / len(many)
            print(f"  first visitor of each of {args.many} surveys: {once_ms:.1f} ms, once in a process and language")
            few = look(f"{FEW} surveys", many[:FEW])
            found = look(f"{args.many} surveys", many)
            LIMITS.hold(f"{args.many} surveys in {FEW}", found.total_us / few.total_us, FLAT)
            LIMITS.hold(f"{args.many} surveys in one", found.total_us / first.total_us, FLAT)
            stored = 0
            while stored < args.stored:
                begin = time.perf_counter()
                part = min(PART, args.stored - stored)
                asyncio.run(ask(server.dsn, FILL, part))
                stored += part
                print(f"  {stored} answers stored ({part / (time.perf_counter() - begin):.0f} a second)", flush=True)
            asyncio.run(ask(server.dsn, "vacuum analyze response, response_pending"))
            asyncio.run(ask(server.dsn, "checkpoint"))
            found = look(f"one survey, {args.stored} answers in the table", "/en/surveys/bench")
            LIMITS.hold(f"{args.stored} stored answers in none", found.total_us / first.total_us, FLAT)


async def visit(port: int, paths: list[str]) -> None:
    """Each survey's first visitor has its page and its receipt made: that is measured by itself."""
    chance = random.Random(1)
    async with Visitor(HOST, port, paths[0]) as visitor:
        for path in paths:
            await visitor.ask("POST", path, filled_in((await visitor.ask("GET", path))[1], chance))


async def written(dsn: str) -> tuple[float, float, float]:
    """What PostgreSQL has logged so far, bytes and whole pages, and for how many answers; each tells all at once."""
    connection = await asyncpg.connect(dsn)
    size, pages, rows = await connection.fetchrow(WRITTEN)
    await connection.close()
    return size, pages, rows


async def ask(dsn: str, sql: str, *arguments: object) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(sql, *arguments, timeout=3600)
    await connection.close()
