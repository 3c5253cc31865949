"""What is open: in which order, and what is said about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from consult.portal.gathering import days_left, last_moment, openings
from tests.conftest import NOON, Clock
from tests.consultations.makers import a_consultation
from tests.drafts.makers import a_comment
from tests.portal.makers import a_town, closes
from tests.results.makers import a_survey, definition, question

SKOPJE = ZoneInfo("Europe/Skopje")


@pytest.mark.parametrize(
    ("ahead", "days"),
    [
        (timedelta(seconds=1), 1),
        (timedelta(hours=24), 1),
        (timedelta(hours=24, seconds=1), 2),
        (timedelta(days=7), 7),
        (timedelta(0), 1),
        (timedelta(days=-3), 1),
    ],
)
def test_the_running_day_counts_as_a_day_left(ahead: timedelta, days: int) -> None:
    assert days_left(NOON + ahead, NOON) == days


def test_what_ends_at_midnight_belongs_to_the_day_before() -> None:
    midnight = datetime(2026, 12, 13, tzinfo=SKOPJE)
    assert last_moment(midnight).astimezone(SKOPJE).date().isoformat() == "2026-12-12"
    assert last_moment(midnight + timedelta(hours=18)).astimezone(SKOPJE).date().isoformat() == "2026-12-13"


async def test_what_ends_or_begins_first_stands_in_front(db: None) -> None:
    town = await a_town()
    found = await openings(NOON)
    assert [each.kind for each in found] == ["survey", "forum", "draft"]
    survey, forum, draft = found
    assert survey.days_left == 7
    assert (forum.at_time, forum.days_left, forum.when) == (True, None, town.forum.sessions[0].starts_at)
    assert draft.when.astimezone(SKOPJE).date().isoformat() == "2026-12-12"
    assert forum.facts[0].n == 20


async def test_a_draft_stands_for_its_consultation_and_counts_published_comments(db: None) -> None:
    town = await a_town()
    await a_consultation(slug="without-a-draft")
    await a_comment(town.draft, published=True)
    await a_comment(town.draft, published=False)
    found = {each.path: each for each in await openings(NOON)}
    assert ("consultations", "trees") not in found
    assert ("consultations", "without-a-draft") in found
    assert [fact.n for fact in found["drafts", "tree-rows"].facts] == [1]


async def test_a_survey_without_an_end_is_open_today(db: None) -> None:
    await a_survey(definition(question("single")))
    (only,) = await openings(NOON)
    assert (only.days_left, only.note, only.when) == (None, "open today", NOON)


async def test_nothing_of_what_is_over_or_coming_is_open(db: None) -> None:
    town = await a_town()
    await closes(town.survey, NOON + timedelta(days=3), opens_at=NOON + timedelta(days=1))
    assert "survey" not in {each.kind for each in await openings(NOON)}
    assert await openings(NOON + timedelta(days=90)) == []


async def test_the_last_day_is_said_in_each_language(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_town()
    clock.now = datetime(2026, 12, 12, 20, tzinfo=SKOPJE)
    for language, words in (("mk", "12 декември"), ("ka", "12 დეკემბერი"), ("en", "12 December")):
        answer = await client.get(f"/{language}/consultations/trees")
        assert answer.status_code == 200
        assert words in answer.text
