"""The staff page for charts on articles: works, stranger, wrong role, bad input."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from consult.portal import queries
from tests.conftest import Clock
from tests.drafts.makers import a_draft
from tests.people.makers import staff
from tests.portal.makers import a_town, attached

NOBODY = UUID(int=4 << 76)
ATTACH = "/staff/en/results/trees/attach"
PAGE = "/staff/en/drafts/tree-rows/charts"


async def test_a_chart_is_attached_frozen_and_taken_away(client: httpx.AsyncClient, clock: Clock) -> None:
    town = await a_town()
    await staff(client, clock.now, "designer")
    article, chart = str(town.articles[0].id), f"{town.survey}:q"
    shown = (await client.get(PAGE)).text
    assert f'value="{article}"' in shown
    assert f'value="{chart}"' in shown
    sent = await client.post(PAGE, data={"article": article, "chart": chart})
    assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
    page = (await client.get(PAGE)).text
    freeze = re.search(rf'action="({PAGE}/[^"]+/freeze)"', page)
    assert freeze is not None
    assert (await client.post(freeze[1])).status_code == 303
    page = (await client.get(PAGE)).text
    assert "Frozen on 20 November 2026" in page
    assert "/freeze" not in page
    assert (await client.post(freeze[1])).status_code == 409
    detach = re.search(rf'action="({PAGE}/[^"]+/detach)"', page)
    assert detach is not None
    assert (await client.post(detach[1])).status_code == 303
    assert await queries.of_draft(town.draft.id) == {}
    assert (await client.post(detach[1])).status_code == 404


async def test_bad_input_is_told_and_what_was_chosen_stays(client: httpx.AsyncClient, clock: Clock) -> None:
    town = await a_town()
    await staff(client, clock.now, "analyst")
    article, chart = str(town.articles[1].id), f"{town.survey}:q"
    none = await client.post(PAGE, data={})
    assert none.status_code == 422
    assert "Choose the article that the chart belongs to." in none.text
    assert "Choose the question whose answers the chart shows." in none.text
    half = await client.post(PAGE, data={"article": article})
    assert half.status_code == 422
    assert re.search(rf'<option value="{article}" selected', half.text)
    for wrong in ("x", ":q", "\N{SNOWMAN}", f"{town.survey}"):
        assert (await client.post(PAGE, data={"article": article, "chart": wrong})).status_code in {404, 422}, wrong
    await attached(town, article=1)
    twice = await client.post(PAGE, data={"article": article, "chart": chart})
    assert twice.status_code == 422
    assert "This chart is attached to the article already." in twice.text
    assert re.search(rf'<option value="{chart}" selected', twice.text)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/{NOBODY}/freeze", f"{PAGE}/{NOBODY}/detach"])
async def test_strangers_sign_in_and_wrong_roles_are_refused(
    client: httpx.AsyncClient, clock: Clock, path: str
) -> None:
    town = await a_town()
    data = {"article": str(town.articles[0].id), "chart": f"{town.survey}:q"}
    stranger = await client.post(path, data=data, headers={"sec-fetch-site": "same-origin"})
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/staff/en/sign-in")
    await staff(client, clock.now, "moderator")
    assert (await client.post(path, data=data)).status_code == 403
    assert await queries.of_draft(town.draft.id) == {}


async def test_a_draft_without_a_version_says_what_comes_first(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_draft(published=False)
    await staff(client, clock.now, "designer")
    assert "Publish a version of the draft first" in (await client.get(PAGE)).text
    assert (await client.get("/staff/en/drafts/none/charts")).status_code == 404


async def test_a_chart_is_attached_from_where_it_was_found(client: httpx.AsyncClient, clock: Clock) -> None:
    town = await a_town()
    await staff(client, clock.now, "analyst")
    link = f'href="{ATTACH}?source=question%3Aq"'
    assert link in (await client.get("/staff/en/results/trees")).text
    shown = (await client.get(ATTACH, params={"source": "question:q"})).text
    assert "One tree for two spaces?" in shown and "<svg" in shown
    place = f"{town.draft.id}:{town.articles[1].id}"
    assert f'<option value="{place}"' in shown
    none = await client.post(ATTACH, data={"source": "question:q"})
    assert none.status_code == 422 and "Choose the article that the chart belongs to." in none.text
    sent = await client.post(ATTACH, data={"source": "question:q", "article": place, "keep": "frozen"})
    assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
    page = (await client.get(PAGE)).text
    assert "Frozen on 20 November 2026" in page and 'href="/staff/en/results/trees"' in page
    twice = await client.post(ATTACH, data={"source": "question:q", "article": place})
    assert twice.status_code == 422 and "This chart is attached to the article already." in twice.text


@pytest.mark.parametrize("source", ["", "question", "question:", "question:none", "magic:q"])
async def test_only_charts_that_exist_can_be_attached(client: httpx.AsyncClient, clock: Clock, source: str) -> None:
    town = await a_town()
    await staff(client, clock.now, "analyst")
    assert (await client.get(ATTACH, params={"source": source})).status_code in {400, 404}
    place = f"{town.draft.id}:{town.articles[1].id}"
    assert (await client.post(ATTACH, data={"source": source, "article": place})).status_code in {400, 404}
    assert (await client.get(ATTACH, params={"source": "question:" + "x" * 3000})).status_code == 409


async def test_attaching_is_for_designers_and_analysts(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_town()
    asked = {"source": "question:q"}
    assert (await client.get(ATTACH, params=asked)).headers["location"].startswith("/staff/en/sign-in?next=")
    await staff(client, clock.now, "moderator")
    assert (await client.get(ATTACH, params=asked)).status_code == 403
