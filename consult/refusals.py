"""A line of the log for what is refused for safety's sake, so that whoever watches sees an attack begin.

A line says what was refused and at which route, and of a colleague who is signed in the number of the account: no
names, no addresses, nothing of what was sent. Attackers can cause any number of refusals, so each kind has a ration.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Literal, get_args

from prometheus_client import Counter

Why = Literal[
    "another site's form",
    "access",
    "unreadable",
    "too large",
    "too many",
    "harmful file",
    "password",
    "code",
    "sign-in service",
]
MOST = 20
SPAN_S = 60.0
STATUSES: dict[int, Why] = {403: "access", 413: "too large", 429: "too many"}
REFUSALS = Counter("consult_refusals", "What was refused for safety's sake.", ["why"])
for one in get_args(Why):
    REFUSALS.labels(one)  # counted from 0, so that an alert sees the first
log = logging.getLogger("consult.refusals")


@dataclass(slots=True)
class Ration:
    """At most MOST lines in SPAN_S; those that were left out are counted in the next line."""

    began: float = float("-inf")
    given: int = 0
    left_out: int = 0

    def take(self, now: float) -> int | None:
        """How many were left out since the last line; None where this one is left out too."""
        if now - self.began >= SPAN_S:
            self.began, self.given = now, 0
        if self.given >= MOST:
            self.left_out += 1
            return None
        self.given += 1
        before, self.left_out = self.left_out, 0
        return before


_rations: dict[Why, Ration] = {}


def note(why: Why, **facts: object) -> None:
    """Count it, and write the line if the ration allows it. facts: nothing that a person typed."""
    REFUSALS.labels(why).inc()
    left_out = _rations.setdefault(why, Ration()).take(time.monotonic())
    if left_out is None:
        return
    if left_out:
        facts["left_out"] = left_out
    log.warning("refused", extra={"why": why, **facts})


def why(method: str, status: int) -> Why | None:
    """Which answers are refusals: those that nobody gets who uses our own pages as they are."""
    if status == 400 and method == "POST":
        return "unreadable"
    return STATUSES.get(status)
