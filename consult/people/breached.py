"""Passwords that were stolen somewhere and published: a look into a file on this machine, nobody is asked.

The file is the one that Have I Been Pwned publishes, ordered by hash: lines of a SHA-1 in 40 hexadecimal digits, mostly
with a colon and how often it was seen. It has some 40 GB, so it is searched by halves and never read as a whole.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import anyio

from consult.errors import N_, Unavailable

_LINE = re.compile(rb"([0-9A-Fa-f]{40})(?::\d+)?\s*")
_LONGEST_LINE = 80


class ListUnreadable(Unavailable):
    message = N_("New passwords cannot be checked at the moment. Tell your administrator, or try again later.")


async def is_breached(password: str, published: Path) -> bool:
    """Tell whether a password stands in the file. Raises ListUnreadable: what cannot be checked does not pass."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        return await anyio.to_thread.run_sync(_stands_in, published, digest)
    except (OSError, ValueError) as fault:
        raise ListUnreadable from fault


def _stands_in(published: Path, digest: bytes) -> bool:
    """Halve the bytes between low, where a line begins, and high until one line at most is left there."""
    with published.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            file.seek(max(low, middle - 1))
            if middle > low:
                file.readline(_LONGEST_LINE)  # the rest of the line in which the middle lies
            begin = file.tell()
            if begin >= high:
                high = middle
                continue
            line = file.readline(_LONGEST_LINE)
            found = _hash(line)
            if found == digest:
                return True
            if found < digest:
                low = begin + len(line)
            else:
                high = middle
    return False


def _hash(line: bytes) -> bytes:
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise ValueError(f"no line of such a file: {line!r}")
    return matched[1].upper()
