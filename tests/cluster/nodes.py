"""The machines of the rehearsal: each is a handful of processes on ports of its own."""

from __future__ import annotations

import base64
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consult.cli.rehearsal.processes import family
from tests.cluster.network import HERE, LOOPBACK, Network, Place
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
CLUSTER = ROOT / "deploy" / "cluster"
HOST = LOOPBACK
ETCD_CLIENT, ETCD_PEER, POSTGRES, PATRONI = 2379, 2380, 5432, 8008
NETWORK = re.compile(r"\b10\.0\.0\.\d+/\d+")
ROLES = ("PATRONI_SUPERUSER", "PATRONI_REPLICATION", "PATRONI_REWIND", "PATRONI_RESTAPI")
BINARIES = Path("/usr/lib/postgresql")


class NotThere(SystemExit):
    """What the rehearsal needs is not installed, or did not come up."""


def wait_for(what: str, is_so: Any, patience_s: float = 90) -> float:
    """Wait until something holds, and say how long it took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > patience_s:
            raise NotThere(f"{what}: not within {patience_s:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


@dataclass
class Machine:
    """Processes that live and die together. command: what a start runs; user: as whom, where we may choose."""

    name: str
    command: list[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    place: Place = HERE
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = list(self.command)
        if self.user is not None and os.geteuid() == 0:
            command = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups", *command]
        command = [*self.place.within, *command]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CONSULT_", "PATRONI_"))}
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env={**clean, **self.environment}, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def pids(self) -> list[int]:
        return family(self.process.pid) if self.process is not None and self.process.poll() is None else []

    def signal(self, number: int) -> None:
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def kill(self) -> None:
        """As if somebody had pulled the plug of the machine; its disk stays."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class DatabaseNode(Machine):
    """PostgreSQL under Patroni."""

    port: int = 0
    api: int = 0
    etcd: Machine | None = None
    """The one on the same machine."""

    @property
    def data(self) -> Path:
        return self.folder / self.name

    def pids(self) -> list[int]:
        """Patroni's, and those of the server, which is no child of it."""
        found = super().pids()
        try:
            postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
            arguments = Path(f"/proc/{postmaster}/cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            return found
        return [*found, *family(postmaster)] if os.fsencode(self.data) in arguments else found

    def members(self) -> list[dict[str, Any]]:
        """What this node's Patroni knows of all nodes; nothing while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self.place.host}:{self.api}/cluster", timeout=2) as answer:
                return list(json.load(answer)["members"])
        except (OSError, ValueError, KeyError):
            return []

    def hand_over(self, candidate: str, word: str) -> bool:
        """Ask this primary to let another node take its place, as `patronictl switchover` does; whether it did."""
        wish = json.dumps({"leader": self.name, "candidate": candidate}).encode()
        who = base64.b64encode(f"patroni:{word}".encode()).decode()
        head = {"Content-Type": "application/json", "Authorization": f"Basic {who}"}
        url = f"http://{self.place.host}:{self.api}/switchover"
        try:
            urllib.request.urlopen(urllib.request.Request(url, wish, head), timeout=60).close()
        except urllib.error.HTTPError:
            return False
        return True

    def stop(self) -> None:
        super().stop()
        self.kill()


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotThere(f"{name} is missing: apt-get install patroni etcd-server postgresql openssl")
    return found


def newest_postgres() -> Path:
    found = sorted(BINARIES.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NotThere(f"no PostgreSQL in {BINARIES}: apt-get install postgresql")
    return found[-1].parent


class Town:
    """All machines. Addresses name both database nodes, as they would on machines of their own."""

    def __init__(self, folder: Path, network: Network) -> None:
        self.folder = folder
        self.network = network
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user is not None:
            owner = pwd.getpwnam(self.user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.password = secrets.token_urlsafe(12)
        self.others = {name: secrets.token_urlsafe(12) for name in ROLES}
        self.etcds = self._etcds()
        configuration = (CLUSTER / "patroni.yml").read_text()
        script = folder / "create-database"
        shutil.copy(CLUSTER / script.name, script)
        self._certificate()
        configuration = configuration.replace("/etc/patroni", str(folder))
        if not network.is_real:
            configuration = NETWORK.sub(f"{HOST}/32", configuration)
        self.databases = [
            self._database(name, configuration, etcd) for name, etcd in zip(("db1", "db2"), self.etcds[:2], strict=True)
        ]
        self.data = folder / "shared"
        self.data.mkdir(mode=0o700)
        self.webs = [self._web(name) for name in ("web1", "web2")]
        self.worker = Machine("worker", [sys.executable, "-m", "consult", "worker"], folder, self.settings())

    def _certificate(self) -> None:
        key, certificate = self.folder / "server.key", self.folder / "server.crt"
        subject = ["-subj", "/CN=consult-rehearsal", "-days", "1", "-keyout", str(key), "-out", str(certificate)]
        command = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
        subprocess.run(command, check=True, capture_output=True)
        if self.user is not None:
            shutil.chown(key, self.user)

    def _etcds(self) -> list[Machine]:
        """One beside each database node, and a third one."""
        places = {f"etcd{n}": self.network.place(name) for n, name in enumerate(("db1", "db2", "third"), 1)}
        urls = {name: f"http://{place.host}:{place.port(ETCD_CLIENT)}" for name, place in places.items()}
        peers = {name: f"http://{place.host}:{place.port(ETCD_PEER)}" for name, place in places.items()}
        self.etcd_hosts = ",".join(url.removeprefix("http://") for url in urls.values())
        everybody = ",".join(f"{name}={peer}" for name, peer in peers.items())
        return [
            Machine(name, [program("etcd")], self.folder, self._etcd(name, urls[name], peers[name], everybody),
                    self.user, place)
            for name, place in places.items()
        ]  # fmt: skip

    def _etcd(self, name: str, url: str, peer: str, everybody: str) -> dict[str, str]:
        return {
            "ETCD_NAME": name,
            "ETCD_ENABLE_V2": "true",
            "ETCD_DATA_DIR": str(self.folder / name),
            "ETCD_LISTEN_CLIENT_URLS": url,
            "ETCD_ADVERTISE_CLIENT_URLS": url,
            "ETCD_LISTEN_PEER_URLS": peer,
            "ETCD_INITIAL_ADVERTISE_PEER_URLS": peer,
            "ETCD_INITIAL_CLUSTER": everybody,
        }

    def _database(self, name: str, configuration: str, etcd: Machine) -> DatabaseNode:
        place = self.network.place(name)
        port, api = place.port(POSTGRES), place.port(PATRONI)
        sockets = self.folder / f"{name}.sockets"
        sockets.mkdir()
        if self.user is not None:
            shutil.chown(sockets, self.user)
        file = self.folder / f"{name}.yml"
        file.write_text(configuration.replace("/var/run/postgresql", str(sockets)))
        environment = {
            "HOME": str(self.folder),  # not that of whom we started as: libpq looks there for certificates
            "PATRONI_NAME": name,
            "PATRONI_ETCD_HOSTS": self.etcd_hosts,
            "PATRONI_RESTAPI_LISTEN": f"{place.host}:{api}",
            "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{place.host}:{api}",
            "PATRONI_POSTGRESQL_LISTEN": f"{place.host}:{port}",
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{place.host}:{port}",
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.folder / name),
            "PATRONI_POSTGRESQL_BIN_DIR": str(newest_postgres()),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / f"{name}.pgpass"),
            "PATRONI_SUPERUSER_USERNAME": "postgres",
            "PATRONI_REPLICATION_USERNAME": "replicator",
            "PATRONI_REWIND_USERNAME": "rewinder",
            "PATRONI_RESTAPI_USERNAME": "patroni",
            "CONSULT_DB_PASSWORD": self.password,
            **{f"{role}_PASSWORD": word for role, word in self.others.items()},
        }
        command = [program("patroni"), str(file)]
        return DatabaseNode(name, command, self.folder, environment, self.user, place, port=port, api=api, etcd=etcd)

    def address(self, wish: str) -> str:
        machines = ",".join(f"{node.place.host}:{node.port}" for node in self.databases)
        return f"postgresql://consult:{self.password}@{machines}/consult?target_session_attrs={wish}&sslmode=require"

    def settings(self, port: int | None = None) -> dict[str, str]:
        made = {
            "CONSULT_DATABASE_URL": self.address("read-write"),
            "CONSULT_REPLICA_URL": self.address("standby"),
            "CONSULT_DATA": str(self.data),
            # All respondents of the rehearsal come from one address.
            "CONSULT_ABUSE": "off",
        }
        return (
            made if port is None else {**made, "CONSULT_PORT": str(port), "CONSULT_BASE_URL": f"http://{HOST}:{port}"}
        )

    def _web(self, name: str) -> Machine:
        port = free_port()
        return Machine(name, [sys.executable, "-m", "consult", "serve"], self.folder, self.settings(port))

    @property
    def ports(self) -> list[int]:
        return [int(web.environment["CONSULT_PORT"]) for web in self.webs]

    def consult(self, *words: str) -> str:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")}
        command = [sys.executable, "-m", "consult", *words]
        done = subprocess.run(command, cwd=ROOT, env={**clean, **self.settings()}, capture_output=True, text=True)
        if done.returncode != 0:
            raise NotThere(f"consult {' '.join(words)}: {done.stderr}")
        return done.stdout

    def members(self) -> list[dict[str, Any]]:
        return next((found for node in self.databases if (found := node.members())), [])

    def primary(self) -> DatabaseNode:
        """The node that takes writes now."""
        name = next((one["name"] for one in self.members() if one["role"] == "leader"), None)
        if name is None:
            raise NotThere("no database node is the primary")
        return next(node for node in self.databases if node.name == name)

    def standby(self) -> DatabaseNode:
        primary = self.primary()
        return next(node for node in self.databases if node is not primary)

    def is_whole(self) -> bool:
        """Whether all nodes know of one primary, and of a second node that has every acknowledged answer.

        A node that was cut off still believes for a while what was true before.
        """
        seen = [sorted((one["role"], one["name"]) for one in node.members()) for node in self.databases]
        return [role for role, _ in seen[0]] == ["leader", "sync_standby"] and all(one == seen[0] for one in seen)

    def stop(self) -> None:
        for machine in (*self.webs, self.worker, *self.databases, *self.etcds):
            machine.stop()


def is_ready(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=2).close()
    except OSError:
        return False
    return True
