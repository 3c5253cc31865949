"""A virus scanner, ClamAV's `clamd`, asked over its socket about every file that somebody sends.

Without CONSULT_CLAMD nothing is asked. With it a file goes further only after the scanner has called it clean: one that
is away, too slow or at its own limits is no reason to let a file pass.
"""

from __future__ import annotations

import asyncio
import io
import logging
import struct
import zipfile
from enum import StrEnum

from prometheus_client import Counter

from consult.errors import N_, Problem

CONNECT_S = 3
ANSWER_S = 20
"""For waiting, connecting and the answer together: less than any proxy waits."""
AT_ONCE = 4
MOST_WAITING = 20
MOST_PACKED = 40
BLOCK = 2**16
LONGEST_ANSWER = 4096
SCANNED = Counter("consult_files_scanned", "Files that the virus scanner was asked about.", ["verdict"])

log = logging.getLogger("consult.scanning")
_asking = asyncio.Semaphore(AT_ONCE)
_waiting = 0


class Verdict(StrEnum):
    CLEAN = "clean"
    FOUND = "found"
    UNCLEAR = "unclear"
    """Locked, or beyond the scanner's limits (AlertEncrypted, AlertExceedsMax): what is inside it cannot say."""
    AWAY = "away"
    """The scanner gave no answer, or one that says nothing of these."""


for one in Verdict:  # a counter that is not there yet cannot be seen to grow
    SCANNED.labels(one.value)

FOUND = N_("The file “%(name)s” was not taken: the virus scanner found something harmful in it. Choose another one.")
AWAY = N_(
    "The file “%(name)s” was not taken: files cannot be checked for viruses at the moment. "
    "Send the form without it, or choose it again in a few minutes."
)
UNCLEAR = N_(
    "The file “%(name)s” was not taken: it is locked or packed in such a way that it cannot be checked for viruses. "
    "Choose another one."
)
WORDS = {Verdict.FOUND: FOUND, Verdict.UNCLEAR: UNCLEAR, Verdict.AWAY: AWAY}
LIMITS = ("stream: Heuristics.Limits.Exceeded", "stream: Heuristics.Encrypted")


async def verdict(content: bytes, clamd: str) -> Verdict:
    """What the scanner at this address (a path, or host:port) says of a file."""
    global _waiting
    if _waiting >= MOST_WAITING:
        return _told(Verdict.AWAY, "too many wait for it")
    _waiting += 1
    try:
        async with asyncio.timeout(ANSWER_S), _asking:
            said = await _ask(clamd, b"zINSTREAM\0", content)
    except (OSError, TimeoutError) as fault:
        return _told(Verdict.AWAY, type(fault).__name__)
    finally:
        _waiting -= 1
    return _told(_read(said), said)


def _told(found: Verdict, said: str) -> Verdict:
    """Count a verdict and write it down: the name of a signature, a limit or a fault, nothing of the file."""
    SCANNED.labels(found.value).inc()
    if found is not Verdict.CLEAN:
        log.warning("a file was not taken", extra={"verdict": found.value, "kind": said[:200]})
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


async def knows_its_limits(clamd: str) -> bool:
    """Whether the scanner says so of a file that is beyond its limits: one that is packed in itself too often."""
    packed = b"nothing"
    for _ in range(MOST_PACKED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.zip", packed)
        packed = file.getvalue()
    return await verdict(packed, clamd) is Verdict.UNCLEAR


def _read(said: str) -> Verdict:
    if said == "stream: OK":
        return Verdict.CLEAN
    if said.startswith(LIMITS):
        return Verdict.UNCLEAR
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
