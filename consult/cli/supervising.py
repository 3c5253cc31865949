"""Keeping processes running: the web processes of `serve`, the process of `worker`.

The parent loads the program once, then forks: its children share what is loaded, and a killed one is back within a
fraction of a second. The parent has no threads (a fork copies only one) and answers nobody itself; the listening
socket is its own, so that who connects while no child is alive waits instead of being turned away.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

TICK_S = 0.1
YOUNG_S = 1.0
LONGEST_PAUSE_S = 10.0
PATIENCE_S = 30.0  # less than TimeoutStopSec of the units under deploy/systemd, more than a server drains
PR_SET_PDEATHSIG = 1
log = logging.getLogger("consult.running")

Ready = Callable[[], None]


class Supervisor:
    """Runs `work` in so many processes, and again whenever one of them ends before it is told to.

    work      what a child does until SIGTERM; it calls its argument when it is ready.
    watch     called about ten times a second by the parent, between looks at the children.
    ready     called by the parent once, when the first child is ready.
    ended     called by the parent with the number of a process that ended before it was told to.
    """

    def __init__(
        self,
        work: Callable[[Ready], None],
        number: int,
        *,
        watch: Callable[[], object],
        ready: Callable[[], None],
        ended: Callable[[int], object] = lambda process: None,
    ) -> None:
        self.work = work
        self.number = number
        self.watch = watch
        self.ready = ready
        self.ended = ended
        self.began: dict[int, float] = {}
        self.due: list[float] = [0.0] * number
        self.pause_s = TICK_S
        self.stopped_by = 0

    def run(self) -> None:
        """Return when SIGTERM or SIGINT has come and every child has ended in order."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._stop)
        self.listener, self.teller = os.pipe()
        is_ready = False
        gc.collect()
        gc.freeze()  # what is loaded by now stays, and stays shared with the children
        try:
            while not self.stopped_by:
                self._start_due()
                if self._told() and not is_ready:
                    is_ready = True
                    self.ready()
                self._reap()
                self.watch()
        finally:
            self._end()
            os.close(self.listener)
            os.close(self.teller)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped_by = number

    def _told(self) -> bool:
        """Wait a moment; tells whether a child has said that it is ready."""
        found, _, _ = select.select([self.listener], [], [], TICK_S)
        return bool(found and os.read(self.listener, 1))

    def _start_due(self) -> None:
        now = time.monotonic()
        for moment in [moment for moment in self.due if moment <= now]:
            self.due.remove(moment)
            parent = os.getpid()
            try:
                process = os.fork()
            except OSError as fault:  # no memory or no process is to be had now
                self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
                self.due.append(time.monotonic() + self.pause_s)
                log.error("no process can be started now: %s", fault)
                continue
            if process == 0:
                self._be_child(parent)
            self.began[process] = now

    def _reap(self) -> None:
        """Plan a new process for each that has ended: at once, or later if it does not even live for a second."""
        for process in list(self.began):
            found, status = os.waitpid(process, os.WNOHANG)
            if not found:
                continue
            age_s = time.monotonic() - self.began.pop(process)
            self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S) if age_s < YOUNG_S else TICK_S
            self.due.append(time.monotonic() + (self.pause_s if age_s < YOUNG_S else 0))
            log.error("process %s ended (%s) and is started again", process, _how(status))
            self.ended(process)

    def _end(self) -> None:
        for process in self.began:
            os.kill(process, signal.SIGTERM)
        end = time.monotonic() + PATIENCE_S
        while self.began:
            for process in list(self.began):
                if os.waitpid(process, os.WNOHANG)[0]:
                    del self.began[process]
                elif time.monotonic() > end:
                    log.error("process %s does not end and is killed", process)
                    os.kill(process, signal.SIGKILL)
            time.sleep(TICK_S / 10)

    def _be_child(self, parent: int) -> NoReturn:
        """Do the work and leave without unwinding what the parent has begun: its database server is not ours to end."""
        code = 1
        try:
            signal.signal(signal.SIGTERM, _leave)
            signal.signal(signal.SIGINT, _leave)
            if self.stopped_by:  # told before these two lines
                raise SystemExit(0)
            die_with(parent)
            os.close(self.listener)
            self.work(self._say)
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        finally:
            if sys.exc_info()[0] is not None:
                log.error("a process failed", exc_info=True)
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)

    def _say(self) -> None:
        with suppress(OSError):
            os.write(self.teller, b".")


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"code {code}" if code >= 0 else signal.Signals(-code).name


def die_with(parent: int) -> None:
    """Let this process be told to end when its parent is killed: nobody would look after it, or give its port free."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it was killed before this line
        raise SystemExit(0)
