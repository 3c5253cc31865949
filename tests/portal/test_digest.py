"""The weekly letter: what is in it, for whom, and when there is none."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from consult.consultations.following import operations, queries
from consult.consultations.following.links import Links
from consult.i18n import locale
from consult.portal import digest
from consult.storage import execute, fetch
from tests.consultations.makers import a_consultation
from tests.forums.makers import a_forum

LINKS = Links("http://consult.test", b"k" * 32)
TOWN = {"mk": "Град Скопје", "ka": "ქალაქი სკოპიე", "en": "City of Skopje"}
ZONE = ZoneInfo("Europe/Skopje")
MONDAY = dt.datetime(2026, 11, 9, 7, tzinfo=ZONE)


async def a_reader(email: str, language: str) -> None:
    await operations.follow(email=email, language=language, consultation_id=None, links=LINKS, sender=TOWN, at=MONDAY)
    found = await queries.by_address(email, None)
    assert found is not None
    await operations.confirm(follower_id=found.id, at=MONDAY)


async def sent() -> dict[str, str]:
    rows = await fetch("select recipient, body_text from notification where event like 'digest:%'")
    return {row["recipient"]: row["body_text"] for row in rows}


async def test_a_week_without_news_gives_no_letter(db: None) -> None:
    await a_reader("ana@example.org", "mk")
    await a_consultation(published=False)
    assert await digest.send(monday=MONDAY, links=LINKS, sender=TOWN, at=MONDAY) == 0
    assert await sent() == {}


async def test_news_come_once_in_the_readers_language(db: None) -> None:
    await a_reader("ana@example.org", "mk")
    await a_reader("eka@example.org", "ka")
    consultation = await a_consultation()
    forum = await a_forum()
    assert forum.starts_at is not None
    monday = dt.datetime.combine(
        forum.starts_at.date() - dt.timedelta(days=forum.starts_at.weekday()), dt.time(7), ZONE
    )
    assert await digest.send(monday=MONDAY, links=LINKS, sender=TOWN, at=MONDAY) == 2
    assert await digest.send(monday=MONDAY, links=LINKS, sender=TOWN, at=MONDAY) == 0
    letters = await sent()
    assert consultation.title["ka"] in letters["eka@example.org"]
    assert consultation.title["mk"] in letters["ana@example.org"]
    assert "/ka/consultations/trees" in letters["eka@example.org"]
    assert "/ka/following/" in letters["eka@example.org"]

    sections = await digest.gathered(monday)
    assert forum.title in [item.title for section in sections for item in section.items]
    words = digest.body(sections, locale("en"), LINKS)
    assert forum.title["en"] in words
    await execute("update forum set state = 'cancelled' where id = $1", forum.id)
    assert forum.title not in [item.title for section in await digest.gathered(monday) for item in section.items]
