"""The runbook's install, upgrade, failing upgrade, way back and sandbox, each command held against its words."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from consult.surveys.survey import receipt_code
from tests.deploy.releases.machine import ELSEWHERE, Failed, Machine
from tests.faults.load import Load

DEPLOY = Path(__file__).parents[3] / "deploy"
SURVEY = Path(__file__).parents[2] / "faults" / "survey.yaml"
NUMBER = re.compile(r"0\.\d\.0")
UNITS = ("consult", "consult-worker", "consult-backup")
PORT = 8000
PROBE_PORT = 9
STORED = "select id || ' ' || (answers->>'marker') from response"
WAIT_S = 300.0
CURL_REFUSED = 7


def wait_for(what: str, is_so: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > WAIT_S:
            raise Failed(f"{what}: not after {WAIT_S:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - began


class Book:
    """The runbook, as one line of words in which versions are alike."""

    def __init__(self) -> None:
        self.words = self.plain((DEPLOY / "runbook.md").read_text())

    @staticmethod
    def plain(text: str) -> str:
        return NUMBER.sub("N", " ".join(text.replace("\\\n", " ").split()))

    def has(self, command: str) -> bool:
        return self.plain(command) in self.words


@dataclass
class Story:
    """before: how many receipts there were when the backup to which one can go back was begun."""

    machine: Machine
    releases: dict[str, Path]
    book: Book = field(default_factory=Book)
    backup: str = ""

    def do(self, command: str, *, at: str = "/", code: int = 0) -> str:
        """A command that stands in the runbook."""
        if not self.book.has(command):
            raise Failed(f"the runbook does not say: {command}")
        return self.machine.run(command, at=at, code=code)

    def consult(self, words: str, *, code: int = 0) -> str:
        """A command that the runbook gives in the shell of the service."""
        if not self.book.has(words):
            raise Failed(f"the runbook does not say: {words}")
        return self.machine.run(f"consult-shell {words}", code=code)

    def folder(self, version: str) -> str:
        return f"/root/consult-{version}"

    def bring(self, version: str) -> None:
        """The folder of a release, carried to the machine."""
        shutil.copytree(self.releases[version], self.machine.root / self.folder(version).lstrip("/"))

    def program(self, version: str) -> None:
        at = self.folder(version)
        self.do("sha256sum -c SHA256SUMS", at=at)
        self.do(f"python3 -m venv /opt/consult-{version}", at=at)
        self.do(f"/opt/consult-{version}/bin/pip install --require-hashes -r requirements.txt", at=at)
        self.do(f"/opt/consult-{version}/bin/pip install --no-deps consult-{version}-*.whl", at=at)

    def units(self, version: str) -> None:
        at = self.folder(version)
        if not (self.machine.root / at.lstrip("/") / "deploy/consult-shell").exists():  # a release from before it
            shutil.copyfile(DEPLOY / "consult-shell", self.machine.root / at.lstrip("/") / "deploy/consult-shell")
        self.do("install -m 0755 deploy/consult-shell /usr/local/sbin/", at=at)
        self.do("install -m 0644 deploy/systemd/*.service deploy/systemd/*.timer /etc/systemd/system/", at=at)
        self.do("systemctl daemon-reload", at=at)

    def install(self, version: str) -> None:
        self.do("useradd --system --home-dir /var/lib/consult --shell /usr/sbin/nologin consult")
        self.do("install -d -m 0700 -o consult -g consult /var/lib/consult /var/backups/consult")
        self.do("install -d -m 0755 /etc/consult")
        self.do("runuser -u postgres -- createuser consult")
        self.database()
        self.bring(version)
        self.program(version)
        self.do(f"ln -sfn consult-{version} /opt/consult")
        self.settings(version)
        self.units(version)
        self.consult("consult migrate")
        self.machine.run("consult-shell consult survey publish /etc/consult/survey.yaml --open")
        self.do("systemctl enable --now consult consult-worker consult-backup.timer")
        wait_for("the first installation", self.is_ready)

    def database(self) -> None:
        self.do("runuser -u postgres -- createdb -O consult -E UTF8 -T template0 consult")

    def settings(self, version: str) -> None:
        """Without a mail server: letters are written into a folder. Residents here share one address."""
        deploy = self.releases[version] / "deploy"
        lines = (deploy / "consult.env").read_text().splitlines()
        kept = [line for line in lines if not line.startswith(("CONSULT_SMTP", "CONSULT_MAIL", "CONSULT_BASE_URL"))]
        mine = ["CONSULT_BASE_URL=http://localhost:8000", "CONSULT_ABUSE=off", ""]
        self.machine.put("/etc/consult/consult.env", "\n".join([*kept, *mine]))
        self.machine.put("/etc/consult/survey.yaml", SURVEY.read_text())
        self.do("openssl rand -hex 32 > /etc/consult/secret")
        self.machine.run("chmod 0600 /etc/consult/secret")
        secrets = (deploy / "systemd/secrets.conf").read_text().splitlines()
        only = [line for line in secrets if line.startswith("[") or "/etc/consult/secret" in line or "/secret" in line]
        for unit in UNITS:
            self.machine.put(f"/etc/systemd/system/{unit}.service.d/secrets.conf", "\n".join([*only, ""]))

    def is_ready(self) -> bool:
        return "ready" in self.machine.tried(f"curl -s localhost:{PORT}/readyz").stdout

    def running(self) -> str:
        """The versions whose files the process of the pages has opened."""
        maps = "/proc/$(systemctl show -P MainPID consult)/maps"
        return " ".join(sorted(set(self.machine.run(f"grep -o '/opt/consult-[0-9.]*' {maps}").split())))

    def must_run(self, version: str) -> None:
        if self.running() != f"/opt/consult-{version}":
            raise Failed(f"not {version} answers, but {self.running()}")

    def back_up(self) -> None:
        self.do("systemctl start consult-backup")
        self.backup = self.machine.run("ls /var/backups/consult/consult-*.backup").split()[-1]

    def upgrade(self, version: str) -> None:
        self.bring(version)
        self.program(version)
        self.do("systemctl stop consult-worker")
        self.consult(f"/opt/consult-{version}/bin/consult migrate")
        self.units(version)
        self.do(f"ln -sfn consult-{version} /opt/consult && systemctl restart consult consult-worker")
        wait_for("the new version", self.is_ready)
        self.must_run(version)
        self.consult("consult doctor")

    def restart(self) -> None:
        self.machine.run("systemctl restart consult")
        wait_for("the pages after a restart", self.is_ready)

    def kill(self) -> None:
        """What holds the web processes, and all of them."""
        self.machine.run("systemctl kill --kill-who=all --signal=SIGKILL consult")
        wait_for("the pages after they were killed", self.is_ready)

    def refuses_when_stopped(self) -> bool:
        """A stop means stop: systemd has closed the socket, so that nobody waits for pages that are not to come."""
        self.machine.run("systemctl stop consult")
        said = self.machine.tried(f"curl -sS --max-time 5 localhost:{PORT}/readyz")
        self.machine.run("systemctl start consult")
        wait_for("the pages after a stop", self.is_ready)
        is_good = said.returncode == CURL_REFUSED
        print(f"    stopped: {'refused at once' if is_good else f'FAILED: curl ended with {said.returncode}'}")
        return is_good

    def fail(self, version: str) -> str:
        """An upgrade whose migration fails; what the operator is told."""
        self.bring(version)
        self.program(version)
        self.do("systemctl stop consult-worker")
        done = self.machine.tried(f"consult-shell /opt/consult-{version}/bin/consult migrate")
        if not done.returncode:
            raise Failed("a failing migration is told as done")
        self.do("systemctl start consult-worker")
        self.consult("consult doctor")
        return (done.stdout + done.stderr).strip()

    def back(self, version: str) -> None:
        self.do("systemctl stop consult consult-worker")
        self.do("runuser -u postgres -- dropdb consult")
        self.database()
        self.do(f"ln -sfn consult-{version} /opt/consult")
        self.units(version)
        rows = json.loads(self.machine.run(f"consult-shell consult restore {self.backup} --json"))
        self.consult("consult person again", code=1)  # nobody was ever erased here
        self.consult("consult doctor")
        self.do("systemctl start consult consult-worker")
        wait_for("the version before", self.is_ready)
        self.must_run(version)
        if not rows["total"]:
            raise Failed("nothing was restored")

    def stored(self) -> Counter[tuple[str, str]]:
        said = self.machine.run(f'runuser -u postgres -- psql -d consult -AtX -c "{STORED}"')
        rows = [line.split() for line in said.splitlines()]
        return Counter((marker, receipt_code(UUID(id_))) for id_, marker in rows)

    def probed(self) -> dict[str, dict[str, dict[str, str]]]:
        """What a process of each unit may do, and one of none."""
        self.machine.put("/usr/local/lib/probe.py", Path(__file__).with_name("probe.py").read_text())
        self.machine.put("/home/somebody/letter", "a letter")
        ask = f"/usr/bin/python3 /usr/local/lib/probe.py {ELSEWHERE} {PROBE_PORT}"
        self.machine.run(f"systemd-run --quiet --unit=listener /usr/bin/python3 -c '{LISTENER}'")
        found = {"none": json.loads(self.machine.run(ask))}
        for unit in UNITS:
            file = f"/etc/systemd/system/{unit}.service.d/probe.conf"
            self.machine.put(file, f"[Service]\nExecStartPost={ask}\n")
            self.machine.run(f"systemctl daemon-reload && systemctl restart {unit}")
            said = self.machine.run(f"journalctl -b -u {unit} -o cat --no-pager | grep '\"elsewhere\"' | tail -1")
            found[unit] = json.loads(said)
            (self.machine.root / file.lstrip("/")).unlink()
        self.machine.run(
            "systemctl stop listener && systemctl daemon-reload && systemctl restart consult consult-worker"
        )
        wait_for("the platform after the probe", self.is_ready)
        return found


LISTENER = f'import socket, time; one = socket.create_server(("0.0.0.0", {PROBE_PORT})); time.sleep(600)'


@dataclass(frozen=True, slots=True)
class Balance:
    acknowledged: int
    lost: int
    twice: int


def balance(load: Load, stored: Counter[tuple[str, str]], *, since: int = 0, until: int | None = None) -> Balance:
    """Receipts in the order in which they came, from one to another, against what is stored."""
    told = list(load.acknowledged.items())[since:until]
    times = Counter(marker for marker, _ in stored)
    times.update({marker: number - 1 for (marker, _), number in stored.items() if number > 1})
    return Balance(len(told), sum(one not in stored for one in told), sum(times[marker] > 1 for marker, _ in told))
