"""An installation that may be broken: its own folder and database server, and the processes that one can kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consult.storage import embedded
from consult.storage.postmaster import Postmaster
from tests.cli.town import PATIENCE_S, ROOT, Town
from tests.ports import free_port

SURVEY = Path(__file__).with_name("survey.yaml")


def dsn_of(town: Town) -> str:
    """The address of the town's database, which must be running."""
    found = Postmaster.of(town.data / "database" / "cluster")
    assert found is not None, "the database is not running"
    password = (town.data / "database" / "password").read_text()
    return f"postgresql://{embedded.NAME}:{password}@/{embedded.NAME}?host={found.socket_folder}&port=5432"


def postmaster(town: Town) -> int | None:
    found = Postmaster.of(town.data / "database" / "cluster")
    return found.process if found is not None and found.is_ready else None


@contextmanager
def a_town(folder: Path | None = None, *, limits: bool = False) -> Iterator[Town]:
    """Migrated, with the survey open. limits: residents say from which networks they come; else all share one."""
    made = Path(tempfile.mkdtemp(prefix="consult-faults-", dir=folder))
    town = Town(made, {"CONSULT_TRUSTED_PROXIES": "127.0.0.1/32"} if limits else {"CONSULT_ABUSE": "off"})
    try:
        for words in (("migrate",), ("survey", "publish", SURVEY, "--open")):
            done = town.consult(*words)
            assert done.returncode == 0, done.stderr
        yield town
    finally:
        shutil.rmtree(made, ignore_errors=True)


@dataclass
class Site:
    """A town with its processes running. What they log is in the file log: a pipe that nobody reads would stop them."""

    town: Town
    process: int
    port: int
    log: Path

    @property
    def dsn(self) -> str:
        return dsn_of(self.town)


@contextmanager
def serving(town: Town, *words: str) -> Iterator[Site]:
    """`consult serve`, ready."""
    port = free_port()
    log = town.data / "serve.log"
    with running(town, log, "serve", "--port", str(port), *words) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("Ready: "), log.read_text()
        yield Site(town, process.pid, port, log)


@contextmanager
def running(town: Town, log: Path, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """`consult` in a process of its own, ended in order."""
    command = [sys.executable, "-m", "consult", *words]
    with log.open("a") as errors:
        process = subprocess.Popen(
            command, env=town.environment(**settings), cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def a_site(*words: str, folder: Path | None = None) -> Iterator[Site]:
    with a_town(folder) as town, serving(town, *(words or ("--workers", "2"))) as site:
        yield site


def children(process: int) -> list[int]:
    """The processes below one that are programs of ours, oldest first."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == process and state != "Z":
            found.append(int(path.name))
    return sorted(found)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
