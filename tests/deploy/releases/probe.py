"""What a process of a unit may do: run by the unit itself on a machine that has only Debian's Python; prints JSON."""

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

WRITES = ("/", "/usr", "/etc", "/etc/consult", "/opt/consult", "/boot", "/root", "/home", "/srv", "/var", "/var/lib",
          "/var/lib/postgresql", "/var/log", "/var/backups/consult", "/var/lib/consult", "/tmp", "/proc/sys/kernel",
          "/sys/fs/cgroup", "/dev")  # fmt: skip
READS = (
    "/etc/consult/secret",
    "/etc/shadow",
    "/root/.profile",
    "/home/somebody/letter",
    "/proc/1/environ",
    "/dev/kmsg",
)
CLONE_NEWUSER = 0x10000000


def tried(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as fault:
        return os.strerror(fault.errno) if fault.errno else str(fault)
    return "done"


def write(folder: str) -> None:
    name = Path(folder, "probe-of-the-unit")
    name.touch()
    name.unlink()


def read(name: str) -> None:
    with Path(name).open("rb") as file:
        file.read(1)


def connect(host: str, port: int) -> None:
    with socket.socket() as one:
        one.settimeout(3)
        one.connect((host, port))


def unshare() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWUSER) == -1:
        raise OSError(ctypes.get_errno(), "unshare")


def mount() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1:
        raise OSError(ctypes.get_errno(), "mount")


def main() -> None:
    elsewhere, port = sys.argv[1], int(sys.argv[2])
    acts: dict[str, dict[str, Callable[[], object]]] = {
        "write": {one: partial(write, one) for one in WRITES},
        "read": {one: partial(read, one) for one in READS},
        "connect": {
            "elsewhere": lambda: connect(elsewhere, port),
            "here": lambda: connect("127.0.0.1", port),
            "raw": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
            "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        },
        "become": {
            "root": lambda: os.setuid(0),
            "in a namespace": unshare,
            "one who mounts": mount,
            "first in line": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        },
        "see": {"others": lambda: Path("/proc/1/cmdline").read_bytes()},
    }
    print(json.dumps({about: {one: tried(act) for one, act in each.items()} for about, each in acts.items()}))


main()
