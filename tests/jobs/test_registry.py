from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from consult.jobs.registry import Backoff, PeriodicTask, every, periodic_tasks, task, tasks


async def handler(payload: dict[str, Any]) -> None: ...


async def timed(at: dt.datetime) -> None: ...


def test_the_pause_grows_up_to_its_limit_and_ends() -> None:
    backoff = Backoff(attempts=6, first_s=10, factor=3, longest_s=300)
    assert [backoff.wait_s(n) for n in range(1, 8)] == [10, 30, 90, 270, 300, None, None]


def test_a_very_patient_backoff_does_not_overflow() -> None:
    assert Backoff(attempts=10_000, factor=3.0, longest_s=1800).wait_s(9_000) == 1800


def test_a_name_is_given_once() -> None:
    task("mail.send")(handler)
    with pytest.raises(ValueError, match=r"already a task mail\.send"):
        task("mail.send")(handler)
    with pytest.raises(ValueError, match=r"already a task mail\.send"):
        every(5, "mail.send")(timed)
    assert [one.name for one in tasks()] == ["mail.send"]


@pytest.mark.parametrize("minutes", [0, -5, 7, 45, 90, 420, 2880])
def test_a_period_divides_an_hour_or_a_day(minutes: int) -> None:
    with pytest.raises(ValueError, match="do not divide"):
        every(minutes, "forums.expire")
    assert list(periodic_tasks()) == []


@pytest.mark.parametrize(
    ("minutes", "cron"), [(1, "*/1 * * * *"), (15, "*/15 * * * *"), (60, "7 */1 * * *"), (1440, "23 3 * * *")]
)
def test_periods_become_cron_lines(minutes: int, cron: str) -> None:
    assert PeriodicTask("x", timed, minutes, 1).cron == cron
