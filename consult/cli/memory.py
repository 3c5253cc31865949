"""What stays in memory is not looked through again and again.

Pages, questionnaires and receipts that are kept as bytes are half a million objects where a thousand surveys are
answered, and Python's collector of cycles would look at all of them every few seconds. What has survived a full
collection that took long is therefore left alone for good (gc.freeze); objects that nobody refers to any more still go
at once. Among them are the few that were in use at that moment, so this is done a limited number of times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping

DEAR_S = 0.02
MOST = 50
YOUNG = 5_000  # objects more than there were: the usual 700 are a handful of requests


class Keeper:
    """A callback of the collector."""

    def __init__(self, dear_s: float = DEAR_S, most: int = MOST) -> None:
        self.dear_s = dear_s
        self.left = most
        self.began = 0.0

    def __call__(self, phase: str, about: Mapping[str, int]) -> None:
        if about["generation"] < 2 or not self.left:
            return
        if phase == "start":
            self.began = time.thread_time()
        elif time.thread_time() - self.began >= self.dear_s:
            self.left -= 1
            gc.freeze()


def keep_what_stays() -> None:
    """From now on, in this process."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.callbacks.append(Keeper())
