"""A bare Debian of its own under a real systemd: made by debootstrap once, then copied for each play.

It has its own processes, control groups and the network of whoever starts it, which must be one of its own too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
# What makes a machine of a folder, then the packages of the runbook's first step.
PACKAGES = "systemd-sysv,dbus,ca-certificates,python3-venv,postgresql,nginx-light,curl,openssl"
TOOLS = {"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "nsenter": "util-linux", "ip": "iproute2"}
INSIDE = "RELEASES_NETWORK"
ELSEWHERE = "10.99.0.1"  # an address of this network that is not the machine itself
START_S = 300.0
PATIENCE_S = 900.0


class NotThere(Exception):
    """Something that the play needs is not on this machine."""


class Failed(Exception):
    """A command of the runbook did not do what the runbook says."""


def lacking() -> str:
    """What has to be installed first; nothing where the play can begin."""
    if os.geteuid():
        return "only root can start a machine of its own"
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool, path=path) is None]
    return f"apt-get install {' '.join(missing)}" if missing else ""


def base(folder: Path) -> Path:
    """The bare Debian, fetched from the mirror where it is not there yet."""
    made = folder / f"debian-{SUITE}"
    if not made.exists():
        raw = folder / f"{made.name}.new"
        shutil.rmtree(raw, ignore_errors=True)
        raw.parent.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(raw), MIRROR]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotThere(f"debootstrap: {done.stdout[-600:]}{done.stderr[-600:]}")
        raw.rename(made)
    return made


def enter() -> None:
    """Begin again in a network of our own; returns only where that is done already."""
    if INSIDE not in os.environ:
        command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.deploy.releases", *sys.argv[1:]]
        os.execvpe(command[0], command, {**os.environ, INSIDE: "own"})
    for words in (("link", "set", "lo", "up"), ("address", "add", f"{ELSEWHERE}/32", "dev", "lo")):
        subprocess.run(["ip", *words], check=True)


class Machine:
    """root: its file system. What is bound into it can be read there under the same path."""

    def __init__(self, base: Path, folder: Path, *, bound: Path) -> None:
        self.root = folder / "root"
        self.log = folder / "console"
        self.bound = bound
        subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(self.root)], check=True)
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        self.process: subprocess.Popen[bytes] | None = None
        self.init = 0

    def boot(self) -> None:
        # A unit's IPAddressDeny is a program in the kernel: it wants control groups of the new kind, and leave for bpf.
        environment = {**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_SECCOMP": "0"}
        command = ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--machine=releases", "--boot",
                   "--capability=all", "--register=no", "--keep-unit", "--console=pipe", "--link-journal=no",
                   f"--bind-ro={self.bound}"]  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            for child in children:
                self.init = int(child)
                if self.tried("systemctl is-system-running").stdout.strip() in ("running", "degraded"):
                    return
            time.sleep(0.5)
        raise NotThere(f"the machine does not start: {self.log.read_text(errors='replace')[-1500:]}")

    def tried(self, command: str, *, at: str = "/") -> subprocess.CompletedProcess[str]:
        """Run one line of shell as root, in a folder."""
        words = ["nsenter", f"--target={self.init}", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd",
                 "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                 "LANG=C.UTF-8", "PIP_NO_INDEX=1", f"PIP_FIND_LINKS={self.bound}", "PIP_DISABLE_PIP_VERSION_CHECK=1",
                 "PIP_NO_COMPILE=1",
                 "PIP_ROOT_USER_ACTION=ignore", "sh", "-c", f"cd {at} && {command}"]  # fmt: skip
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S)

    def run(self, command: str, *, at: str = "/", code: int = 0) -> str:
        """What a command says that ends with this code. Raises Failed where it ends with another."""
        done = self.tried(command, at=at)
        if done.returncode != code:
            said = (done.stdout + done.stderr)[-3000:]
            raise Failed(f"{command}\n    ended with {done.returncode}, not {code}:\n{said}")
        return done.stdout

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def off(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.tried("systemctl poweroff")
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
