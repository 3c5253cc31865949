"""Questions in advance: asked, supported, checked, grouped, chosen, answered; and what the database refuses."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from consult.app import Application
from consult.forums.questions import operations, queries
from consult.forums.questions.question import Asked, Asking
from consult.storage import execute, fetch, fetchval
from tests.conftest import Clock
from tests.forums.makers import LINKS, NOW, a_forum
from tests.people.makers import staff

QUESTION = {"text": "Кога ќе се засадат дрвјата?", "name": "", "email": "ana@example.com"}


ASKED = Asked("Кога?", email="ana@example.com")


async def sent(client: httpx.AsyncClient, slug: str, **changes: str) -> httpx.Response:
    form = (await client.get(f"/mk/forums/{slug}/questions/new")).text
    token = re.search(r'name="form" value="([^"]+)"', form)
    assert token is not None
    return await client.post(f"/mk/forums/{slug}/questions/new", data={**QUESTION, "form": token[1], **changes})


async def the_ids() -> list[UUID]:
    return [row["id"] for row in await fetch("SELECT id FROM forum_question ORDER BY number")]


async def test_a_resident_asks_and_others_support_once_each(
    client: httpx.AsyncClient, application: Application, clock: Clock
) -> None:
    forum = await a_forum()
    here = f"/mk/forums/{forum.slug}/questions"
    slip = await sent(client, forum.slug)
    assert slip.status_code == 303
    shown = await client.get(slip.headers["location"])
    assert shown.status_code == 200 and "ana@example.com" not in shown.text
    assert QUESTION["text"] not in (await client.get(here)).text
    (question,) = await the_ids()
    assert (await client.post(f"{here}/{question}/support")).status_code == 404
    await operations.publish([question], forum_id=forum.id, links=LINKS, actor=None, at=NOW)
    listed = await client.get(here)
    assert QUESTION["text"] in listed.text and "set-cookie" not in listed.headers
    for _ in range(2):
        supported = await client.post(f"{here}/{question}/support", data={"action": "support"})
        assert supported.headers["location"].endswith("#question-1")
    assert "supporter" in client.cookies
    assert (await client.get(here)).headers["cache-control"] == "no-store"
    other = httpx.ASGITransport(app=application.asgi)
    async with httpx.AsyncClient(transport=other, base_url="http://consult.test") as browser:
        await browser.post(f"{here}/{question}/support", data={"action": "support"})
        clicks = (browser.post(f"{here}/{question}/support", data={"action": "support"}) for _ in range(4))
        await asyncio.gather(*clicks)
        assert (await queries.question(question)).supports == 2  # type: ignore[union-attr]
        await browser.post(f"{here}/{question}/support", data={"action": "take-back"})
    assert (await queries.question(question)).supports == 1  # type: ignore[union-attr]
    letter = await fetchval("SELECT body_text FROM notification WHERE recipient = 'ana@example.com'")
    assert f"/mk/forums/{forum.slug}/questions" in letter and QUESTION["text"] not in letter
    clock.now = forum.sessions[0].ends_at
    assert (await client.post(f"{here}/{question}/support")).status_code == 409


async def test_wrong_questions_come_back_with_their_words_and_two_clicks_ask_once(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    forum = await a_forum()
    for changes, place in (
        ({"text": ""}, "text"),
        ({"text": "а" * 501}, "text"),
        ({"email": "nobody"}, "email"),
        ({"session": "none"}, "session"),
    ):
        wrong = await sent(client, forum.slug, **changes)
        assert wrong.status_code == 422 and f'href="#{place}"' in wrong.text
    assert (await sent(client, forum.slug, form="altered")).status_code == 409
    first = await sent(client, forum.slug)
    token = await fetchval("SELECT id FROM forum_question")
    assert first.headers["location"].endswith(str(token))
    assert (await client.get("/mk/forums/nowhere/questions")).status_code == 404
    assert (await client.get(f"/mk/forums/{forum.slug}/questions?page=2")).status_code == 404
    await operations.set_asking(forum_id=forum.id, asking=Asking(is_open=False), actor=None, at=NOW)
    closed = await client.get(f"/mk/forums/{forum.slug}/questions/new")
    assert 'name="text"' not in closed.text


async def test_staff_check_group_choose_and_answer_and_the_group_is_answered_at_once(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    forum = await a_forum()
    await sent(client, forum.slug)
    await sent(client, forum.slug, text="Кога ќе се засадат дрвја?", email="ivo@example.com")
    await sent(client, forum.slug, text="Купете кај нас!", email="ad@example.com")
    first, second, third = await the_ids()
    await staff(client, clock.now, "moderator")
    here = f"/staff/en/forums/{forum.id}/questions"
    assert "Questions for meetings to check" in (await client.get("/staff/en")).text
    both = {"chosen": [str(first), str(second)]}
    await client.post(here, data={**both, "action": "publish"})
    no_reason = await client.post(f"{here}/{third}", data={"action": "refuse"})
    assert no_reason.status_code == 422 and "#reason" in no_reason.text
    assert (await client.post(f"{here}/{third}", data={"action": "refuse", "reason": "advertising"})).status_code == 303
    assert (await client.post(f"{here}/{third}", data={"action": "shortlist"})).status_code == 409
    for question, mark in ((first, b"a" * 32), (second, b"a" * 32), (second, b"b" * 32)):
        await operations.support(question_id=question, mark=mark, at=NOW)
    await client.post(here, data={**both, "action": "group"})
    (head,) = (await queries.published(forum.id)).items
    assert (head.id, head.supports, head.alike) == (first, 2, 1)
    await client.post(f"{here}/{first}", data={"action": "shortlist"})
    assert [one.id for one in await queries.shortlist(forum.id)] == [first]
    answered = {"action": "answer", "answer-mk": "На пролет.", "answer-en": "In spring."}
    await client.post(f"{here}/{first}", data=answered)
    (line,) = await queries.for_minutes(forum.id)
    assert line.answer["en"] == "In spring."
    told = await fetch("SELECT recipient FROM notification WHERE event LIKE 'question.answered%' ORDER BY recipient")
    assert [row["recipient"] for row in told] == ["ana@example.com", "ivo@example.com"]
    assert await fetchval("SELECT count(*) FROM forum_question WHERE email <> '' AND state = 'published'") == 0
    assert "In spring." in (await client.get(f"/en/forums/{forum.slug}/questions")).text
    for path in (here, f"{here}?shown=refused", f"{here}/{first}", f"{here}/{second}"):
        assert (await client.get(path)).status_code == 200
    added = {"channel": "hall", "text": "А паркинзите?", "spoken": "mk"}
    assert (await client.post(f"{here}/add", data=added)).status_code == 303
    assert (await client.post(f"{here}/add", data={**added, "text": ""})).status_code == 422
    for wrong in ("soon", "0001-01-01T00:00"):
        assert (await client.post(f"{here}/asking", data={"until": wrong})).status_code == 422
    await client.post(f"{here}/asking", data={"until": "2026-12-05T18:00", "moderation": "after"})
    assert not (await queries.asking(forum.id)).is_open
    erased = {"action": "erase", "ground": "asked by the author", "with_text": "1"}
    await client.post(f"{here}/{third}", data=erased)
    assert await fetchval("SELECT text FROM forum_question WHERE id = $1", third) == ""


async def test_the_database_keeps_words_and_counts_a_browser_once(db: None) -> None:
    forum = await a_forum()
    await operations.set_asking(forum_id=forum.id, asking=Asking(), actor=None, at=NOW)
    question = await operations.ask(
        form_id=UUID(int=1), forum_slug=forum.slug, asked=ASKED, language="mk", at=NOW + timedelta(hours=1)
    )
    with pytest.raises(asyncpg.RaiseError, match="never change"):
        await execute("UPDATE forum_question SET text = 'other' WHERE id = $1", question.id)
    sql = "INSERT INTO forum_question_support (question, mark, supported_at) VALUES ($1, $2, $3)"
    await execute(sql, question.id, b"a" * 32, NOW)
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(sql, question.id, b"a" * 32, NOW)
    assert await operations.forget(at=forum.sessions[0].ends_at + timedelta(days=31)) == 1
