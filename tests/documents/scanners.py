"""Virus scanners for tests: a small one that speaks clamd's protocol, and the real clamd with one signature of ours."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import struct
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

HARM = b"zq-harmful-zq"
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
KINDS = ("small", "clamd") if CLAMD else ("small",)
CONFIGURATION = "LocalSocket {folder}/clamd.ctl\nDatabaseDirectory {folder}\nForeground yes\nStreamMaxLength {most}\n"
STRICT = "AlertExceedsMax yes\nAlertEncrypted yes\n"
MOST = 2**20


@contextlib.asynccontextmanager
async def a_scanner(kind: str, folder: Path, *, strict: bool = True) -> AsyncIterator[str]:
    """A scanner that finds HARM and takes at most MOST bytes; gives its address.

    strict: it says so of what is beyond its limits, which for the small one are packed files.
    """
    async with _clamd(folder, strict=strict) if kind == "clamd" else _small(folder) as address:
        yield address


@contextlib.asynccontextmanager
async def _small(folder: Path) -> AsyncIterator[str]:
    address = str(folder / "small.ctl")
    async with await asyncio.start_unix_server(_answer, address):
        yield address


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    command = await reader.readuntil(b"\0")
    content, said = b"", "ClamAV 0.0.0/1/Fri Nov 20 11:00:00 2026"
    if command == b"zINSTREAM\0":
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
        said = "stream: Consult.Test FOUND" if HARM in content else "stream: OK"
        said = "stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND" if content.startswith(b"PK") else said
        said = said if len(content) <= MOST else "INSTREAM size limit exceeded. ERROR"
    writer.write(said.encode() + b"\0")
    writer.close()


async def _listens(socket: Path) -> bool:
    """The file is there before anybody listens behind it."""
    try:
        _, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    writer.close()
    return True


@contextlib.asynccontextmanager
async def _clamd(folder: Path, *, strict: bool) -> AsyncIterator[str]:
    (folder / "own.ndb").write_text(f"Consult.Test:0:*:{HARM.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, most=MOST) + STRICT * strict)
    assert CLAMD is not None
    running = await asyncio.create_subprocess_exec(CLAMD, "-c", configuration, stdout=subprocess.DEVNULL)
    async with asyncio.timeout(120):
        while not await _listens(folder / "clamd.ctl") and running.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    try:
        yield str(folder / "clamd.ctl")
    finally:
        running.kill()
        await running.wait()
