"""Going on later: the letter, the link, and that nothing in the database connects an address with answers."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from consult.storage import fetch, fetchval
from consult.surveys import queries
from consult.surveys.responses import saved_answers, saved_answers_jobs
from tests.conftest import NOON, Clock
from tests.surveys.conftest import Resident, hidden, publish
from tests.surveys.makers import free, number, page, single, survey

PAGES = (page(single("colour"), number("age"), key="you"), page(free("wish"), key="more"))
WHO = "Ana@Example.org"


async def saved_by(resident: Resident) -> str:
    """The link in the letter of somebody who stopped on the second page."""
    await resident.open()
    await resident.send({"colour": "red", "age": "30"})
    asked = await resident.send({"wish": "trees"}, go="save")
    assert 'name="_email"' in asked.text
    resident.fields = hidden(asked.text)
    told = await resident.send({"_email": WHO}, go="keep")
    assert told.status_code == 200
    assert "Ana@example.org" in told.text
    body = await fetchval("select body_text from notification order by created_at desc, id limit 1")
    found = re.search(r"http://consult.test(/en/surveys/small/resume/\S+)", body)
    assert found is not None
    return found[1]


def resident_of(client: httpx.AsyncClient) -> Resident:
    return Resident(client, "small", "en")


async def test_answers_are_gone_on_with_by_the_link(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(pages=PAGES, resume=True))
    path = await saved_by(resident_of(client))
    looked = await client.get(path)
    assert 'name="colour"' not in looked.text  # a button first: programs that look at links open nothing
    later = resident_of(client)
    form = await client.post(path)
    later.fields = hidden(form.text)
    assert "trees</textarea>" in form.text or 'value="trees"' in form.text
    back = await later.send({"wish": "trees"}, go="back")
    assert 'value="red" checked' in back.text
    await later.send({"colour": "red", "age": "31"})
    assert 'id="receipt"' in (await later.send({"wish": "trees"})).text
    ((_, answers, *_),) = await queries.answers(survey_id)
    assert answers == {"colour": "red", "age": 31, "wish": "trees"}
    assert (await client.get(path)).status_code == 404
    assert await fetchval("select count(*) from survey_saved") == 0


async def test_saving_again_ends_the_earlier_link(client: httpx.AsyncClient) -> None:
    await publish(survey(pages=PAGES, resume=True))
    first = await saved_by(resident_of(client))
    later = resident_of(client)
    later.fields = hidden((await client.post(first)).text)
    later.fields = hidden((await later.send({"wish": "benches"}, go="save")).text)
    await later.send({"_email": WHO}, go="keep")
    assert (await client.get(first)).status_code == 404
    assert await fetchval("select count(*) from survey_saved") == 1


async def test_a_wrong_address_is_told_and_nothing_is_lost(client: httpx.AsyncClient) -> None:
    await publish(survey(pages=PAGES, resume=True))
    resident = resident_of(client)
    await resident.open()
    resident.fields = hidden((await resident.send({"colour": "red"}, go="save")).text)
    wrong = await resident.send({"_email": "nobody"}, go="keep")
    assert wrong.status_code == 422
    assert 'href="#_email"' in wrong.text
    assert 'name="colour" value="red"' in wrong.text
    assert await fetchval("select count(*) from notification") == 0
    back = await resident.send(go="stay")
    assert 'value="red" checked' in back.text


async def test_nobody_is_flooded_with_letters(client: httpx.AsyncClient) -> None:
    await publish(survey(pages=PAGES, resume=True))
    for _ in range(5):
        await saved_by(resident_of(client))
    resident = resident_of(client)
    await resident.open()
    resident.fields = hidden((await resident.send({"colour": "red"}, go="save")).text)
    assert (await resident.send({"_email": WHO}, go="keep")).status_code == 422


async def test_a_survey_without_the_button_saves_nothing(client: httpx.AsyncClient) -> None:
    await publish(survey(pages=PAGES))
    resident = resident_of(client)
    assert 'value="save"' not in (await resident.open()).text
    await resident.send({"colour": "red", "_email": WHO}, go="keep")
    assert await fetchval("select count(*) from survey_saved") == 0


async def test_links_end_after_two_weeks_and_with_the_survey(client: httpx.AsyncClient, clock: Clock) -> None:
    await publish(survey(pages=PAGES, resume=True))  # open for a week
    path = await saved_by(resident_of(client))
    clock.now = NOON + timedelta(days=8)
    assert "closed" in (await client.get(path)).text
    await saved_answers_jobs.purge_saved(clock.now)
    assert await fetchval("select count(*) from survey_saved") == 0


async def test_nothing_connects_an_address_with_answers(client: httpx.AsyncClient) -> None:
    """Whoever holds the whole database, but not the letter, learns who saved something, never what or what was sent."""
    await publish(survey(pages=PAGES, resume=True))
    resident = resident_of(client)
    path = await saved_by(resident)
    link = path.rpartition("/")[2]
    await client.post(path)
    (row,) = await fetch("select * from survey_saved")
    assert b"trees" not in row["content"]
    assert b"red" not in row["content"]
    assert set(dict(row)) == {"id", "survey", "content", "expires_on"}
    response_token = resident.fields["_id"][0]
    plain = await saved_answers.look(row["survey"], link, at=NOON)
    assert plain is not None
    assert "_id" not in plain.fields
    assert response_token not in str(plain)
    # The post forgets the text once it is sent; what stays has neither link nor survey.
    await fetch("update notification set state = 'sent', sent_at = created_at, body_text = null, attempts = 1")
    (letter,) = await fetch("select n::text as line, xmin::text as transaction from notification n")
    (kept,) = await fetch("select xmin::text as transaction from survey_saved")
    for secret in (link, row["id"], str(row["survey"]), response_token, "A small survey"):
        assert secret not in letter["line"]
    assert letter["transaction"] != kept["transaction"]


def test_what_is_sealed_opens_only_with_its_link() -> None:
    link, other = "a" * 43, "b" * 43
    content = saved_answers.sealed(b"answers", link)
    assert saved_answers.opened(content, link) == b"answers"
    assert saved_answers.opened(content, other) is None
    assert saved_answers.opened(content[:-1] + bytes([content[-1] ^ 1]), link) is None
    assert b"answers" not in content
    assert saved_answers.sealed(b"answers", link) != content


def test_what_an_earlier_release_sealed_still_opens() -> None:
    content = bytes.fromhex("018f17b89b1ad97a8f0f618ab1470c8505270bcd647123154b97872019c9003ceebb4be747cdb083ad3b")
    assert saved_answers.opened(content, "a" * 43) == b'{"age":30}'
    assert saved_answers.opened(content, "b" * 43) is None
    assert saved_answers.opened(content[:40], "a" * 43) is None


async def test_who_stopped_at_the_review_goes_on_there(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(single("colour"), resume=True, review=True, editable=True))
    resident = resident_of(client)
    await resident.open()
    await resident.send({"colour": "red"})
    resident.fields = hidden((await resident.send(go="save")).text)
    await resident.send({"_email": WHO}, go="keep")
    body = await fetchval("select body_text from notification")
    path = re.search(r"http://consult.test(/en/surveys/small/resume/\S+)", body)
    assert path is not None
    review = await client.post(path[1])
    assert "Check your answers" in review.text
    resident.fields = hidden(review.text)
    receipt = await resident.send()
    assert 'id="receipt"' in receipt.text
    own = re.search(r'href="(/en/[^"]*/answers/[^"]+)"', receipt.text)
    assert own is not None
    assert "You are changing answers" in (await client.get(f"{own[1]}/change")).text
    assert await queries.count(survey_id) == 1
