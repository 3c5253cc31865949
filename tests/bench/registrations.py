"""Ten thousand residents who register at once for a hundred places, through two web processes.

While they come a watcher reads the session, and some of those who have a place give it back: each freed place is
offered in the same transaction and counts as taken. The part fails if ever more than the places are held, if fewer are
held once they were full, or if anybody passed somebody who came earlier.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from consult import i18n, storage
from consult.forums import operations, queries, registration_operations
from consult.forums.desk import desk
from consult.forums.forum import ForumContent, SessionContent
from consult.forums.links import Links
from consult.forums.registering import Wish
from consult.forums.registration import Registrant, State
from consult.forums.rows import Town
from consult.profile import load_profile
from consult.settings import resource
from consult.storage import embedded
from consult.storage.migrate import migrate

PROCESSES = 2
CANCELLED = 20
SLUG = "rush"
TOWN = Town(ZoneInfo("Europe/Skopje"), "mk")
LINKS = Links("http://bench.test", b"0" * 32)
HELD = """SELECT s.seats_taken, (SELECT coalesce(sum(r.seats), 0) FROM registration r WHERE r.session = s.id
              AND r.state IN ('held', 'confirmed', 'offered', 'attended', 'no_show'))
          FROM forum_session s WHERE s.id = $1"""
ORDER = "SELECT email, state FROM registration WHERE session = $1 ORDER BY number"
LETTERS = "SELECT count(*) FROM notification"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--registrations", type=int, default=10_000, help="how many register at once")
    parser.add_argument("--places", type=int, default=100, help="for how many places")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        asyncio.run(_rush(server.dsn, args.registrations, args.places))


async def _rush(dsn: str, many: int, places: int) -> None:
    await migrate(dsn)
    await _connected(dsn)
    session = await _forum(places)
    await storage.disconnect()
    here = [sys.executable, "-m", "tests.bench.registrations", dsn, str(session)]
    share = many // PROCESSES
    crowds = [
        await asyncio.create_subprocess_exec(*here, str(number * share), str(share), stdin=PIPE, stdout=PIPE)
        for number in range(PROCESSES)
    ]
    for crowd in crowds:
        assert crowd.stdout is not None
        await crowd.stdout.readline()
    watcher = asyncio.create_task(_watch(dsn, session, places))
    returning = asyncio.create_task(_give_back(dsn, session, places))
    began = time.perf_counter()
    codes = [code for code, _ in await asyncio.gather(*(_go(crowd) for crowd in crowds))]
    took = time.perf_counter() - began
    given_back = await returning
    watcher.cancel()
    samples, wrong = await watcher
    if any(codes) or wrong:
        raise SystemExit(f"places held at some instant: {sorted(wrong)}; processes ended with {codes}")
    await _check_order(dsn, session, many, places + given_back)
    print(f"{many} registrations for {places} places in {took:.1f} s: {many / took:.0f} a second through {PROCESSES}"
          f" processes; {given_back} given back meanwhile, {samples} looks by the watcher, never another number than"
          f" {places} once they were full; letters and audit trail written")  # fmt: skip


async def _go(crowd: asyncio.subprocess.Process) -> tuple[int | None, bytes]:
    said, _ = await crowd.communicate(b"go\n")
    return crowd.returncode, said


async def _connected(dsn: str) -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    await storage.connect(dsn, max_size=10)


async def _forum(places: int) -> UUID:
    words = dict.fromkeys(("mk", "ka", "en"), "Средба")
    at = datetime.now(UTC)
    day = at.date() + timedelta(days=30)
    sitting = SessionContent(None, day, hour(18), hour(20), words, {}, {}, places)
    closes = datetime.combine(day, hour(12))
    content = ForumContent(slug=SLUG, kind="tribune", title=words, summary=words, closes=closes, sessions=(sitting,))
    forum_id = await operations.create_forum(content, town=TOWN, actor=None, at=at)
    await operations.publish_forum(forum_id, actor=None, at=at)
    forum = await queries.forum(SLUG)
    assert forum is not None
    return forum.sessions[0].id


async def _watch(dsn: str, session: UUID, places: int) -> tuple[int, set[tuple[int, int]]]:
    """How often it looked, and every pair of figures that should not have been there."""
    connection = await asyncpg.connect(dsn)
    samples, wrong, full = 0, set(), False
    try:
        while True:
            taken, held = await connection.fetchrow(HELD, session)
            full = full or taken == places
            samples += 1
            if taken != held or taken > places or (full and taken != places):
                wrong.add((taken, held))
            await asyncio.sleep(0.002)
    except asyncio.CancelledError:
        return samples, wrong
    finally:
        await connection.close()


async def _give_back(dsn: str, session: UUID, places: int) -> int:
    """As soon as somebody waits, some of those with a place cancel, one after the other."""
    await _connected(dsn)
    try:
        while not await storage.fetchval("SELECT count(*) FROM registration WHERE state = 'waitlisted'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it is other processes that make them wait
        held = [one for one in await queries.registrations(session) if one.state is State.CONFIRMED]
        for one in held[:CANCELLED]:
            await registration_operations.cancel(registration_id=one.id, links=LINKS, at=datetime.now(UTC))
            await asyncio.sleep(0.02)
        return min(CANCELLED, len(held))
    finally:
        await storage.disconnect()


async def _check_order(dsn: str, session: UUID, many: int, served: int) -> None:
    """Places and offers went to the first by number, and each process's residents stand in the order they came in."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(ORDER, session)
    letters = await connection.fetchval(LETTERS)
    await connection.close()
    states = [row["state"] for row in rows]
    first = states.index("waitlisted")
    if len(rows) != many or first != served or set(states[first:]) != {"waitlisted"}:
        raise SystemExit(f"{len(rows)} registrations, {first} served before the first who waits, not {served}")
    for process in range(PROCESSES):
        own = [int(row["email"].split("@")[0][1:]) for row in rows]
        own = [number for number in own if number // (many // PROCESSES) == process]
        if own != sorted(own):
            raise SystemExit("somebody passed somebody who came earlier")
    if letters < many:
        raise SystemExit(f"only {letters} letters for {many} registrations")


async def _crowd(dsn: str, session: UUID, first: int, many: int) -> None:
    """One web process: its residents all come at the same moment."""
    await _connected(dsn)
    print("ready", flush=True)
    sys.stdin.readline()
    at = datetime.now(UTC)
    wishes = (
        Wish(
            forum_slug=SLUG,
            sessions=(session,),
            registrant=Registrant(name=f"Ана {number}", email=f"r{number}@example.com"),
            language="mk",
            links=LINKS,
            at=at,
        )
        for number in range(first, first + many)
    )
    await asyncio.gather(*(desk.register(wish) for wish in wishes))
    await storage.disconnect()


if __name__ == "__main__":
    asyncio.run(_crowd(sys.argv[1], UUID(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
