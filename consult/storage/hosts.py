"""The machines that a database's address names, and a connection to the one that may be used.

`postgresql://user:word@one:5432,two:5432/consult` names two machines of which one takes writes at a time. asyncpg knows
such addresses, but has one time limit for all machines together: one that does not even refuse would use it up. So each
machine is asked by itself, first the one that answered last.

For psycopg, that is libpq, the same wishes are parameters of the address (`for_libpq`).
"""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from weakref import WeakKeyDictionary

import asyncpg

Connection = Any  # asyncpg carries no types

ALONE_S = 10
EACH_S = 3
"""How long one machine of several may take to answer."""
WRITES = "read-write"
READS = "standby"
SILENT_S = 10
"""A machine that has acknowledged nothing for so long is given up: its power or its network is gone."""
KEEPALIVE = {"keepalives_idle": SILENT_S, "keepalives_interval": 3, "keepalives_count": 3}

_answered_last: dict[str, str] = {}
machine_of: WeakKeyDictionary[Connection, str] = WeakKeyDictionary()
"""Which of several machines a connection leads to."""


class NoneUsable(ConnectionError):
    """No machine of the address answers and takes what is wished of it."""


def hosts(dsn: str) -> list[str]:
    """The address of each machine that an address names, in its order."""
    scheme, _, rest = dsn.partition("://")
    end = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    user, at, machines = rest[:end].rpartition("@")
    return [f"{scheme}://{user}{at}{machine}{rest[end:]}" for machine in machines.split(",")]


def is_one_of_several(dsn: str) -> bool:
    return len(hosts(dsn)) > 1


def wish_of(dsn: str, default: str) -> str:
    """What the address itself asks of a machine, else the default."""
    return dict(parse_qsl(dsn.partition("?")[2])).get("target_session_attrs", default)


def is_near(host: str) -> bool:
    """Whether a name or an address means this machine: then nobody listens between."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def unproven(dsn: str) -> list[str]:
    """The other machines that an address leads to without asking them to prove who they are (sslmode=verify-full)."""
    given = dict(parse_qsl(dsn.partition("?")[2]))
    if given.get("sslmode") == "verify-full":
        return []
    named = [unquote(urlsplit(one).hostname or given.get("host", "")) for one in hosts(dsn)]
    return [host for host in named if not is_near(host)]


async def connect(dsn: str, *, wish: str = WRITES, **options: Any) -> Connection:
    """Connect to the machine that the address names, or to the first of several that is as wished.

    Raises what the only machine, or the last of several, had to say; NoneUsable if they answer but none is as wished.
    """
    machines = hosts(dsn)
    if len(machines) == 1 and wish == WRITES:
        return patient(await asyncpg.connect(dsn, timeout=ALONE_S, **options))
    if (last := _answered_last.get(dsn)) in machines:
        machines = [last, *(machine for machine in machines if machine != last)]
    fault: Exception = NoneUsable("no machine")
    for machine in machines:
        try:
            wished = wish_of(dsn, wish)
            made = await asyncpg.connect(machine, timeout=EACH_S, target_session_attrs=wished, **options)
        except asyncpg.TargetServerAttributeNotMatched:
            fault = NoneUsable(f"no machine of the database is {wish}")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as said:
            fault = said
        else:
            _answered_last[dsn] = machine_of[made] = machine
            return patient(made)
    raise fault


def patient(connection: Connection) -> Connection:
    """Let the kernel notice when the other machine is gone without a word; a long wait for an answer is no fault."""
    transport = connection._transport  # asyncpg has no public way to its socket
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as ours:
        if ours.family in (socket.AF_INET, socket.AF_INET6):
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE["keepalives_idle"])
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE["keepalives_interval"])
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEPALIVE["keepalives_count"])
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_S * 1000)
    return connection


def for_libpq(dsn: str) -> str:
    """The same address for psycopg, which asks several machines by itself."""
    address, _, query = dsn.partition("?")
    given = dict(parse_qsl(query))
    wishes: dict[str, object] = {**KEEPALIVE, "tcp_user_timeout": SILENT_S * 1000}
    if is_one_of_several(dsn):
        wishes |= {"target_session_attrs": WRITES, "connect_timeout": EACH_S}
    return f"{address}?{urlencode(wishes | given)}"
