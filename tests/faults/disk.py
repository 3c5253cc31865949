"""A full disk, and a database without a free connection: 503 with the answers kept, then everything as before."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from tests.faults import town as towns
from tests.faults.kills import goes_on, until
from tests.faults.load import Load, residents
from tests.faults.outcome import Outcome, reconcile
from tests.faults.town import Site

TITLE = "no disk, no connection"
DISK_MIB, LITTLE_MIB = 900, 300
CAP_SYS_ADMIN = 21
CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'consult'"
THEIRS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'consult'"


def run(short: bool) -> Iterator[Outcome]:
    times = 1 if short else 3
    with towns.a_site() as site:
        yield asyncio.run(without_connections(site, times))
        yield asyncio.run(behind_a_lock(site, times))
    if can_mount():
        with small_disk() as folder, towns.a_site(folder=folder) as site:
            yield asyncio.run(full_disk(site, times))
        return
    # An ordinary user may mount in a namespace of its own; the line of the table is printed there.
    inside = ["unshare", "-rm", sys.executable, "-m", "tests.faults.disk"]
    done = subprocess.run(inside, check=False)
    assert done.returncode == 0, "a small file system can be made neither here nor in a namespace of its own"


def can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
        )
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return tried.returncode == 0


def must_mount(environment: Mapping[str, str]) -> bool:
    """Whether nothing may be left out: in CI, where the kernel lets us mount."""
    said = Path("/proc/self/status").read_text()
    may = int(said.partition("CapEff:")[2].split()[0], 16)
    return "CI" in environment and bool(may >> CAP_SYS_ADMIN & 1)


@contextmanager
def small_disk(size_mib: int = DISK_MIB) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="consult-disk-") as name:
        Path(name).chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


async def full_disk(site: Site, times: int) -> Outcome:
    """Fill the disk to the last byte while residents answer, hold it so for some seconds, then make room again."""
    ballast = site.town.data / "ballast"
    async with residents(site.port) as load:
        await goes_on(load)
        load.moments.clear()
        for _ in range(times):
            before = load.busy
            fill(ballast)
            await until(lambda before=before: load.busy > before + 20)  # type: ignore[misc]
            fill(ballast)
            await asyncio.sleep(3 if times > 1 else 1)
            empty(ballast)
            await goes_on(load)
        if times > 1:
            await _dies_full(site, load, ballast)
    return await reconcile(site.dsn, load, "disk full", times)


async def _dies_full(site: Site, load: Load, ballast: Path) -> None:
    """The database is killed while there is no room for its recovery: it comes back when there is."""
    fill(ballast)
    process = towns.postmaster(site.town)
    if process is not None:
        towns.kill(process)
    await asyncio.sleep(5)
    empty(ballast)
    await goes_on(load)


def fill(path: Path) -> None:
    with path.open("ab", buffering=0) as file:
        size = 2**20
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


def empty(path: Path) -> None:
    path.unlink()


async def without_connections(site: Site, times: int) -> Outcome:
    """Somebody else takes every connection that the server has, and the platform's own are cut off."""
    async with residents(site.port) as load:
        await goes_on(load)
        load.moments.clear()
        for _ in range(times):
            taken = await take_all(site.dsn)
            before = load.busy
            await until(lambda before=before: load.busy > before + 20)  # type: ignore[misc]
            for one in taken:
                await one.close()
            await goes_on(load)
    return await reconcile(site.dsn, load, "no connection left at PostgreSQL", times)


async def take_all(dsn: str) -> list[asyncpg.Connection]:
    """Cut the platform off and be quicker than it, until every connection that there is belongs to us."""
    taken = [await asyncpg.connect(dsn)]
    for _ in range(200):
        await taken[0].execute(CUT_OFF)
        try:
            while True:
                taken.append(await asyncpg.connect(dsn))
        except asyncpg.TooManyConnectionsError:
            if not await taken[0].fetchval(THEIRS):
                break
    return taken


async def behind_a_lock(site: Site, times: int) -> Outcome:
    """A statement of somebody else locks what every answer needs, and all connections of the pool wait for it."""
    connection = await asyncpg.connect(site.dsn)
    async with residents(site.port, number=24) as load:
        await goes_on(load)
        load.moments.clear()
        for _ in range(times):
            before = load.busy
            async with connection.transaction():
                await connection.execute("LOCK TABLE response, survey IN ACCESS EXCLUSIVE MODE")
                await until(lambda before=before: load.busy > before + 5)  # type: ignore[misc]
            await goes_on(load)
    await connection.close()
    return await reconcile(site.dsn, load, "all connections behind a lock", times)


if __name__ == "__main__":
    with small_disk() as place, towns.a_site(folder=place) as served:
        line = asyncio.run(full_disk(served, 1))
    print(line.line())
    sys.exit(not line.is_good)
