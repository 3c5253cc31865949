"""Coming by invitation, as browsers without JavaScript do it: by link, by code, twice, at once, and without one."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from consult.fieldwork import progress
from consult.settings import Settings, secret_key
from consult.storage import execute, fetch, fetchval
from consult.surveys import queries
from consult.surveys.access import DEFAULTS, Access
from consult.surveys.admission import invitation_operations as operations
from consult.surveys.admission import invitations
from consult.surveys.definition import schema as d
from consult.surveys.responses import daily_totals, response_counts
from consult.surveys.staff import access_operations
from tests.conftest import NOON
from tests.surveys.conftest import Resident, hidden, publish
from tests.surveys.makers import free, number, page, single, survey, text

BASE = "/en/surveys/small"


async def invite(settings: Settings, definition: d.Definition | None = None, **ways: Any) -> tuple[UUID, str]:
    """A survey for the invited, and the token of one of them."""
    survey_id = await publish(definition or survey())
    await access_operations.set_access(
        survey_id=survey_id, access=replace(DEFAULTS, **{"who": "invited", **ways}), at=NOON
    )
    key = invitations.key(secret_key(settings))
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=[uuid4()], key=key)
    return survey_id, next(iter(tokens.values()))


async def test_link_leads_through_all_pages_to_one_answer(client: httpx.AsyncClient, settings: Settings) -> None:
    two = survey(pages=(page(single()), page(free(), key="two")))
    survey_id, token = await invite(settings, two)
    first = await client.get(f"{BASE}/i/{token}")
    assert first.status_code == 200
    assert first.headers["referrer-policy"] == "origin"
    assert first.headers["cache-control"] == "no-store"
    assert token not in first.text.replace(f'name="_t" value="{token}"', "")
    visitor = Resident(client, "small", "en")
    visitor.fields = hidden(first.text)
    second = await visitor.send({"colour": "red"})
    assert hidden(second.text)["_t"] == [token]
    receipt = await visitor.send({"wish": "Shade"})
    assert 'id="receipt"' in receipt.text
    assert token not in receipt.text
    assert await queries.count(survey_id) == 1
    assert await fetchval("select count(*) from open_token") == 0
    again = await client.get(f"{BASE}/i/{token}")
    assert again.status_code == 410
    assert "This invitation has been used" in again.text


async def test_the_invited_see_the_same_page_but_for_id_and_invitation(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    words = text("Of [[token]], [[invited]] and [[code]]")
    survey_id, token = await invite(settings, survey(title=words))
    key = invitations.key(secret_key(settings))
    (other,) = await operations.issue_loose_tokens(survey_id=survey_id, number=1, key=key)
    ids, pages = set(), set()
    for one, encoding in ((token, "gzip"), (other, "gzip"), (other, "identity")):
        page = await client.get(f"{BASE}/i/{one}", headers={"accept-encoding": encoding})
        fields = hidden(page.text)
        assert (fields["_t"], page.text.count(one)) == ([one], 1)
        ids.add(fields["_id"][0])
        pages.add(page.text.replace(one, "").replace(fields["_id"][0], ""))
    assert (len(ids), len(pages)) == (3, 1)
    assert words["en"] in pages.pop()
    receipt = await client.post(BASE, data={**fields, "colour": "red", "_go": "next"})
    assert words["en"] in receipt.text


async def test_two_browsers_with_one_invitation_store_one_answer(client: httpx.AsyncClient, settings: Settings) -> None:
    survey_id, token = await invite(settings, survey(free("wish")))
    pages = [await client.get(f"{BASE}/i/{token}") for _ in range(2)]
    sent = [
        client.post(BASE, data={**hidden(one.text), "wish": words, "_go": "next"})
        for one, words in zip(pages, ("First", "Second wish"), strict=True)
    ]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "This invitation has been used" in late.text
    assert ("First" in late.text) != ("Second wish" in late.text)
    assert await queries.count(survey_id) == 1


async def test_fifty_posts_at_once_store_one_answer(client: httpx.AsyncClient, settings: Settings) -> None:
    survey_id, token = await invite(settings)
    pages = await asyncio.gather(*(client.get(f"{BASE}/i/{token}") for _ in range(50)))
    answers = await asyncio.gather(
        *(client.post(BASE, data={**hidden(one.text), "colour": "red", "_go": "next"}) for one in pages)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert await queries.count(survey_id) == 1


async def test_double_click_gets_the_same_receipt(client: httpx.AsyncClient, settings: Settings) -> None:
    survey_id, token = await invite(settings)
    fields = {**hidden((await client.get(f"{BASE}/i/{token}")).text), "colour": "red", "_go": "next"}
    first, second = await asyncio.gather(client.post(BASE, data=fields), client.post(BASE, data=fields))
    assert (first.status_code, second.status_code) == (200, 200)
    assert await queries.count(survey_id) == 1


async def test_typed_code_opens_the_first_page(client: httpx.AsyncClient, settings: Settings) -> None:
    _, token = await invite(settings)
    plain = await client.get(BASE)
    assert (plain.status_code, plain.headers["location"]) == (303, f"{BASE}/code")
    asked = await client.get(f"{BASE}/code")
    assert 'name="code"' in asked.text
    wrong = await client.post(f"{BASE}/code", data={"code": token[:-1]})
    assert wrong.status_code == 422
    assert 'href="#code"' in wrong.text
    unknown = await client.post(f"{BASE}/code", data={"code": invitations.random_token()})
    assert unknown.status_code == 422
    opened = await client.post(f"{BASE}/code", data={"code": invitations.spaced(token).lower()})
    assert hidden(opened.text)["_t"] == [token]


async def test_link_with_a_missing_letter_asks_for_the_code(client: httpx.AsyncClient, settings: Settings) -> None:
    _, token = await invite(settings)
    broken = await client.get(f"{BASE}/i/{token[:-1]}")
    assert broken.status_code == 404
    assert 'name="code"' in broken.text


async def test_invited_survey_takes_no_answer_without_an_invitation(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    survey_id = await publish(survey(free("wish")))
    fields = hidden((await client.get(BASE)).text)
    closed = Access(who="invited")
    await access_operations.set_access(survey_id=survey_id, access=closed, at=NOON)
    for more in ({}, {"_t": invitations.random_token()}, {"_t": "nonsense"}):
        refused = await client.post(BASE, data={**fields, "wish": "Shade", "_go": "next", **more})
        assert refused.status_code == 409
        assert "Shade" in refused.text
    assert await queries.count(survey_id) == 0


async def test_mixed_survey_takes_both(client: httpx.AsyncClient, settings: Settings) -> None:
    survey_id, token = await invite(settings, who="mixed")
    for address in (BASE, f"{BASE}/i/{token}"):
        fields = hidden((await client.get(address)).text)
        assert (await client.post(BASE, data={**fields, "colour": "red", "_go": "next"})).status_code == 200
    assert await queries.count(survey_id) == 2
    assert await operations.open_count(survey_id) == 0


async def test_open_survey_has_no_door_for_codes(client: httpx.AsyncClient) -> None:
    await publish(survey())
    assert (await client.get(f"{BASE}/code")).headers["location"] == BASE


@pytest.mark.parametrize(
    ("mode", "words"),
    [("anonymous", "nobody, ourselves included"), ("confidential", "never show who"), ("identified", "with your name")],
)
async def test_each_mode_keeps_what_its_page_says(
    client: httpx.AsyncClient, settings: Settings, mode: str, words: str
) -> None:
    _, token = await invite(settings, survey(mode=mode))
    first = await client.get(f"{BASE}/i/{token}")
    assert {"anonymous": "anonymous", "confidential": "confidential", "identified": "with your name"}[
        mode
    ] in first.text
    receipt = await client.post(BASE, data={**hidden(first.text), "colour": "red", "_go": "next"})
    assert words in receipt.text
    (row,) = await fetch(
        "select r.submitted_at, c.contact from response r left join response_contact c on c.response = r.id"
    )
    is_kept = mode != "anonymous"
    assert (row["submitted_at"] == NOON, row["contact"] is not None) == (is_kept, is_kept)


@pytest.mark.parametrize("way", ["screened out", "quota full"])
async def test_who_is_turned_away_has_used_the_invitation_and_counts_once(
    client: httpx.AsyncClient, settings: Settings, way: str
) -> None:
    adults = d.Page(key="young", show_if="age < 18", screen_out=text("Only for adults."))
    full = d.Quota(key="thirties", when="age == 30", limit=1, text=text("Enough, thank you."))
    survey_id, token = await invite(settings, survey(pages=(page(number("age")), adults), quotas=(full,)))
    await execute("insert into survey_quota (survey, key, taken) values ($1, 'thirties', 1)", survey_id)
    visitor = Resident(client, "small", "en")
    visitor.fields = hidden((await client.get(f"{BASE}/i/{token}")).text)
    age, words, event = {"screened out": ("12", "Only for adults.", "screened_out")}.get(
        way, ("30", "Enough, thank you.", "quota_full")
    )
    for _ in range(2):
        told = await visitor.send({"age": age})
        assert words in told.text
        assert "Your invitation is used with this" in told.text
    assert await operations.open_count(survey_id) == 0
    assert (await client.get(f"{BASE}/i/{token}")).status_code == 410
    assert (await visitor.send({"age": "40"})).status_code == 409
    assert await queries.count(survey_id) == 0
    await daily_totals.drain()
    happened: dict[str, int] = {line.event: times for line, times in (await daily_totals.totals(survey_id)).items()}
    assert happened[event] == 1
    assert progress.turned_away(await queries.survey("small"), await response_counts.tallies(survey_id)) == 1


async def test_changed_answer_needs_no_invitation_and_stays_with_its_contact(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    survey_id, token = await invite(settings, survey(mode="identified", editable=True))
    fields = hidden((await client.get(f"{BASE}/i/{token}")).text)
    receipt = await client.post(BASE, data={**fields, "colour": "red", "_go": "next"})
    (first,) = await fetch("select response, contact from response_contact")
    own = re.search(r'href="(/en/[^"]*/answers/[^"]+)"', receipt.text)
    assert own is not None
    fields = hidden((await client.get(f"{own[1]}/change")).text)
    assert "_t" not in fields
    changed = await client.post(BASE, data={**fields, "colour": "blue", "_go": "next"})
    assert 'id="receipt"' in changed.text
    ((_, answers, *_),) = await queries.answers(survey_id)
    assert answers == {"colour": "blue"}
    (second,) = await fetch("select response, contact from response_contact")
    assert second["contact"] == first["contact"]
    assert second["response"] == await fetchval("select id from response where supersedes is not null")


async def test_listed_sites_may_frame_the_answering_pages_and_no_other(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    _, token = await invite(settings, who="mixed", sites=("https://news.example",))
    for address in (BASE, f"{BASE}/i/{token}", f"{BASE}/code"):
        framed = await client.get(address)
        assert "frame-ancestors 'self' https://news.example;" in framed.headers["content-security-policy"]
        assert "x-frame-options" not in framed.headers
        assert "set-cookie" not in framed.headers
    fields = hidden((await client.get(BASE)).text)
    receipt = await client.post(BASE, data={**fields, "colour": "red", "_go": "next"})
    assert "https://news.example" in receipt.headers["content-security-policy"]
    for address in ("/en/", "/en/open", f"{BASE}/results"):
        other = await client.get(address)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
        assert other.headers["x-frame-options"] == "DENY"


async def test_guessing_codes_ends_with_a_wait(client: httpx.AsyncClient, settings: Settings) -> None:
    await invite(settings)
    answers = [await client.post(f"{BASE}/code", data={"code": "X"}) for _ in range(101)]
    assert answers[99].status_code == 422
    assert answers[100].status_code == 429


async def test_first_page_of_a_mixed_survey_leads_to_the_code(client: httpx.AsyncClient, settings: Settings) -> None:
    _, token = await invite(settings, who="mixed")
    link = f'href="{BASE}/code"'
    assert link in (await client.get(BASE)).text
    assert link in (await client.get(BASE, headers={"accept-encoding": "identity"})).text
    assert link not in (await client.get(f"{BASE}/i/{token}")).text


async def test_pages_in_a_frame_have_no_menu_and_open_tabs(client: httpx.AsyncClient, settings: Settings) -> None:
    frame = {"sec-fetch-dest": "iframe"}
    _, token = await invite(settings, who="mixed", sites=("https://a.example",))
    plain, framed = await client.get(BASE), await client.get(BASE, headers=frame)
    assert "c-footer" in plain.text
    assert 'target="_blank"' not in plain.text
    assert "c-footer" not in framed.text
    assert '<a class="govuk-link" href="/en/privacy" target="_blank" rel="noopener">' in framed.text
    assert f'<a class="govuk-link" href="{BASE}/code">' in framed.text
    for shown in (plain, framed, await client.get(f"{BASE}/code"), await client.get(f"{BASE}/i/{token}")):
        assert "frame-ancestors 'self' https://a.example" in shown.headers["content-security-policy"]
        assert "sec-fetch-dest" in shown.headers["vary"]
        assert "x-frame-options" not in shown.headers
    await invite(settings, survey(key="unframed"), who="mixed")
    other = await client.get("/en/surveys/unframed", headers=frame)
    assert "c-footer" in other.text
    assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
    assert other.headers["vary"] == "accept-encoding"
