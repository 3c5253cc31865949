"""Files and the virus scanner: what it finds is not taken, and while it is away nothing is."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from pathlib import Path

import pytest

from consult.cli import doctor
from consult.documents import scanning
from consult.documents.scanning import Verdict, verdict
from tests.documents.scanners import HARM, KINDS, MOST, a_scanner


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_passes_only_when_the_scanner_calls_it_clean(kind: str, tmp_path: Path) -> None:
    async with a_scanner(kind, tmp_path) as clamd:
        assert (await scanning.version(clamd)).startswith("ClamAV")
        for content, said in (
            (b"harmless", Verdict.CLEAN),
            (b"x" * (MOST - 10), Verdict.CLEAN),
            (b"before " + HARM, Verdict.FOUND),
            (b"x" * (MOST + 200_000), Verdict.AWAY),
        ):
            assert await verdict(content, clamd) is said, len(content)
        assert (await asyncio.to_thread(doctor._scanner, clamd)).state == "ok"
        if kind == "clamd":
            assert await verdict(locked(), clamd) is Verdict.UNCLEAR
    assert await verdict(b"harmless", clamd) is Verdict.AWAY
    assert (await asyncio.to_thread(doctor._scanner, clamd)).state == "wrong"


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_a_scanner_that_passes_what_is_beyond_its_limits_is_told(kind: str, tmp_path: Path) -> None:
    async with a_scanner(kind, tmp_path, strict=False) as clamd:
        assert (await asyncio.to_thread(doctor._scanner, clamd)).state == "wrong"


async def test_nobody_waits_long_for_a_scanner_that_others_occupy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ANSWER_S", 1.0)

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_unix_server(slow, str(tmp_path / "s")):
        began = time.monotonic()
        many = scanning.MOST_WAITING + 5
        said = await asyncio.gather(*(verdict(b"harmless", str(tmp_path / "s")) for _ in range(many)))
        assert set(said) == {Verdict.AWAY}
        assert time.monotonic() - began < 20  # one after the other they would take 25 s


def locked() -> bytes:
    """An archive that says of its one part that it is locked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", b"nothing that anybody could read" * 20)
    content = bytearray(file.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


async def test_a_scanner_that_hangs_or_says_nothing_lets_nothing_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ANSWER_S", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    for number, manner in enumerate((silent, rude)):
        address = str(tmp_path / str(number))
        async with await asyncio.start_unix_server(manner, address):
            assert await verdict(b"harmless" * 100_000, address) is Verdict.AWAY
    assert await verdict(b"harmless", "127.0.0.1:1") is Verdict.AWAY
