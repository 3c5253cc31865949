"""Gatherings: thresholds and quorum computed from the voters, notice with a reason, on the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from consult.forums.gatherings import queries
from consult.forums.gatherings.gathering import GatheringContent, Standing, share_of
from consult.forums.notice import notice_of
from consult.profile import load_profile
from consult.settings import resource
from consult.storage import fetchval
from tests.conftest import Clock
from tests.forums.makers import a_session, content, kept
from tests.people.makers import staff

TODAY = date(2026, 11, 20)
SKOPJE = load_profile(resource("profiles", "skopje.toml"))
FIGURES = GatheringContent("ikalto", "voters", 31, 620, date(2026, 6, 1), {"ka": "სია", "en": "Register"})


@pytest.mark.parametrize(
    ("voters", "percent", "needed"), [(620, "5", 31), (621, "5", 32), (620, "20", 124), (3, "20", 1), (1000, "0.01", 1)]
)
def test_a_share_of_voters_is_rounded_up(voters: int, percent: str, needed: int) -> None:
    assert share_of(voters, Decimal(percent)) == needed


def test_the_quorum_is_reached_exactly_at_the_number() -> None:
    assert [Standing(present, 124).is_reached for present in (123, 124)] == [False, True]
    assert [Standing(present, 124).missing for present in (100, 130)] == [24, 0]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, []),
        ({"supporters": 30}, ["supporters"]),
        ({"supporters": None}, ["supporters"]),
        ({"supporters": None, "called_by": "mayor"}, []),
        ({"voters": None, "source": {}}, ["voters", "source-ka"]),
        ({"voters": 0, "called_by": "king"}, ["voters", "called_by"]),
        ({"counted_on": TODAY + timedelta(days=1), "settlement": "atlantis"}, ["settlement", "counted_on"]),
    ],
)
def test_each_figure_is_checked(changes: dict[str, object], places: list[str]) -> None:
    asked = replace(FIGURES, **changes)  # type: ignore[arg-type]
    found = asked.problems(settlements=["ikalto"], authentic="ka", call_percent=Decimal(5), today=TODAY)
    assert sorted(problem.place for problem in found) == sorted(places)


async def test_a_gathering_is_published_with_its_figures_and_a_reason_for_a_short_notice(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await staff(client, clock.now, "moderator")
    closes = datetime.fromisoformat("2026-11-26T12:00")
    made = content(a_session(day=date(2026, 11, 27)), kind="gathering", closes=closes)
    forum = await kept(made, published=False)
    notice = notice_of(forum, TODAY, SKOPJE)
    assert notice is not None and (notice.given, notice.is_short) == (7, True)
    assert not replace(notice, first_day=date(2026, 11, 30)).is_short
    page = f"/staff/en/forums/{forum.id}"
    overview = (await client.get(page)).text
    assert "would be short" in overview and "The last day is 30 November 2026." in overview
    assert (await client.post(f"{page}/publish", data={"reason-mk": "Итно"})).status_code == 409
    fields = {"settlement": "ljubanci", "called_by": "voters", "supporters": "84", "voters": "841"}
    fields |= {"counted_on": "2026-06-01", "source-mk": "Избирачки список", "source-en": "Register of voters"}
    assert (await client.get(f"{page}/gathering")).status_code == 200
    refused = await client.post(f"{page}/gathering", data=fields)
    assert refused.status_code == 422 and "At least 85 of 841 voters" in refused.text
    assert (await client.post(f"{page}/gathering", data={**fields, "supporters": "85"})).status_code == 303
    again = await client.post(f"{page}/gathering", data={"settlement": "ljubanci", "action": "known"})
    assert 'value="841"' in again.text
    silent = await client.post(f"{page}/publish", data={})
    assert silent.status_code == 422 and 'href="#reason-mk"' in silent.text
    assert (await client.post(f"{page}/publish", data={"reason-en": "The bridge is closed."})).status_code == 303
    shown = (await client.get(f"/en/forums/{forum.slug}")).text
    for words in ("voters of Ljubanci", "85 signatures", "841", "Published 7 days", "The bridge is closed.", "90 days"):
        assert words in shown
    gathering = (await queries.gathering_of([forum.id]))[forum.id]
    assert (gathering.call_threshold, gathering.quorum) == (85, None)
    assert await fetchval("SELECT count(*) FROM audit_entry WHERE kind = 'forum.gathering_kept'") == 1
    other = await kept(content(slug="no-gathering"))
    assert (await client.get(f"/staff/en/forums/{other.id}/gathering")).status_code == 404
    assert (await client.get(f"/staff/en/forums/{UUID(int=1)}/gathering")).status_code == 404
