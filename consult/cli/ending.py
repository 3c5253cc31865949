"""Commands that are told to end, and do so as if they were done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def ends_in_order(*, code: int = 0) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end a command as if it were done: the embedded server stops with its last user.

    uvicorn raises the signal that it was stopped by once more when it has drained; that must not kill the process.
    """

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(code)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    yield
    # What comes now is in the middle of ending already.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
