"""The short form of `make faults`: each fault once."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consult.app import Application
from consult.mail import delivery
from consult.storage import DB
from consult.surveys.authoring.yaml_reading import load
from tests.drafts.makers import a_draft
from tests.faults import clients, clock, disk, jobs, kills, mail, malformed
from tests.faults import town as towns
from tests.faults.nonsense import nonsense
from tests.faults.outcome import Outcome
from tests.forums.makers import a_forum
from tests.surveys.conftest import publish


@contextmanager
def place() -> Iterator[Path | None]:
    """A small disk, where this machine lets one be mounted."""
    if disk.can_mount():
        with disk.small_disk(disk.LITTLE_MIB) as folder:
            yield folder
    else:
        assert not disk.must_mount(os.environ), "a small file system cannot be made here: the full disk was not tried"
        warnings.warn("NOT RUN: the full disk (nothing can be mounted here)", stacklevel=2)
        yield None


@pytest.fixture
def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of its own: the connections of other tests, and their post office, come back after it."""
    monkeypatch.setattr(DB, "pool", None)
    monkeypatch.setattr(DB, "config", {})
    monkeypatch.setattr(delivery, "_office", None)


def test_nothing_acknowledged_is_lost_when_things_break_under_load(unconnected: None) -> None:
    """One installation, to which everything happens in turn."""
    with place() as folder, towns.a_site(folder=folder) as site:
        outcomes = [asyncio.run(kills.under_load(site, what, act, 1)) for what, act in kills.FAULTS]
        outcomes.append(asyncio.run(disk.without_connections(site, 1)))
        outcomes.append(asyncio.run(mail.away(site.town.data, site.dsn, letters=20, step_h=6.0)))
        outcomes.append(clock.of_the_application(site.town, site.dsn, 3))
        with jobs.working(site.town) as (worker, post):
            outcomes.append(asyncio.run(jobs.killed(site.dsn, worker, post, times=1, short=True)))
        log = site.log.read_text()
        outcomes += asyncio.run(by_clients(site))  # uvicorn may log that such a client is gone
        if folder is not None:
            outcomes.append(asyncio.run(disk.full_disk(site, 1)))
    assert [one.line() for one in outcomes if not one.is_good] == []
    assert "unexpected error" not in log
    assert "Traceback" not in log


async def by_clients(site: towns.Site) -> list[Outcome]:
    """Those who are slow, send halves, or send what is no request, at the same time."""
    kinds = (clients.slow_heads, clients.halves, nonsense)
    return list(await asyncio.gather(*(kind(site.port, site.dsn, short=True) for kind in kinds)))


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
