"""The rehearsal: accidents under load. Exit code 1 if an answer was lost or the service was away for too long."""

from __future__ import annotations

import argparse
import asyncio
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.bench.answering import HERE as BENCH
from tests.cluster.load import PATH, Reconciled, Record, playing, reconcile
from tests.cluster.network import Network, enter, may_be_real
from tests.cluster.nodes import HOST, DatabaseNode, NotThere, Town, is_ready, newest_postgres, program, wait_for
from tests.cluster.watch import watched

LIMIT_S = 30
BEFORE_S = 5.0
READ = "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'response'"
AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class Accident:
    """What happens to whom, and how what died comes back."""

    name: str
    happens: Callable[[Town], Callable[[], None]]


def primary_dies(town: Town) -> Callable[[], None]:
    return _dies(town.primary())


def standby_dies(town: Town) -> Callable[[], None]:
    return _dies(town.standby())


def _dies(node: DatabaseNode) -> Callable[[], None]:
    """The whole machine: database, Patroni, and its etcd."""
    machines = [one for one in (node.etcd, node) if one is not None]
    for one in machines:
        one.kill()

    def comes_back() -> None:
        for one in machines:
            one.start()

    return comes_back


def primary_hangs(town: Town) -> Callable[[], None]:
    """It answers no more, but its network still does: nobody is told that it is gone."""
    node = town.primary()
    pids = node.pids()
    node.signal(signal.SIGSTOP)

    def goes_on() -> None:
        for pid in pids:
            subprocess.run(["kill", "-CONT", str(pid)], check=False, stderr=subprocess.DEVNULL)

    return goes_on


def primary_is_cut_off(town: Town) -> Callable[[], None]:
    """It lives, but no word goes in or out; it must not go on as the primary of those who still reach it."""
    name = town.primary().name
    town.network.cut(name)
    return lambda: town.network.join(name)


def primary_changes(town: Town) -> Callable[[], None]:
    """Planned, while residents answer. Patroni refuses it until the second node has been named as safe again."""
    word = town.others["PATRONI_RESTAPI"]
    wait_for("a planned change", lambda: town.primary().hand_over(town.standby().name, word), 60)
    return lambda: None


def web_dies(town: Town) -> Callable[[], None]:
    town.webs[0].kill()
    return town.webs[0].start


def worker_dies(town: Town) -> Callable[[], None]:
    town.worker.kill()
    return town.worker.start


ACCIDENTS = {
    "primary": Accident("kill -9 of the primary: Patroni and PostgreSQL", primary_dies),
    "cut": Accident("the network of the primary is cut", primary_is_cut_off),
    "switchover": Accident("planned change of the primary", primary_changes),
    "standby": Accident("kill -9 of the second node", standby_dies),
    "hang": Accident("the primary hangs (SIGSTOP)", primary_hangs),
    "web": Accident("kill -9 of a web node", web_dies),
    "worker": Accident("kill -9 of the worker", worker_dies),
}

USUAL = ("primary", "switchover", "cut", "hang", "standby", "web", "worker")


async def accident(town: Town, record: Record, one: Accident) -> bool:
    """Let it happen, watch the respondents, bring back what died; whether they could answer again soon enough."""
    await asyncio.sleep(BEFORE_S)
    happened = time.monotonic()
    back = await asyncio.to_thread(one.happens, town)
    await asyncio.to_thread(wait_for, "receipts", lambda: _goes_on(record, happened), LIMIT_S * 3)
    await asyncio.sleep(AFTER_S)
    since, until = record.longest_pause(happened, time.monotonic())
    back()
    whole_s = await asyncio.to_thread(wait_for, "both nodes are there again", lambda: _is_whole(town), 180)
    pages = record.within(record.pages, since, until)
    print(f"{one.name:<50}{until - since:8.1f} s  {pages:10}  {whole_s:8.1f} s", flush=True)
    return until - since < LIMIT_S


def _goes_on(record: Record, happened: float) -> bool:
    """Whether receipts have come steadily for a while after the accident."""
    now = time.monotonic()
    latest = [at for at in list(record.acknowledged.values()) if at > max(happened, now - AFTER_S)]
    return now - happened > AFTER_S and len(latest) >= AFTER_S and now - max(latest) < 1


def _is_whole(town: Town) -> bool:
    return town.is_whole() and all(is_ready(port) for port in town.ports)


