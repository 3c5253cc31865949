"""Tricks of intruders through every field of every form to every page, file, feed and letter: none works anywhere."""

from __future__ import annotations

import httpx
import pytest

from consult.app import Application
from consult.settings import Settings
from tests.browser.test_every_page import SKOPJE
from tests.browser.worlds import World
from tests.conftest import Clock
from tests.hostile import tricks
from tests.hostile.world import a_walk

CARRIED = {
    "application/atom+xml",
    "application/json",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/yaml",
    "text/calendar",
    "text/csv",
    "text/html",
    "text/x-gettext-translation",
}
"""Kinds of files and pages that must have held the trick."""


async def test_no_trick_works_anywhere(
    application: Application, client: httpx.AsyncClient, settings: Settings, clock: Clock
) -> None:
    walk = await a_walk(client, World("bare", settings, SKOPJE), tricks.EVERYTHING, tricks.SHORT, clock)
    assert await walk.everywhere(application.litestar) == []
    assert walk.taken > 50
    assert walk.missing == []
    assert walk.carried >= CARRIED


@pytest.mark.slow
async def test_no_trick_works_in_a_whole_town(
    application: Application, client: httpx.AsyncClient, settings: Settings, clock: Clock
) -> None:
    walk = await a_walk(client, World("filled", settings, SKOPJE), tricks.EVERYTHING, tricks.SHORT, clock)
    assert await walk.everywhere(application.litestar) == []
    assert walk.taken > 60


@pytest.mark.slow
@pytest.mark.parametrize("trick", tricks.named().values(), ids=tricks.named())
async def test_each_trick_by_itself_works_nowhere(
    trick: str, application: Application, client: httpx.AsyncClient, settings: Settings, clock: Clock
) -> None:
    walk = await a_walk(client, World("bare", settings, SKOPJE), trick, trick, clock)
    assert await walk.everywhere(application.litestar) == []
    assert walk.taken > 30
