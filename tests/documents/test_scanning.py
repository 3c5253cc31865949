"""Files and the virus scanner: what it finds is not taken, and while it is away nothing is."""

from __future__ import annotations

import asyncio
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
    assert await verdict(b"harmless", clamd) is Verdict.AWAY
    assert (await asyncio.to_thread(doctor._scanner, clamd)).state == "wrong"


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
