"""A virus scanner, ClamAV's `clamd`, asked over its socket about every file that somebody sends.

Without CONSULT_CLAMD nothing is asked. With it a file goes further only after the scanner has called it clean: one that
is away, too slow or at its own limits is no reason to let a file pass.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from enum import StrEnum

from prometheus_client import Counter

from consult.errors import N_, Problem

CONNECT_S = 3
ANSWER_S = 60
AT_ONCE = 4
BLOCK = 2**16
LONGEST_ANSWER = 4096
SCANNED = Counter("consult_files_scanned", "Files that the virus scanner was asked about.", ["verdict"])

log = logging.getLogger("consult.scanning")
_asking = asyncio.Semaphore(AT_ONCE)


class Verdict(StrEnum):
    CLEAN = "clean"
    FOUND = "found"
    AWAY = "away"
    """The scanner gave no answer, or one that says neither."""


for one in Verdict:  # a counter that is not there yet cannot be seen to grow
    SCANNED.labels(one.value)

FOUND = N_("The file “%(name)s” was not taken: the virus scanner found something harmful in it. Choose another one.")
AWAY = N_(
    "The file “%(name)s” was not taken: files cannot be checked for viruses at the moment. "
    "Send the form without it, or choose it again in a few minutes."
)
WORDS = {Verdict.FOUND: FOUND, Verdict.AWAY: AWAY}


async def verdict(content: bytes, clamd: str) -> Verdict:
    """What the scanner at this address (a path, or host:port) says of a file."""
    try:
        async with _asking, asyncio.timeout(ANSWER_S):
            said = await _ask(clamd, b"zINSTREAM\0", content)
    except (OSError, TimeoutError, asyncio.LimitOverrunError) as fault:
        log.warning("the virus scanner is away", extra={"kind": type(fault).__name__})
        found = Verdict.AWAY
    else:
        found = _read(said)
        if found is not Verdict.CLEAN:  # the name of a signature or of a limit, nothing of the file
            log.warning("a file was not taken", extra={"kind": said[:200]})
    SCANNED.labels(found.value).inc()
    return found


async def problem(place: str, name: str, content: bytes, clamd: str | None) -> Problem | None:
    """Why a file is not taken, to be said at its field; None for a clean one, and where there is no scanner."""
    if clamd is None or not content:
        return None
    found = await verdict(content, clamd)
    return None if found is Verdict.CLEAN else Problem(place, WORDS[found], {"name": name})


async def version(clamd: str) -> str:
    """What the scanner calls itself, with the number and the day of its signatures. Raises OSError, TimeoutError."""
    async with asyncio.timeout(CONNECT_S):
        return await _ask(clamd, b"zVERSION\0", None)


def _read(said: str) -> Verdict:
    if said == "stream: OK":
        return Verdict.CLEAN
    return Verdict.FOUND if said.startswith("stream: ") and said.endswith(" FOUND") else Verdict.AWAY


async def _ask(clamd: str, command: bytes, content: bytes | None) -> str:
    async with asyncio.timeout(CONNECT_S):
        if clamd.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(clamd)
        else:
            host, _, port = clamd.rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    try:
        writer.write(command)
        if content is not None:
            for at in range(0, len(content), BLOCK):
                block = content[at : at + BLOCK]
                writer.write(struct.pack("!I", len(block)) + block)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
        await writer.drain()
        return (await reader.read(LONGEST_ANSWER)).rstrip(b"\0\n").decode("utf-8", "replace")
    finally:
        writer.close()
