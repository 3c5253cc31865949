"""An address that names several machines: here they are doors to the one server of the tests."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from consult import storage
from consult.storage import hosts, replica, watch
from consult.storage.embedded import Embedded

TWO = "postgresql://consult:a%40b@10.0.0.1:5432,10.0.0.2:5433/consult?target_session_attrs=read-write"


class Door:
    """A TCP port that leads to the server's socket. silent: it takes connections and never answers."""

    def __init__(self, server: Embedded) -> None:
        self.path = f"{parse_qs(urlsplit(server.dsn).query)['host'][0]}/.s.PGSQL.5432"
        self.silent = False
        self.guests: set[asyncio.StreamWriter] = set()

    async def open(self, port: int = 0) -> None:
        self.server = await asyncio.start_server(self._enter, "127.0.0.1", port)
        self.port = int(self.server.sockets[0].getsockname()[1])

    def shut(self) -> None:
        """As if the machine had died."""
        self.server.close()
        for guest in self.guests:
            guest.transport.abort()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.guests.add(writer)
        if self.silent:
            return
        inner_reader, inner_writer = await asyncio.open_unix_connection(self.path)
        self.guests.add(inner_writer)
        await asyncio.gather(self._carry(reader, inner_writer), self._carry(inner_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.silent:
                    await asyncio.Event().wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@pytest.fixture
async def doors(db: None, database: Embedded) -> AsyncIterator[tuple[Door, Door]]:
    pair = (Door(database), Door(database))
    for door in pair:
        await door.open()
    await storage.disconnect()
    yield pair
    await storage.disconnect()
    for door in pair:
        door.shut()
    await storage.connect(database.dsn, max_size=8)


def address(database: Embedded, *doors: Door) -> str:
    user = urlsplit(database.dsn).netloc.rpartition("@")[0]
    return f"postgresql://{user}@{','.join(f'127.0.0.1:{door.port}' for door in doors)}/consult"


def test_each_machine_has_an_address() -> None:
    rest = "/consult?target_session_attrs=read-write"
    user = "postgresql://consult:a%40b@"
    assert hosts.hosts(TWO) == [f"{user}10.0.0.1:5432{rest}", f"{user}10.0.0.2:5433{rest}"]
    assert hosts.hosts("postgresql:///consult?host=/tmp,x") == ["postgresql:///consult?host=/tmp,x"]
    assert hosts.hosts("postgresql://u@[::1]:1,[::2]:2/c") == ["postgresql://u@[::1]:1/c", "postgresql://u@[::2]:2/c"]


def test_what_the_address_says_goes_before_our_wishes() -> None:
    assert hosts.wish_of(TWO, hosts.READS) == "read-write"
    assert hosts.wish_of("postgresql://u@h/c", hosts.READS) == "standby"
    given = parse_qs(urlsplit(hosts.for_libpq("postgresql://u@h,i/c?connect_timeout=9")).query)
    assert (given["connect_timeout"], given["target_session_attrs"]) == (["9"], ["read-write"])


def test_the_address_for_the_job_worker_is_one_that_libpq_takes(database: Embedded) -> None:
    assert psycopg.connect(hosts.for_libpq(database.dsn)).execute("select 1").fetchone() == (1,)
    several = psycopg.conninfo.conninfo_to_dict(hosts.for_libpq(TWO))
    assert (several["host"], several["port"], several["password"]) == ("10.0.0.1,10.0.0.2", "5432,5433", "a@b")


async def test_a_dead_machine_is_passed_over_and_the_pool_goes_on(doors: tuple[Door, Door], database: Embedded) -> None:
    first, second = doors
    await storage.connect(address(database, first, second), min_size=2, max_size=4)
    await storage.execute("CREATE TABLE thing (n integer)")
    try:
        first.shut()
        asked = 0
        while True:
            try:
                await storage.execute("INSERT INTO thing VALUES (1)")
                break
            except storage.AWAY:  # each connection that was open to the first machine says so once
                asked += 1
        assert asked <= 4
        await asyncio.gather(*(storage.execute("INSERT INTO thing VALUES (1)") for _ in range(8)))
    finally:
        await storage.execute("DROP TABLE thing")


async def test_a_silent_machine_costs_its_own_time_alone(
    doors: tuple[Door, Door], database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = doors
    first.silent = True
    monkeypatch.setattr(hosts, "EACH_S", 1.0)
    dsn = address(database, first, second)
    for _ in range(3):  # the machine that answered last is asked first
        await (await hosts.connect(dsn)).close()
    assert len(first.guests) == 1


async def test_a_machine_that_hangs_is_given_up(
    doors: tuple[Door, Door], database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = doors
    monkeypatch.setattr(hosts, "EACH_S", 0.5)
    monkeypatch.setattr(watch, "PAUSE_S", 0.2)
    monkeypatch.setattr(watch, "PATIENCE_S", 2.0)
    await storage.connect(address(database, first, second), min_size=2, max_size=4)
    first.silent = True
    heard: list[int] = []
    async with asyncio.timeout(60):
        while not heard:  # who has a connection to it waits, and hears of it
            with contextlib.suppress(*storage.AWAY):
                heard.append(await storage.fetchval("select 1"))
    assert heard == [1]


async def test_no_machine_as_wished_is_a_database_that_is_away(doors: tuple[Door, Door], database: Embedded) -> None:
    with pytest.raises(hosts.NoneUsable) as said:
        await hosts.connect(address(database, *doors), wish="standby")
    assert storage.is_away(said.value)


async def test_the_kernel_watches_the_other_machine(doors: tuple[Door, Door], database: Embedded) -> None:
    connection = await hosts.connect(address(database, *doors))
    transport = connection._transport.get_extra_info("socket")
    with socket.socket(fileno=transport.fileno()) as ours:
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == hosts.SILENT_S * 1000
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        ours.detach()
    await connection.close()


async def test_a_copy_that_hangs_keeps_nobody_waiting(
    doors: tuple[Door, Door], database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "CATCH_UP_S", 20.0)
    monkeypatch.setattr(replica, "PAUSE_S", 0.0)
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)
    door, _ = doors
    await storage.connect(database.dsn, replica=f"{address(database, door)}?target_session_attrs=any")
    assert len(await replica.fetch("select 1")) == 1
    async with asyncio.timeout(60), replica.caught_up() as raw:
        assert raw is not None
        door.silent = True
        monkeypatch.setattr(replica, "CATCH_UP_S", 0.2)
        monkeypatch.setattr(replica, "READ_S", 0.4)
    async with asyncio.timeout(60):  # neither the question whether it has all, nor the next connection
        assert len(await replica.fetch("select 1")) == 1
        assert len(await replica.fetch("select 1")) == 1
        assert await replica.seconds_behind() is None


async def test_only_one_watch_is_kept_when_the_database_is_away_at_the_start(
    doors: tuple[Door, Door], database: Embedded
) -> None:
    dsn = address(database, *doors)
    for door in doors:
        door.shut()
    await storage.connect(dsn, must_answer=False)
    assert [task.get_name() for task in asyncio.all_tasks()].count("database-watch") == 1
    await storage.disconnect()
    with pytest.raises(OSError):
        await storage.connect(dsn)
    await asyncio.sleep(0)
    assert "database-watch" not in {task.get_name() for task in asyncio.all_tasks()}
