"""What shows nothing does not count as good: no kills, no survey, a clock that was not stepped."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.town import Town
from tests.faults import clock
from tests.faults.city import MOST_WRONG, City
from tests.faults.outcome import Outcome
from tests.faults.town import Site

ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def test_an_outcome_is_good_when_what_was_to_break_did_break() -> None:
    assert Outcome("kills", 3, acknowledged=9, expected=1).is_good
    assert not Outcome("kills", 0, acknowledged=9, expected=1).is_good
    assert not Outcome("kills", 3, acknowledged=0, expected=1).is_good
    assert not Outcome("kills", 3, acknowledged=9, expected=1, wrong=Counter(a=1)).is_good
    assert Outcome("kills", 0, acknowledged=9, expected=1).line().endswith("FAILED")


async def test_a_city_without_a_survey_fails_and_does_not_ask_for_ever(tmp_path: Path) -> None:
    async def absent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ABSENT)
        writer.close()

    async with await asyncio.start_server(absent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        city = City(Site(Town(tmp_path), os.getpid(), port, tmp_path / "log"), wanted=5)
        async with asyncio.timeout(10):
            await city._resident(0)
    assert city.wrong == {"page: 404": MOST_WRONG}


def test_the_full_form_fails_where_the_clock_cannot_be_stepped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clock.faketime(True, tmp_path) is None
    assert capsys.readouterr().out.startswith("NOT RUN")
    with pytest.raises(AssertionError, match="was not stepped"):
        clock.faketime(False, tmp_path)
    library = tmp_path / "x86_64-linux-gnu" / "faketime" / "libfaketimeMT.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    assert clock.faketime(False, tmp_path) == library
