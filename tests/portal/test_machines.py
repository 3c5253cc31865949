"""Atom, iCalendar, sitemap, robots: read again by those who read them elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar
from lxml import etree

from consult.consultations.shift_operations import extend_consultation
from consult.portal import operations
from tests.conftest import NOON, Clock
from tests.portal.makers import a_town, attached

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_the_feed_has_what_rfc_4287_asks_for(client: httpx.AsyncClient, language: str) -> None:
    town = await a_town()
    answer = await client.get(f"/{language}/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"a:{name}", ATOM)) == 1
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links["self"] == f"http://consult.test/{language}/feed.atom" == feed.findtext("a:id", namespaces=ATOM)
    entries = feed.findall("a:entry", ATOM)
    assert {entry.findtext("a:id", namespaces=ATOM) for entry in entries} == {
        f"urn:uuid:{one}" for one in (town.draft.id, town.survey, town.forum.id)
    }
    for entry in entries:
        for name in ("id", "title", "updated", "link", "author"):
            assert len(entry.findall(f"a:{name}", ATOM)) == 1
        assert UUID(entry.findtext("a:id", "", ATOM).removeprefix("urn:uuid:"))
        at = datetime.fromisoformat(entry.findtext("a:updated", "", ATOM))
        assert at.tzinfo is not None
        assert at <= NOON
        assert (await client.get(urlsplit(entry.find("a:link", ATOM).get("href")).path)).status_code == 200


async def test_an_entry_keeps_its_identity_and_the_feed_its_bytes(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_town()
    first = await client.get("/mk/feed.atom")
    again = await client.get("/mk/feed.atom", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    clock.now += timedelta(hours=1)
    later = etree.fromstring((await client.get("/mk/feed.atom")).content)
    ids = [each.text for each in etree.fromstring(first.content).findall("a:entry/a:id", ATOM)]
    assert [each.text for each in later.findall("a:entry/a:id", ATOM)] == ids


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_the_calendar_is_read_again(client: httpx.AsyncClient, language: str) -> None:
    town = await a_town()
    answer = await client.get(f"/{language}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    read = Calendar.from_ical(answer.content)
    events: dict[str, Any] = {str(event["uid"]).partition("@")[0]: event for event in read.walk("VEVENT")}
    session = town.forum.sessions[0]
    meeting = events[str(session.id)]
    assert meeting["dtstart"].dt.astimezone(UTC) == session.starts_at
    assert meeting["dtend"].dt.astimezone(UTC) == session.ends_at
    assert events[f"{town.consultation.id}-closes"]["dtstart"].dt == date(2026, 12, 12)
    assert str(meeting["url"]) == f"http://consult.test/{language}/forums/citizens-forum"
    assert all({"uid", "dtstamp", "dtstart", "summary"} <= set(map(str.lower, event)) for event in events.values())


async def test_a_moved_end_is_told_to_calendars_and_readers(client: httpx.AsyncClient) -> None:
    town = await a_town()
    at = "/en/consultations/trees/calendar.ics"

    async def closing() -> Any:
        found = Calendar.from_ical((await client.get(at)).content).walk("VEVENT")
        return next(each for each in found if str(each["uid"]).startswith(f"{town.consultation.id}-closes@"))

    before = await closing()
    await extend_consultation(
        town.consultation.id, last_on=date(2026, 12, 20), answers_due=None, reason={"mk": "Празници", "en": "Holidays"},
        time_zone="Europe/Skopje", actor=None, at=NOON - timedelta(hours=1),
    )  # fmt: skip
    after = await closing()
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert after["dtstart"].dt == date(2026, 12, 20)
    feed = etree.fromstring((await client.get("/en/feed.atom")).content)
    assert "Holidays" in [each.text for each in feed.findall("a:entry/a:summary", ATOM)]
    month = (await client.get("/en/calendar?month=2026-12")).text
    assert "Sunday, 20 December 2026" in month
    assert "month=2027-01" in month
    assert "Nothing opens" in (await client.get("/en/calendar?month=2031-12")).text
    for wrong in ("2026-13", "x", "20266-1"):
        assert (await client.get(f"/en/calendar?month={wrong}")).status_code == 404
    assert (await client.get("/en/consultations/none/calendar.ics")).status_code == 404


async def test_feeds_of_an_empty_town_are_whole(client: httpx.AsyncClient) -> None:
    feed = etree.fromstring((await client.get("/mk/feed.atom")).content)
    assert feed.findall("a:entry", ATOM) == []
    assert Calendar.from_ical((await client.get("/mk/calendar.ics")).content).walk("VEVENT") == []


async def test_every_address_of_the_sitemap_can_be_had(client: httpx.AsyncClient) -> None:
    town = await a_town()
    await operations.freeze(evidence_id=await attached(town), by=town.clerk, at=NOON)
    answer = await client.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    rows = etree.fromstring(answer.content).findall("s:url", MAP)
    places = [row.findtext("s:loc", "", MAP) for row in rows]
    assert len(set(places)) == len(places) >= 36
    for kind in ("consultations/trees", "drafts/tree-rows", "surveys/trees", "forums/citizens-forum"):
        assert f"http://consult.test/ka/{kind}" in places
    for row in rows:
        assert {link.get("hreflang") for link in row.findall("x:link", MAP)} == {"mk", "ka", "en"}
    for place in places:
        assert (await client.get(urlsplit(place).path)).status_code == 200, place


async def test_robots_may_read_all_but_the_workspace(client: httpx.AsyncClient) -> None:
    answer = await client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Disallow: /staff\n" in answer.text
    assert "Sitemap: http://consult.test/sitemap.xml" in answer.text
