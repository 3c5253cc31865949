"""What the file postmaster.pid says of a server, and whether to believe it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server process of a cluster that is alive."""

    process: int
    socket_folder: Path
    is_ready: bool

    @classmethod
    def of(cls, cluster: Path) -> Postmaster | None:
        """The server of this cluster; None if none is running, whatever the file says."""
        lines = _lines(cluster)
        if not lines or not lines[0].strip().isdigit():
            return None
        # Lines: process, cluster, start time, port, socket folder, address, shared memory, status.
        process, *others = [line.strip() for line in lines] + [""] * 8
        started_for = Path(others[0])
        is_a_copy = started_for.exists() and not started_for.samefile(cluster)
        if is_a_copy or not _serves(int(process), started_for):
            return None
        return cls(process=int(process), socket_folder=Path(others[3]), is_ready=others[6] == "ready")

    @staticmethod
    def clear_stale(cluster: Path, socket: Path) -> None:
        """Make way for a start after a server was killed. Only for a cluster whose server is not running.

        The file postmaster.pid stays, because it leads the new server to the shared memory that children of the killed
        one may still use; but if another program has its process number now, a number that is free takes its place.
        """
        socket.unlink(missing_ok=True)
        socket.with_name(socket.name + ".lock").unlink(missing_ok=True)
        lines = _lines(cluster)
        if lines and lines[0].strip().isdigit() and _takes_signals(int(lines[0])):
            free = subprocess.Popen(["/bin/sh", "-c", ""])
            free.wait()
            (cluster / "postmaster.pid").write_text("\n".join([str(free.pid), *lines[1:]]) + "\n")

    def stop(self, patience_s: float) -> None:
        """Stop in an orderly way; open connections are closed."""
        end = time.monotonic() + patience_s
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGINT)
        while _is_alive(self.process) and time.monotonic() < end:
            time.sleep(0.01)


def _lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _takes_signals(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive(process: int) -> bool:
    if not _takes_signals(process):
        return False
    with suppress(OSError):
        # A process that ended and that nobody has waited for still takes signals.
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def _serves(process: int, cluster: Path) -> bool:
    """Whether a process is alive and was started for this cluster: another program may have its number by now."""
    if not _is_alive(process):
        return False
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        listed = ["ps", "-o", "args=", "-p", str(process)]
        answer = subprocess.run(listed, capture_output=True, check=False)  # noqa: S603
        return os.fsencode(cluster) in answer.stdout
    return os.fsencode(cluster) in words
