"""How often signing in and asking for a link may be tried, per account and per network."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil

WINDOW = dt.timedelta(minutes=15)
MAILS_WINDOW = dt.timedelta(hours=1)
MAILS = 3
KEPT = dt.timedelta(days=1)

PAIR = 5
ACCOUNT = 25
CODES = 10
WRONG_CODES = 3
NETWORK = 50
"""Failures within WINDOW: of one account from one network; of one account from anywhere, so that a stranger cannot lock
somebody out with a handful of tries; from one network, where a whole town hall may sit behind one address. CODES is
ACCOUNT for codes: whoever gets that far knows the password already, and a code has only a million values. After
WRONG_CODES of them the owner is told. Tries of a browser from which the owner signed in before, and of an open session,
count by themselves and only up to PAIR: neither a whole world that tries nor a neighbour in the same network locks the
owner out."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How many failed tries there were within WINDOW, and when the earliest of each was."""

    pair: int
    account: int
    network: int
    pair_since: dt.datetime | None
    account_since: dt.datetime | None
    network_since: dt.datetime | None


def minutes_to_wait(failures: Failures, at: dt.datetime, *, account: int = ACCOUNT) -> int:
    """Minutes until the next try is allowed; 0 when it is allowed now."""
    ends = [
        since + WINDOW
        for count, most, since in (
            (failures.pair, PAIR, failures.pair_since),
            (failures.account, account, failures.account_since),
            (failures.network, NETWORK, failures.network_since),
        )
        if count >= most and since is not None
    ]
    return max(1, ceil((max(ends) - at).total_seconds() / 60)) if ends else 0
