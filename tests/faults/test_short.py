"""The short form of `make faults`: each fault once."""

from __future__ import annotations

import asyncio

import pytest

from consult.app import Application
from consult.surveys.reading import load
from tests.drafts.makers import a_draft
from tests.faults import clients, disk, kills, malformed
from tests.faults import town as towns
from tests.forums.makers import a_forum
from tests.surveys.conftest import publish


def test_nothing_acknowledged_is_lost_when_things_break_under_load() -> None:
    with towns.a_site() as site:
        outcomes = [asyncio.run(kills.under_load(site, what, act, 1)) for what, act in kills.FAULTS]
        outcomes.append(asyncio.run(disk.without_connections(site, 1)))
        outcomes.append(asyncio.run(clients.halves(site.port, site.dsn, short=True)))
        log = site.log.read_text()
    assert [one.line() for one in outcomes if not one.is_good] == []
    assert "unexpected error" not in log
    assert "Traceback" not in log


@pytest.fixture
async def town(application: Application) -> Application:
    await publish(load(towns.SURVEY.read_bytes()))
    await a_draft()
    await a_forum()
    return application


async def test_malformed_posts_are_answered_without_a_bug_and_store_nothing(town: Application) -> None:
    before = await malformed.rows()
    posts = malformed.posts_of(town.litestar)
    statuses, bugs = await malformed.send_many(town.asgi, posts, 800, seed=6)
    assert not bugs
    assert statuses.total() == 800
    assert {status for status, times in statuses.items() if times > 20} >= {"303", "400", "404", "422"}
    assert await malformed.rows() == before
