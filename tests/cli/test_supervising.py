"""The parent of the processes: what goes wrong between a fork and its first line."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.town import ROOT

PROGRAM = """
import errno, os, signal, time
from consult.cli.supervising import Supervisor

fork, happens = os.fork, ["refused", "told at once", "lives"]

def scripted():
    what = happens.pop(0)
    print(what, flush=True)
    if what == "refused":
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    child = fork()
    if child == 0 and what == "told at once":
        os.kill(os.getpid(), signal.SIGTERM)
    return child

def work(ready):
    ready()
    time.sleep(60)

os.fork = scripted
ended = lambda process: print("ended", flush=True)
ready = lambda: print("ready", flush=True) or os.kill(os.getpid(), signal.SIGTERM)
Supervisor(work, 1, watch=lambda: None, ready=ready, ended=ended).run()
print("stopped")
"""


def test_a_fork_that_fails_or_is_told_to_end_at_once_is_made_again() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["refused", "told at once", "ended", "lives", "ready", "stopped"]
    assert "no process can be started now" in done.stderr


def test_a_parent_that_fails_leaves_no_child() -> None:
    program = PROGRAM.replace('["refused", "told at once", "lives"]', '["lives"]').replace(
        'print("ready", flush=True) or os.kill(os.getpid(), signal.SIGTERM)', "1 / 0"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert "ZeroDivisionError" in done.stderr
    assert done.stdout == "lives\n"  # the pipe was closed: nobody holds it any more
