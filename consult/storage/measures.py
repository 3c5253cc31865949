"""What Prometheus hears of the machine and the database: connections, the event loop's lateness, disk, last backup."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from prometheus_client import Gauge
from prometheus_client.core import GaugeMetricFamily, Metric

from consult.storage.engine import DB
from consult.storage.replica import seconds_behind

EVERY_S = 1.0
BACKED_UP = "last-backup"
CONNECTIONS = Gauge(
    "consult_pool_connections",
    "Connections to the database, all web processes: used, free, and how many there may be.",
    ["state"],
    multiprocess_mode="livesum",
)
LATE = Gauge(
    "consult_loop_late_seconds",
    "How late the busiest web process came to what it had planned, within the last second.",
    multiprocess_mode="livemax",
)


@contextlib.asynccontextmanager
async def sampling(*besides: Callable[[], None]) -> AsyncIterator[None]:
    """Look once a second, for as long as the block lasts; besides: what else is to be noted then."""
    task = asyncio.create_task(_sample(besides), name="measures")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _sample(besides: tuple[Callable[[], None], ...]) -> None:
    used, free, most = (CONNECTIONS.labels(state) for state in ("used", "free", "most"))
    while True:
        planned = time.monotonic() + EVERY_S
        await asyncio.sleep(EVERY_S)
        LATE.set(time.monotonic() - planned)
        if DB.pool is not None:
            used.set(DB.pool.get_size() - DB.pool.get_idle_size())
            free.set(DB.pool.get_idle_size())
            most.set(DB.pool.get_max_size())
        for note in besides:
            note()


async def measured() -> list[Metric]:
    """Whether the copy for analysis answers, and how far it is behind; nothing where there is none."""
    if DB.replica is None:
        return []
    behind = await seconds_behind()
    found: list[Metric] = [
        GaugeMetricFamily("consult_replica_up", "Whether the copy of the database answers.", int(behind is not None))
    ]
    if behind is not None:
        about = "For how long the copy has missed something that the primary has written."
        found.append(GaugeMetricFamily("consult_replica_behind_seconds", about, behind))
    return found


def note_backup(data: Path, at: float) -> None:
    """Remember when everything was last written into a backup."""
    data.mkdir(parents=True, exist_ok=True)
    (data / BACKED_UP).write_text(f"{at:.0f}\n")


def last_backup(data: Path) -> float:
    """When that was, in seconds since 1970; 0 where there was none."""
    try:
        return float((data / BACKED_UP).read_text())
    except (OSError, ValueError):
        return 0.0


def machine(data: Path) -> Iterator[Metric]:
    """The disk of the data folder, and the last backup made from here."""
    disk = shutil.disk_usage(data if data.exists() else data.parent)
    yield GaugeMetricFamily("consult_disk_free_bytes", "Free on the disk of the data folder.", disk.free)
    yield GaugeMetricFamily("consult_disk_size_bytes", "Size of the disk of the data folder.", disk.total)
    yield GaugeMetricFamily(
        "consult_last_backup_timestamp_seconds", "When the last backup was made; 0 for never.", last_backup(data)
    )
