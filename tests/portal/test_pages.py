"""The public pages over several kinds, as a browser gets them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from consult.portal import operations, pages
from tests.conftest import NOON, Clock
from tests.consultations.makers import AFTER, DURING, a_consultation
from tests.drafts.makers import a_comment, a_draft
from tests.portal.makers import Town, a_town, attached, closes, more_answers, statements

PLAIN = ("", "open", "search", "how-it-works", "privacy", "accessibility", "open-data", "results", "forums")


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_page_of_an_empty_town_can_be_read(client: httpx.AsyncClient, language: str) -> None:
    for path in PLAIN:
        answer = await client.get(f"/{language}/{path}")
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["content-language"] == language
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.count("<h1") == 1
        assert "set-cookie" not in answer.headers


async def test_front_page_shows_what_is_open(client: httpx.AsyncClient) -> None:
    empty = (await client.get("/en/")).text
    assert "Nothing is open at the moment." in empty
    await a_town()
    full = (await client.get("/en/")).text
    assert "Nothing is open at the moment." not in full
    for path in ("drafts/tree-rows", "surveys/trees", "forums/citizens-forum"):
        assert f'href="/en/{path}"' in full


async def test_what_is_open_and_what_was_comes_page_by_page(
    client: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "OPEN_ITEMS", 2)
    monkeypatch.setattr(pages, "EARLIER_ITEMS", 2)
    empty = (await client.get("/en/open?view=earlier")).text
    assert "No consultation has ended yet." in empty
    for number in range(3):
        await a_consultation(slug=f"park-{number}")
    clock.now = DURING
    first, second = [(await client.get(f"/en/open?page={n}")).text for n in (1, 2)]
    linked = [set(re.findall(r'href="/en/consultations/(park-\d)"', each)) for each in (first, second)]
    assert [len(each) for each in linked] == [2, 1]
    assert linked[0] | linked[1] == {"park-0", "park-1", "park-2"}
    assert 'role="search"' in first
    assert 'href="/en/open?page=2"' in first
    for path in ("page=3", "view=earlier&page=2"):
        assert (await client.get(f"/en/open?{path}")).status_code == 404, path
    clock.now = AFTER
    assert (
        len(set(re.findall(r"consultations/(park-\d)", (await client.get("/en/open?view=earlier&page=2")).text))) == 1
    )


async def test_a_consultation_gathers_what_belongs_to_it(client: httpx.AsyncClient) -> None:
    await a_town()
    answer = (await client.get("/en/consultations/trees")).text
    for path in ("drafts/tree-rows", "surveys/trees", "surveys/trees/results", "forums/citizens-forum"):
        assert f'href="/en/{path}"' in answer, path
    assert answer.count('class="c-chart"') == 1
    assert "/static/charts-" in answer


async def test_a_consultation_hides_what_is_not_public(client: httpx.AsyncClient) -> None:
    town = await a_town(results_public=False)
    await a_draft(slug="secret-draft", consultation_id=town.consultation.id, published=False)
    answer = (await client.get("/en/consultations/trees")).text
    assert "c-chart" not in answer
    assert "surveys/trees/results" not in answer
    assert "secret-draft" not in answer
    await closes(town.survey, NOON + timedelta(days=3), opens_at=NOON + timedelta(days=1))
    assert 'href="/en/surveys/trees"' not in (await client.get("/en/consultations/trees")).text


async def test_a_consultation_in_preparation_does_not_exist(client: httpx.AsyncClient) -> None:
    await a_consultation(published=False)
    assert (await client.get("/en/consultations/trees")).status_code == 404
    assert (await client.get("/en/consultations/none")).status_code == 404


async def test_a_draft_page_takes_few_questions(client: httpx.AsyncClient) -> None:
    town = await a_town()
    await attached(town)
    await operations.freeze(evidence_id=await attached(town, article=1), by=town.clerk, at=NOON)
    for number in range(5):
        await a_comment(town.draft, article=town.articles[number % 2].id, published=True)
    await client.get("/en/drafts/tree-rows")
    async with statements() as asked:
        answer = await client.get("/en/drafts/tree-rows")
    assert answer.status_code == 200
    assert 3 <= len(asked) <= 12, asked


async def test_a_consultation_page_takes_few_questions(client: httpx.AsyncClient) -> None:
    await a_town()
    await client.get("/en/consultations/trees")
    async with statements() as asked:
        answer = await client.get("/en/consultations/trees")
    assert answer.status_code == 200
    assert 4 <= len(asked) <= 20, asked


def shares(page: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)? ?%", page.partition('<figure class="c-chart')[2])


async def test_charts_stand_beside_their_article_live_and_frozen(client: httpx.AsyncClient) -> None:
    town = await a_town()
    chart = await attached(town)
    live = (await client.get("/en/drafts/tree-rows")).text
    assert live.count('<figure class="c-chart') == 1
    assert live.index('id="article-1"') < live.index('<figure class="c-chart') < live.index('id="article-2"')
    assert re.search(r"\b30\b", live)
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    frozen = (await client.get("/en/drafts/tree-rows")).text
    await more_answers(town, 40)
    assert (await client.get("/en/drafts/tree-rows")).text == frozen
    assert shares(frozen) == shares(live)


async def test_a_live_chart_changes_with_the_answers(client: httpx.AsyncClient) -> None:
    town = await a_town()
    await attached(town)
    before = (await client.get("/en/drafts/tree-rows")).text
    await more_answers(town, 40)
    after = (await client.get("/en/drafts/tree-rows")).text
    assert shares(before) != shares(after)


async def test_the_figure_of_an_attached_chart_is_data(client: httpx.AsyncClient) -> None:
    town = await a_town(results_public=False)
    chart = await attached(town)
    answer = await client.get(f"/en/drafts/tree-rows/charts/{chart}.json")
    assert answer.headers["content-type"] == "application/json"
    assert {"data", "layout"} <= set(answer.json())
    for name in (f"{uuid4()}.json", "x.json", "..json"):
        assert (await client.get(f"/en/drafts/tree-rows/charts/{name}")).status_code == 404


async def test_a_draft_in_preparation_and_unknown_versions_do_not_exist(client: httpx.AsyncClient) -> None:
    await a_town()
    await a_draft(slug="secret", published=False)
    assert (await client.get("/en/drafts/tree-rows/versions/1")).status_code == 200
    for path in ("secret", "none", "tree-rows/versions/2", "tree-rows/versions/0", "tree-rows/versions/x",
                 "tree-rows/versions/99999999999999999999", "tree-rows/versions/-1"):  # fmt: skip
        assert (await client.get(f"/en/drafts/{path}")).status_code == 404, path


async def test_open_data_lists_only_public_results(client: httpx.AsyncClient) -> None:
    await a_town(results_public=False)
    assert "/api/v1/surveys/trees/results" not in (await client.get("/en/open-data")).text
    assert "/api/v1/drafts/tree-rows" in (await client.get("/en/open-data")).text


async def test_a_page_that_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_town()
    for path in ("/mk/", "/mk/consultations/trees", "/mk/drafts/tree-rows", "/mk/forums/citizens-forum"):
        first = await client.get(path)
        assert first.headers["cache-control"] == "public, no-cache"
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        other = await client.get(path, headers={"if-none-match": 'W/"000"'})
        assert other.status_code == 200


async def test_a_trailing_slash_leads_to_the_same_page(client: httpx.AsyncClient) -> None:
    await a_town()
    for path in ("/mk", "/mk/open", "/mk/drafts/tree-rows", "/mk/consultations/trees"):
        assert (await client.get(path)).status_code == 200
        assert (await client.get(path + "/")).status_code == 200


async def test_a_language_that_the_town_does_not_speak_is_no_page(client: httpx.AsyncClient) -> None:
    await a_town()
    for path in (
        "fr/",
        "fr/open",
        "de/drafts/tree-rows",
        "MK/open",
        "xx/search?q=a",
        "fr/feed.atom",
        "fr/calendar.ics",
    ):
        answer = await client.get(f"/{path}")
        assert answer.status_code == 404, path
        assert "<h1" in answer.text


async def town_paths(town: Town) -> list[str]:
    return ["/mk/", "/mk/drafts/tree-rows", "/mk/surveys/trees", "/mk/feed.atom", "/sitemap.xml", "/robots.txt",
            "/mk/search?q=a", "/mk/surveys/trees/results", "/healthz", "/api/v1/drafts"]  # fmt: skip


async def test_monitors_may_ask_with_head(client: httpx.AsyncClient) -> None:
    for path in await town_paths(await a_town()):
        asked, got = await client.head(path), await client.get(path)
        assert (asked.status_code, asked.content) == (200, b""), path
        assert asked.headers["content-type"] == got.headers["content-type"]
        assert "content-security-policy" in asked.headers
    assert (await client.head("/mk/none")).status_code == 404
    assert (await client.head("/staff/mk/sign-out")).status_code == 405
