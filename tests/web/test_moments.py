"""Days and hours in fields: those of these times, and nothing that a slip of the finger makes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from consult.web.moments import day_in, local_in, moment_in

SKOPJE = ZoneInfo("Europe/Skopje")


def test_a_moment_is_read_in_the_towns_time() -> None:
    assert moment_in("2026-12-01T10:00", SKOPJE) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert moment_in("2026-12-01", SKOPJE) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert local_in("2026-12-01T10:00+05:00").isoformat() == "2026-12-01T10:00:00"
    assert day_in("2026-12-01") == date(2026, 12, 1)


@pytest.mark.parametrize("written", ["", "soon", "0001-01-01", "0026-12-01", "9999-12-31", "2026-02-30"])
def test_half_written_years_and_words_are_no_days(written: str) -> None:
    with pytest.raises(ValueError):
        day_in(written)
    with pytest.raises(ValueError):
        moment_in(f"{written}T00:00" if written[:1].isdigit() else written, SKOPJE)
