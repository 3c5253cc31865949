"""Under which account the embedded server runs, since PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from consult.errors import N_, ConsultError

LAUNCHER = Path(__file__).with_name("launch.py")
# The first that exists is used; any account without rights serves.
UNPRIVILEGED = ("postgres", "nobody", "daemon")


class NoAccount(ConsultError):
    """Root, without a user namespace and without any other account to change to."""

    message = N_(
        "PostgreSQL does not run as root, this system allows no user namespace, and no unprivileged account "
        "can be used. Start Consult as an ordinary user, or set CONSULT_DATABASE_URL."
    )


@dataclass(frozen=True, slots=True)
class Account:
    """prefix goes before a command; user and group, where given, are the ones it changes to."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def run(self, *command: str | Path, folder: Path, words: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end in `folder`, without our environment's PostgreSQL settings."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        groups: list[int] | None = None if self.user is None else []
        return subprocess.run(  # noqa: S603
            [*self.prefix, *map(str, command)],
            cwd=folder,
            env=environment | {"LC_ALL": "C"},
            input=words or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=groups,
        )

    def works(self) -> bool:
        """Whether this process may run programs so."""
        try:
            return self.run("/bin/sh", "-c", "exit 0", folder=Path("/")).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def can_enter(self, folder: Path) -> bool:
        if self.user is None:
            return True
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder, folder=Path("/")).returncode == 0

    def own(self, path: Path) -> None:
        """Make the file or folder the account's."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def own_all(self, folder: Path) -> None:
        """Make the folder and everything in it the account's, if it is not."""
        if self.user is not None and folder.stat().st_uid != self.user:
            for path in (*folder.rglob("*"), folder):
                if not path.is_symlink():
                    self.own(path)


def choose(cluster: Path, *, namespace: bool = True) -> Account:
    """The account for a cluster's server: its owner's, if it exists. namespace=False acts as if none were allowed."""
    user = os.geteuid()
    if user == 0 and cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(user=owner.st_uid, group=owner.st_gid)
    if user != 0 and _is_known(user):
        return Account()
    other = _unprivileged()
    if other is not None and namespace:
        account = Account(prefix=(sys.executable, "-I", "-S", str(LAUNCHER), str(other.pw_uid)))
        if account.works():
            return account
    if user != 0:
        # initdb will say that this user has no name; nothing else can be done without rights.
        return Account()
    account = Account(user=other.pw_uid, group=other.pw_gid) if other is not None else Account()
    if other is None or not account.works():
        raise NoAccount
    return account


def _is_known(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _unprivileged() -> pwd.struct_passwd | None:
    accounts = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    named = [accounts[name] for name in UNPRIVILEGED if name in accounts]
    return next(iter([*named, *accounts.values()]), None)
