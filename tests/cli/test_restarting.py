"""A restart under a systemd that keeps the socket: visitors wait for a moment, nobody is refused."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from consult.cli import listening as module
from consult.settings import Settings
from consult.storage import embedded
from tests.cli.town import PATIENCE_S, ROOT, Town
from tests.faults.load import Load, residents
from tests.faults.outcome import reconcile
from tests.ports import free_port

# What systemd does between fork and exec: the kept socket becomes file 3, and who it is for is said.
HANDING = """
import os, sys
kept = int(sys.argv[1])
if kept >= 0:
    os.dup2(kept, 3)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="pages")
os.execv(sys.executable, [sys.executable, "-m", "consult", "serve", "--port", sys.argv[2], "--workers", "2"])
"""


class Systemd:
    """So much of systemd as keeps a socket for a service."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(str(self.path))
        self.line.settimeout(PATIENCE_S)
        self.kept = -1

    @contextmanager
    def unit(self, town: Town, port: int) -> Iterator[None]:
        """One run of the service, until it is told to end; the first one hands its socket over."""
        environment = town.environment(NOTIFY_SOCKET=str(self.path))
        command = [sys.executable, "-c", HANDING, str(self.kept), str(port)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            pass_fds=[self.kept] if self.kept >= 0 else [],
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Ready: ")
        if self.kept < 0:
            words, files, _, _ = socket.recv_fds(self.line, 1024, 4)
            assert words == b"FDSTORE=1\nFDNAME=pages"
            self.kept = files[0]
        yield
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
        assert "Traceback" not in said

    def stop(self) -> None:
        os.close(self.kept)
        self.line.close()


async def restarted(systemd: Systemd, town: Town, port: int, times: int) -> Load:
    """What residents met while the service ran, and began again so many times."""
    with ExitStack() as last:
        last.enter_context(systemd.unit(town, port))
        async with residents(port, number=4, pause_s=0.05) as load:
            for _ in range(times):
                await some_more(load)
                await asyncio.to_thread(last.close)
                await asyncio.to_thread(last.enter_context, systemd.unit(town, port))
            await some_more(load)
    return load


async def some_more(load: Load) -> None:
    before = len(load.acknowledged)
    async with asyncio.timeout(PATIENCE_S):
        while len(load.acknowledged) < before + 20:  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(0.02)


def test_nobody_is_refused_while_the_pages_restart(town: Town, tmp_path: Path) -> None:
    town.json("survey", "publish", ROOT / "tests" / "faults" / "survey.yaml", "--open")
    systemd = Systemd(tmp_path)
    load = asyncio.run(restarted(systemd, town, free_port(), 1))
    systemd.stop()
    with embedded.start(town.data) as server:
        found = asyncio.run(reconcile(server.dsn, load, "restart", 1))
    assert found.acknowledged >= 40
    assert (load.refused, found.lost, found.twice, found.wrong) == (0, 0, 0, {})


def handed_over(monkeypatch: pytest.MonkeyPatch, port: int) -> socket.socket:
    """A socket that listens there, handed to this process as systemd would do it."""
    kept = socket.create_server(("127.0.0.1", port))
    monkeypatch.setattr(module, "FIRST", os.dup(kept.fileno()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    return kept


def test_the_socket_of_the_process_before_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with handed_over(monkeypatch, port), module.listening(Settings(port=port)) as listener:
        assert listener.fileno() == module.FIRST
        assert "LISTEN_FDS" not in os.environ


def test_a_kept_socket_at_the_port_of_before_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    before, port = free_port(), free_port()
    with handed_over(monkeypatch, before), module.listening(Settings(port=port)) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", before))


def test_what_was_handed_to_another_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with handed_over(monkeypatch, port) as kept:
        monkeypatch.setenv("LISTEN_PID", "1")
        with pytest.raises(module.PortTaken), module.listening(Settings(port=port)):
            pass
        socket.create_connection(kept.getsockname()).close()
        os.close(module.FIRST)
