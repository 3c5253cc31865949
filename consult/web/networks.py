"""How much comes from one network: counted in memory, for minutes, under names that nobody can turn into addresses.

A network is an IPv4 address or an IPv6 /64. Its name is a hash under a random key that lives in this process alone and
is forgotten after a day; nothing of it is stored or logged. Many people share one address (a town hall, a school, a
mobile carrier), so limits that rest on this ask for patience and never refuse.

The address is what the server took for the client's: only proxies that CONSULT_TRUSTED_PROXIES names are believed.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

MOST_KEYS = 100_000


@lru_cache(maxsize=2000)
def prefix_of(address: str) -> bytes:
    """The network that an address stands for: itself for IPv4, its /64 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return b""
    if isinstance(parsed, ipaddress.IPv6Address):
        return parsed.ipv4_mapped.packed if parsed.ipv4_mapped is not None else parsed.packed[:8]
    return parsed.packed


class Networks:
    """Names networks for a day."""

    def __init__(self) -> None:
        self.day: date | None = None
        self.base = blake2b()

    def name(self, scope: Mapping[str, Any], at: datetime) -> bytes:
        """The network that a request comes from."""
        client = scope.get("client")
        if at.date() != self.day:
            self.day = at.date()
            self.base = blake2b(key=os.urandom(32), digest_size=16)
        digest = self.base.copy()
        digest.update(prefix_of(client[0]) if client else b"")
        return digest.digest()


class Rate:
    """Counts within a sliding window, estimated from the current and the last one of fixed length."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self.number = 0
        self.now: dict[Hashable, int] = {}
        self.last: dict[Hashable, int] = {}

    def _turn(self, at: datetime) -> float:
        """Begin a new window where one is due; how much of the current one is over, from 0 to 1."""
        number, rest = divmod(at.timestamp(), self.window_s)
        if int(number) != self.number:
            self.last = self.now if int(number) == self.number + 1 else {}
            self.now = {}
            self.number = int(number)
        return rest / self.window_s

    def add(self, key: Hashable, at: datetime) -> float:
        """Count one more, and give the count with it."""
        over = self._turn(at)
        if len(self.now) >= MOST_KEYS and key not in self.now:
            self.now.clear()
        counted = self.now[key] = self.now.get(key, 0) + 1
        return counted + self.last.get(key, 0) * (1 - over)

    def of(self, key: Hashable, at: datetime) -> float:
        over = self._turn(at)
        return self.now.get(key, 0) + self.last.get(key, 0) * (1 - over)
