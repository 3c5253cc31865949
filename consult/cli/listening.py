"""The socket at which the pages are served, and how it outlives the process: systemd keeps it over a restart.

A process that ends takes its socket with it, and until the next one listens every visitor is refused. Where the unit
has FileDescriptorStoreMax=, `keep` hands the socket to systemd, and the next process finds it again (LISTEN_FDS);
meanwhile the kernel lets visitors wait. After `systemctl stop` systemd closes it. A socket unit would hand its own over
in the same way.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from consult.errors import Refused
from consult.settings import Settings

BACKLOG = 4096  # what Linux allows since 5.4; as many visitors may wait
FIRST = 3  # the number of the first file that systemd hands over
log = logging.getLogger("consult.running")


class PortTaken(Refused):
    message = (
        "Port %(port)s at %(host)s is in use. Stop the program that has it, or choose another: --port, CONSULT_PORT."
    )


class PortNotAllowed(Refused):
    message = (
        "Port %(port)s at %(host)s cannot be opened: %(reason)s. Choose another: --port, CONSULT_PORT, CONSULT_HOST."
    )


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket of the server, taken before anything else is started. Raises PortTaken, PortNotAllowed."""
    with _inherited(settings, os.environ) or _opened(settings) as listener:
        yield listener


def keep(listener: socket.socket, environment: MutableMapping[str, str] = os.environ) -> None:
    """Let systemd hold the socket too, where it is asked to."""
    systemd = environment.pop("NOTIFY_SOCKET", "")  # no other program of ours has anything to tell it
    if not systemd:
        return
    listener.listen(BACKLOG)  # one that does not listen it would drop again
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        try:
            line.connect(f"\0{systemd[1:]}" if systemd.startswith("@") else systemd)
            socket.send_fds(line, [b"FDSTORE=1\nFDNAME=pages"], [listener.fileno()])
        except OSError as fault:
            log.warning("systemd does not keep the socket: %s", fault)


def _inherited(settings: Settings, environment: MutableMapping[str, str]) -> socket.socket | None:
    """The socket that systemd has handed over, if it is at our address; others are closed for everybody."""
    count, process = (environment.pop(name, "") for name in ("LISTEN_FDS", "LISTEN_PID"))
    environment.pop("LISTEN_FDNAMES", None)
    if process != str(os.getpid()) or not count.isdecimal():
        return None
    found = None
    for number in range(FIRST, FIRST + int(count)):
        one = socket.socket(fileno=number)
        if found is None and one.getsockname()[:2] == _address(settings)[:2]:
            one.set_inheritable(False)
            found = one
            continue
        log.warning("systemd has kept a socket at %s, which is not where CONSULT_HOST and CONSULT_PORT are now",
                    one.getsockname())  # fmt: skip
        one.shutdown(socket.SHUT_RDWR)  # it listens no more, so systemd drops it
        one.close()
    return found


def _address(settings: Settings) -> tuple[str, int]:
    known = socket.getaddrinfo(settings.host, settings.port, _family(settings), socket.SOCK_STREAM)
    return str(known[0][4][0]), settings.port


def _family(settings: Settings) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in settings.host else socket.AF_INET


def _opened(settings: Settings) -> socket.socket:
    listener = socket.socket(_family(settings), socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as fault:
        listener.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(port=settings.port, host=settings.host) from fault
        raise PortNotAllowed(port=settings.port, host=settings.host, reason=fault.strerror or fault) from fault
    return listener
