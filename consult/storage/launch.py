"""Run a program under another name in a user namespace: `python -I -S launch.py USER_ID PROGRAM ARGUMENT...`.

PostgreSQL refuses to run as root. In a namespace of its own, root's files belong to an ordinary account (USER_ID there,
still 0 outside), so the server has none of root's rights, and no file needs another owner. This file imports nothing of
ours: it is run by path, before anything else.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
REFUSED = 125


def enter_namespace(seen_as: int) -> None:
    """Raises OSError where user namespaces are not allowed (as in many containers)."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{seen_as} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{seen_as} {group} 1")


if __name__ == "__main__":
    try:
        enter_namespace(int(sys.argv[1]))
    except (OSError, AttributeError):
        sys.exit(REFUSED)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606
