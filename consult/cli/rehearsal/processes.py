"""CPU time of processes with their children, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> tuple[int, int] | None:
    """(parent, ticks) of a process; ticks include children that have ended."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(int(field) for field in fields[11:15])


def _family(root: int) -> dict[int, int]:
    """The ticks of a process and of everything below it."""
    found = {int(path.name): stat for path in Path("/proc").glob("[0-9]*") if (stat := _stat(path))}
    below, members = [root], dict[int, int]()
    while below:
        process = below.pop()
        if process in found:
            members[process] = found[process][1]
            below += [child for child, (parent, _) in found.items() if parent == process]
    return members


def family(root: int) -> list[int]:
    """A process, if it lives, and everything below it."""
    return list(_family(root))


def cpu_s(root: int) -> float:
    """Seconds of CPU that a process and everything below it have used so far."""
    return sum(_family(root).values()) * TICK_S