def versions() -> str:
    said = subprocess.run([program("patroni"), "--version"], capture_output=True, text=True).stdout.split()
    etcd = subprocess.run([program("etcd"), "--version"], capture_output=True, text=True).stdout.split()
    postgres, python = newest_postgres().parts[-2], platform.python_version()
    return f"patroni {said[-1]}, etcd {etcd[2]}, PostgreSQL {postgres}, Python {python}"


def prepare(town: Town) -> None:
    for etcd in town.etcds:
        etcd.start()
    for node in town.databases:
        node.start()
    seconds = wait_for("two database nodes", town.is_whole, 300)
    print(
        f"two database nodes after {seconds:.0f} s: {town.primary().name} takes writes, {town.standby().name} follows"
    )
    town.consult("migrate")
    town.consult("survey", "publish", str(BENCH / "survey.yaml"), "--open")
    for machine in (*town.webs, town.worker):
        machine.start()
    wait_for("two web nodes", lambda: all(is_ready(port) for port in town.ports))


async def play(town: Town, args: argparse.Namespace) -> tuple[Record, bool]:
    print(f"\n{'what happens':<50}{'no receipt':>10}  {'pages then':>10}  {'whole after':>10}")
    good = True
    async with playing(HOST, town.ports, args.visitors) as record:
        for _ in range(args.rounds):
            for name in args.accidents:
                good &= await accident(town, record, ACCIDENTS[name])
    return record, good


def tell(record: Record, found: Reconciled) -> None:
    met = ", ".join(f"{status or 'no answer'}: {count}" for status, count in sorted(record.statuses.items()))
    print(f"\nanswers of web nodes by status   {met}")
    print(f"forms sent                       {len(record.sent)}")
    print(f"acknowledged by a receipt        {found.acknowledged}")
    print(f"stored                           {found.stored}")
    print(f"acknowledged but lost            {found.lost}")
    print(f"stored twice                     {found.doubled}")
    print(f"stored without a receipt         {found.unasked}")
    for words in record.wrong[:5]:
        print(f"wrong: {words}")


async def rows_read(town: Town) -> int:
    """How many answers the second node has read out so far."""
    connection = await asyncpg.connect(town.address("standby"))
    try:
        await asyncio.sleep(1.5)  # a server counts together what its processes did once a second
        return int(await connection.fetchval(READ) or 0)
    finally:
        await connection.close()


def analyse(town: Town, stored: int) -> bool:
    """Write the columns of the survey anew; whether the second node gave the answers and all were counted."""
    before = asyncio.run(rows_read(town))
    town.consult("results", "rebuild", "bench")
    read = asyncio.run(rows_read(town)) - before
    print(f"read from the second node        {read} (columns of results written anew)")
    return read >= stored


def main() -> None:
    parser = argparse.ArgumentParser(prog="deploy/cluster/rehearse", description=__doc__)
    parser.add_argument("--visitors", type=int, default=8, help="respondents at the same time")
    parser.add_argument("--rounds", type=int, default=2, help="how often each accident happens")
    parser.add_argument("--accidents", nargs="+", choices=list(ACCIDENTS), default=None)
    parser.add_argument("--keep", action="store_true", help="leave the folder with logs and data")
    parser.add_argument("--loopback", action="store_true", help="no network namespaces; then nothing can be cut")
    args = parser.parse_args()
    is_real = may_be_real() and not args.loopback
    if is_real:
        enter()
    args.accidents = args.accidents or [name for name in USUAL if is_real or name != "cut"]
    if "cut" in args.accidents and not is_real:
        raise NotThere("a network can be cut only as root, with ip, nft and unshare")
    print(versions())
    folder = Path(tempfile.mkdtemp(prefix="consult-cluster-"))
    with watched(folder, keep=args.keep):
        town = Town(folder, Network(is_real=is_real))
        try:
            prepare(town)
            record, is_quick = asyncio.run(play(town, args))
            found = asyncio.run(reconcile(town.address("read-write"), record))
            tell(record, found)
            is_quick &= analyse(town, found.stored)
        finally:
            town.stop()
            if args.keep:
                print(f"logs and data in {folder}")
    is_good = is_quick and not found.lost and not found.doubled and not record.wrong
    print(f"\n{'nothing lost, nothing doubled, back in time' if is_good else 'FAILED'} ({PATH})")
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
