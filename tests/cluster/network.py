"""Where the machines of the rehearsal stand: in network namespaces with addresses of their own, or on loopback ports.

As root each database node gets a namespace and the address that deploy/cluster gives it, behind a bridge that the other
processes see as 10.0.0.13, the third machine. All of it lives in a namespace of the rehearsal, closed by the very
firewall.nft, and goes with it. Whoever is not root rehearses on loopback, where no network can be cut.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

LOOPBACK = "127.0.0.1"
THIRD = "10.0.0.13"
ADDRESSES = {"db1": "10.0.0.11", "db2": "10.0.0.12"}
FIREWALL = Path(__file__).parents[2] / "deploy" / "cluster" / "firewall.nft"
INSIDE = "REHEARSAL_NETWORK"
TOOLS = ("ip", "nft", "unshare")


@dataclass(frozen=True, slots=True)
class Place:
    """host: its address; within: what a command begins with to run there."""

    host: str
    within: tuple[str, ...] = ()

    def port(self, usual: int) -> int:
        return free_port() if self.host == LOOPBACK else usual


HERE = Place(LOOPBACK)


def may_be_real() -> bool:
    return os.geteuid() == 0 and all(shutil.which(tool) for tool in TOOLS)


def enter() -> None:
    """Begin again in a network of our own; returns only where that is done already."""
    if INSIDE not in os.environ:
        command = ["unshare", "--net", "--mount", sys.executable, "-m", "tests.cluster", *sys.argv[1:]]
        os.execvpe(command[0], command, {**os.environ, INSIDE: "namespaces"})


class Network:
    def __init__(self, *, is_real: bool) -> None:
        self.is_real = is_real
        if is_real:
            Path("/run/netns").mkdir(exist_ok=True)
            _run("mount", "-t", "tmpfs", "none", "/run/netns")
            _run("ip", "link", "set", "lo", "up")
            _run("ip", "link", "add", "cluster", "type", "bridge")
            _run("ip", "address", "add", f"{THIRD}/24", "dev", "cluster")
            _run("ip", "link", "set", "cluster", "up")
            for name, address in ADDRESSES.items():
                self._machine(name, address)
            _run("nft", "-f", str(FIREWALL))

    def _machine(self, name: str, address: str) -> None:
        inside = ("ip", "-netns", name)
        _run("ip", "netns", "add", name)
        _run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _run("ip", "link", "set", name, "master", "cluster", "up")
        _run(*inside, "link", "set", "lo", "up")
        _run(*inside, "address", "add", f"{address}/24", "dev", "eth0")
        _run(*inside, "link", "set", "eth0", "up")
        _run("ip", "netns", "exec", name, "nft", "-f", str(FIREWALL))

    def place(self, name: str) -> Place:
        if not self.is_real:
            return HERE
        if name in ADDRESSES:
            return Place(ADDRESSES[name], ("ip", "netns", "exec", name))
        return Place(THIRD)

    def cut(self, name: str) -> None:
        """Nothing goes in or out any more, and nobody is told."""
        _run("ip", "link", "set", name, "down")

    def join(self, name: str) -> None:
        _run("ip", "link", "set", name, "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
