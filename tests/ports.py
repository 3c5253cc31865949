"""Ports for servers that tests start as programs of their own."""

from __future__ import annotations

import random
import socket

FIRST, LAST = 15_000, 32_000
"""Below those that the system gives to connections: such a port could be taken before the server begins to listen."""
_chance = random.SystemRandom()


def free_port(host: str = "127.0.0.1") -> int:
    """A port on which nobody listens. Tests that run side by side seldom draw the same one within a second."""
    while True:
        port = _chance.randrange(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
