"""Ends what a killed rehearsal would leave behind: whoever names its folder in a command or an environment.

It stands beside the rehearsal and waits for the end of its standard input, which comes however the rehearsal ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE_S = 20.0
KEEP = "--keep"


@contextlib.contextmanager
def watched(folder: Path, *, keep: bool) -> Iterator[None]:
    """Nothing that works in the folder outlives the block, nor, unless it is to be kept, does the folder."""
    command = [sys.executable, "-m", "tests.cluster.watch", str(folder), *([KEEP] if keep else [])]
    watch = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[2], start_new_session=True)
    try:
        yield
    finally:
        watch.communicate()


def working_in(folder: Path) -> list[int]:
    name, found = os.fsencode(folder), []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(name in (process / about).read_bytes() for about in ("cmdline", "environ")):
                found.append(int(process.name))
    return [pid for pid in found if pid != os.getpid()]


def clear(folder: Path) -> None:
    """Patroni starts a server that was killed, so once is not enough."""
    until = time.monotonic() + PATIENCE_S
    while (left := working_in(folder)) and time.monotonic() < until:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def main() -> None:
    sys.stdin.buffer.read()
    folder = Path(sys.argv[1])
    clear(folder)
    if KEEP not in sys.argv:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
