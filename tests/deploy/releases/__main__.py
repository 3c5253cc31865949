"""`python -m tests.deploy.releases`: two releases on a bare Debian under systemd, as the runbook says, with residents.

Install, upgrade, an upgrade whose migration fails, the way back with the backup, and what the units keep their
processes from. Needs root, Debian's debootstrap, systemd-container and iproute2, and `make test` run once.
The bare system and the packages stay in var/machines. Exit code 1 where an answer was lost or a word is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.deploy.releases import wheels
from tests.deploy.releases.machine import Failed, Machine, NotThere, base, enter, lacking
from tests.deploy.releases.sandbox import judged
from tests.deploy.releases.story import PORT, Balance, Story, balance, wait_for
from tests.faults.load import Load, residents

OLD, NEW, BAD = "0.2.0", "0.3.0", "0.4.0"
KEPT = wheels.ROOT / "var" / "machines"
QUIET_S = 5.0
FIRST = 10
RESTARTS = 3
HEADS = ("receipts", "lost", "twice", "wrong", "cut off", "refused", "503", "away")


def told(what: str, load: Load, found: Balance) -> bool:
    is_good = found.acknowledged > 0 and not (found.lost or found.twice or load.wrong.total())
    figures = (found.acknowledged, found.lost, found.twice, load.wrong.total(), load.cut, load.refused, load.busy)
    words = f"{what:<48}" + "".join(f"{one:>9}" for one in figures) + f"{load.longest_gap_s():>7.1f} s"
    print(words if is_good else f"{words}   FAILED", flush=True)
    for words, times in load.wrong.most_common(5):
        print(f"    wrong: {times} x {words}")
    return is_good


async def play(story: Story) -> bool:
    heads = "".join(f"{head:>9}" for head in HEADS)
    print(f"{'while residents answer':<48}{heads}")
    async with residents(PORT, number=4, pause_s=0.3, thinks_s=0.5) as load:
        await asyncio.to_thread(wait_for, "the first receipts", lambda: len(load.acknowledged) >= FIRST)
        before = len(load.acknowledged)
        await asyncio.to_thread(story.back_up)
        await asyncio.to_thread(story.upgrade, NEW)
        await asyncio.sleep(QUIET_S)
    first = load
    is_good = told(f"upgrade {OLD} -> {NEW}", load, balance(load, story.stored()))
    for what, act in (
        (f"the pages restarted {RESTARTS} times", story.restart),
        (f"the pages killed {RESTARTS} times", story.kill),
    ):
        async with residents(PORT, number=4, pause_s=0.3, thinks_s=0.5) as load:
            for _ in range(RESTARTS):
                await asyncio.to_thread(act)
                await asyncio.sleep(QUIET_S)
        is_good &= told(what, load, balance(load, story.stored())) and not load.refused
    is_good &= story.refuses_when_stopped()
    async with residents(PORT, number=4, pause_s=0.3, thinks_s=0.5) as load:
        await asyncio.sleep(QUIET_S)
        words = await asyncio.to_thread(story.fail, BAD)
        await asyncio.sleep(QUIET_S)
    is_good &= told(f"upgrade {NEW} -> {BAD}, whose migration fails", load, balance(load, story.stored()))
    print(f"    the operator reads: {words}")
    async with residents(PORT, number=4, pause_s=0.3, thinks_s=0.5) as load:
        await asyncio.sleep(QUIET_S)
        await asyncio.to_thread(story.machine.run, "systemctl stop consult")
        left = len(load.acknowledged)
        await asyncio.to_thread(story.back, OLD)
        await asyncio.sleep(QUIET_S)
    stored = story.stored()
    is_good &= told(f"back to {OLD}: receipts since then", load, balance(load, stored, since=left))
    is_good &= told(f"back to {OLD}: receipts from before the backup", first, balance(first, stored, until=before))
    gone = balance(first, stored, since=before).lost + balance(load, stored, until=left).lost
    print(f"    receipts of the time between, which the way back gives up: {gone} lost")
    return is_good


def prepared(folder: Path, old: str) -> dict[str, Path]:
    return {
        OLD: wheels.release(old, OLD, folder),
        NEW: wheels.release("HEAD", NEW, folder),
        BAD: wheels.release("HEAD", BAD, folder, is_failing=True),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.deploy.releases", description=__doc__)
    parser.add_argument("--old", default="", help="a commit, in place of the one before the newest migration")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the machine")
    args = parser.parse_args()
    missing = lacking()
    if missing:
        print(f"NOT PLAYED: {missing}", file=sys.stderr)
        return 2
    bare, parts = base(KEPT), KEPT / "parts"
    if not parts.exists():
        wheels.parts(parts)
    enter()
    folder = Path(tempfile.mkdtemp(prefix="consult-releases-"))
    machine = Machine(bare, folder, bound=parts)
    try:
        story = Story(machine, prepared(folder, args.old or wheels.earlier()))
        machine.boot()
        story.install(OLD)
        is_good = asyncio.run(play(story))
        story.units(NEW)  # those of the newest release are what it is about
        is_good &= judged(story.probed())
    except (Failed, NotThere) as fault:
        print(f"FAILED: {fault}")
        is_good = False
    finally:
        machine.off()
        if args.keep:
            print(f"the machine is in {folder}")
        else:
            shutil.rmtree(folder)
    return int(not is_good)


if __name__ == "__main__":
    sys.exit(main())
