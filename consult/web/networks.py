"""How much comes from one network: counted in memory, for minutes, under names that nobody can turn into addresses.

A network is an IPv4 address or an IPv6 /64; its neighbourhood is the IPv4 /24 or the IPv6 /48 around it. The name of
either is a hash under a random key that lives in this process alone and is forgotten after a day; nothing of it is
stored or logged. Many people share one address (a town hall, a school, a mobile carrier), so limits that rest on this
ask for patience and never refuse.

The address is what the server took for the client's: only proxies that CONSULT_TRUSTED_PROXIES names are believed.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

MOST_KEYS = 50_000
MAPPED = bytes(10) + b"\xff\xff"  # before an IPv4 address in an IPv6 one


def prefix_of(address: str) -> bytes:
    """The network that an address stands for: itself for IPv4, its /64 for IPv6."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except (OSError, ValueError):
        return b""
    return packed[12:] if packed.startswith(MAPPED) else packed[:8]


def around(prefix: bytes) -> bytes:
    """The neighbourhood of a network: the /24 of an IPv4 address, the /48 of an IPv6 /64."""
    return prefix[:3] if len(prefix) == 4 else prefix[:6]


class Networks:
    """Names networks for a day."""

    def __init__(self) -> None:
        self.day: date | None = None
        self.base = blake2b()

    def name(self, scope: Mapping[str, Any], at: datetime) -> bytes:
        """The network that a request comes from."""
        return self._named(_prefix(scope), at)

    def names(self, scope: Mapping[str, Any], at: datetime) -> tuple[bytes, bytes]:
        """The network that a request comes from, and its neighbourhood."""
        prefix = _prefix(scope)
        return self._named(prefix, at), self._named(around(prefix), at)

    def _named(self, prefix: bytes, at: datetime) -> bytes:
        today = at.date()
        if today != self.day:
            self.day = today
            self.base = blake2b(key=os.urandom(32), digest_size=16)
        digest = self.base.copy()
        digest.update(prefix)
        return digest.digest()


def _prefix(scope: Mapping[str, Any]) -> bytes:
    client = scope.get("client")
    return prefix_of(client[0]) if client else b""


class Rate:
    """Counts within a sliding window, estimated from the current and the last one of fixed length.

    What would be too many keys pushes out those that have not been counted more often than the average.
    """

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
        return self._count(key, self._turn(at))

    def add_part(self, part: Hashable, whole: Hashable, at: datetime) -> tuple[float, float]:
        """Count one more of a part and of its whole, and give both counts with it."""
        over = self._turn(at)
        return self._count(part, over), self._count(whole, over)

    def _count(self, key: Hashable, over: float) -> float:
        if len(self.now) >= MOST_KEYS and key not in self.now:
            self._forget()
        counted = self.now[key] = self.now.get(key, 0) + 1
        return counted + self.last.get(key, 0) * (1 - over)

    def _forget(self) -> None:
        average = sum(self.now.values()) / len(self.now)
        kept = {key: counted for key, counted in self.now.items() if counted > average}
        self.now = kept if len(kept) <= MOST_KEYS // 2 else {}

    def of(self, key: Hashable, at: datetime) -> float:
        over = self._turn(at)
        return self.now.get(key, 0) + self.last.get(key, 0) * (1 - over)
