"""A worker can be killed after the work and before it says so: whatever runs twice changes nothing the second time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from consult.app import Application
from consult.jobs import registry
from consult.mail import jobs as mail_jobs
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import fetch, fetchval
from tests.browser.worlds import World
from tests.conftest import NOON

TASKS = {task.name: task for task in registry.tasks()}
PERIODIC = {task.name: task for task in registry.periodic_tasks()}
WORKS_ON = {
    "mail.send": "SELECT id::text AS notification FROM notification WHERE state = 'waiting' LIMIT 3",
    "drafts.group_comments": "SELECT id::text AS draft FROM draft",
    "results.export": "SELECT id::text AS export FROM result_export",
    "proceedings.make_files": "SELECT id::text AS proceedings FROM proceedings",
    "fieldwork.send_now": "SELECT id::text AS mailing FROM mailing",
    "consultations.tell": "SELECT id::text AS consultation FROM consultation",
}
"""What each task gets, as columns of a row."""
TABLES = """SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT LIKE 'procrastinate%' ORDER BY relname"""
MOMENTS = {"comment_grouping": "{started_at,done_at}", "result_export": "{finished_at}"}
"""When the work was done, where that is kept, is the only thing that may differ."""

DAYS = {"bare": (0, 40, 800), "filled": (0, 1, 3, 7, 14, 30, 40, 800)}
BARE = {
    "columns.update", "consultations.forget_followers", "fieldwork.forget", "forums.allocate_slots",
    "forums.forget_door", "forums.forget_requests", "people.forget", "results.forget_exports", "surveys.purge_saved",
}  # fmt: skip
FILLED = BARE | {
    "comments.forget_addresses", "drafts.look_for_groups", "forums.forget", "forums.forget_speakers", "forums.remind",
    "portal.digest",
}  # fmt: skip
ACTS = {"bare": BARE, "filled": FILLED}
"""The work by the clock that finds something to do on those days."""


async def state() -> dict[str, list[str]]:
    """All rows of all tables as text, asked for with one statement."""
    asked = []
    for row in await fetch(TABLES):
        left_out = MOMENTS.get(row["name"], "{}")
        asked.append(
            f"SELECT '{row['name']}' AS name, (to_jsonb(t) - '{left_out}'::text[])::text AS row FROM {row['name']} t"
        )
    found: dict[str, list[str]] = defaultdict(list)
    for row in await fetch(" UNION ALL ".join(asked)):
        found[row["name"]].append(row["row"])
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        name: sorted(set(after[name]) ^ set(before[name]))[:4]
        for name in {*before, *after}
        if sorted(after[name]) != sorted(before[name])
    }


@pytest.fixture(params=["bare", pytest.param("filled", marks=pytest.mark.slow)])
async def world(request: pytest.FixtureRequest, application: Application, settings: Settings) -> World:
    """A town in which there is something to do for most jobs."""
    made = World(request.param, settings, load_profile(resource("profiles", "skopje.toml")))
    await made.make()
    return made


async def payloads(name: str) -> list[dict[str, Any]]:
    rows = [dict(row) for row in await fetch(WORKS_ON[name])]
    if name == "consultations.tell":
        more = {
            "notice": "cancelled",
            "event": "twice:1",
            "path": ["consultations", "x"],
            "values": {"reason": dict.fromkeys(("mk", "ka", "en"), "x")},
        }
        return [{**row, **more} for row in rows]
    return rows


async def test_a_job_that_runs_twice_changes_nothing_the_second_time(world: World, tmp_path: Path) -> None:
    assert set(WORKS_ON) == set(TASKS), "say in WORKS_ON what the new task works on"
    worked = set()
    for name in WORKS_ON:
        for payload in await payloads(name):
            await TASKS[name].handler(payload)
            before = await state()
            await TASKS[name].handler(payload)
            assert changed(before, await state()) == {}, name
            worked.add(name)
    assert worked >= {"drafts.group_comments", "results.export", "consultations.tell"}
    assert world.name == "bare" or worked == set(TASKS)
    assert await fetchval("SELECT count(*) FROM notification WHERE attempts > 1") == 0
    assert mail_jobs.send in {task.handler for task in TASKS.values()}


async def test_work_by_the_clock_that_runs_twice_changes_nothing_the_second_time(world: World) -> None:
    acted = set()
    untouched = await state()
    for days in DAYS[world.name]:
        at = NOON + dt.timedelta(days=days)
        for name, task in PERIODIC.items():
            await task.handler(at)
            before = await state()
            await task.handler(at)
            assert changed(before, await state()) == {}, (name, at)
            if changed(untouched, before):
                acted.add(name)
            untouched = before
    assert acted >= ACTS[world.name]
