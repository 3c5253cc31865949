"""The public pages of comments, as a browser gets them."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from consult import storage
from consult.app import build
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments.comment import LONGEST_TEXT
from consult.drafts.draft import Draft
from consult.profile import load_profile
from consult.settings import Settings, resource
from tests.conftest import Clock
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, an_answer, released, the_articles

FORM = "/mk/drafts/tree-rows/comments"


@pytest.fixture
async def draft(client: httpx.AsyncClient, clock: Clock) -> Draft:
    clock.now = DURING
    return await a_draft()


async def a_form(client: httpx.AsyncClient, article: UUID | None = None, language: str = "mk") -> dict[str, str]:
    """The hidden fields of a fresh form."""
    address = FORM.replace("/mk/", f"/{language}/")
    got = await client.get(address, params={"article": str(article)} if article else {})
    assert got.status_code == 200
    assert got.headers["cache-control"] == "no-store"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', got.text))


async def stored() -> int:
    return int(await storage.fetchval("select count(*) from comment"))


async def test_a_comment_is_sent_and_leads_to_its_slip(client: httpx.AsyncClient, draft: Draft) -> None:
    article = (await the_articles(draft))[1]
    fields = await a_form(client, article.id)
    answer = await client.post(FORM, data={**fields, "text": "Кој ги полева?", "name": "Елена П.", "kind": "question"})
    assert answer.status_code == 303
    slip = await client.get(answer.headers["location"])
    assert slip.status_code == 200
    assert 'id="receipt"' in slip.text
    assert "2026-0001" in slip.text
    assert "Кој ги полева?" in slip.text
    assert slip.headers["cache-control"] == "no-store"
    assert "set-cookie" not in slip.headers


async def test_a_double_click_gets_the_same_slip(client: httpx.AsyncClient, draft: Draft) -> None:
    fields = {**await a_form(client), "text": "Дрвја."}
    first = await client.post(FORM, data=fields)
    second = await client.post(FORM, data=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert await stored() == 1


async def test_the_same_form_with_other_words_keeps_them_and_offers_a_new_form(
    client: httpx.AsyncClient, draft: Draft
) -> None:
    fields = await a_form(client)
    await client.post(FORM, data={**fields, "text": "Прво."})
    answer = await client.post(FORM, data={**fields, "text": "Второ."})
    assert answer.status_code == 409
    assert "Второ." in answer.text
    fresh = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))
    assert fresh["form"] != fields["form"]
    assert (await client.post(FORM, data={**fresh, "text": "Второ."})).status_code == 303
    assert await stored() == 2


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"text": "", "name": "Елена"}, "Елена"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "x" * (LONGEST_TEXT + 1)),
        ({"text": "ж" * 2**19}, "ж" * 1000),
        ({"text": "Текст", "email": "nobody"}, "Текст"),
        ({"text": "Текст", "name": "n" * 81}, "Текст"),
        ({"text": "Текст", "kind": "shout"}, "Текст"),
    ],
)
async def test_what_is_wrong_is_named_and_what_was_typed_is_kept(
    client: httpx.AsyncClient, draft: Draft, fields: dict[str, str], kept: str
) -> None:
    answer = await client.post(FORM, data={**await a_form(client), **fields})
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text
    assert kept in answer.text
    assert await stored() == 0


async def test_an_altered_form_keeps_the_words(client: httpx.AsyncClient, draft: Draft) -> None:
    answer = await client.post(FORM, data={"form": f"{uuid4()}.x", "text": "Моите зборови"})
    assert answer.status_code == 409
    assert "Моите зборови" in answer.text
    assert await stored() == 0


async def test_nul_and_broken_text_are_refused(client: httpx.AsyncClient, draft: Draft) -> None:
    fields = await a_form(client)
    nul = await client.post(FORM, data={**fields, "text": "a\0b"})
    broken = await client.post(
        FORM, content=b"text=%ff%fe", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (nul.status_code, broken.status_code) == (400, 400)
    assert await stored() == 0


async def test_another_sites_form_is_refused(client: httpx.AsyncClient, draft: Draft) -> None:
    fields = {**await a_form(client), "text": "x"}
    answer = await client.post(FORM, data=fields, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert await stored() == 0


async def test_a_closed_draft_shows_no_form_and_keeps_what_comes_too_late(
    client: httpx.AsyncClient, draft: Draft, clock: Clock
) -> None:
    fields = {**await a_form(client), "text": "Предоцна"}
    clock.now = AFTER
    assert "comment-form" not in (await client.get(FORM)).text
    answer = await client.post(FORM, data=fields)
    assert answer.status_code == 409
    assert "Предоцна" in answer.text
    assert await stored() == 0


async def test_changing_the_language_keeps_what_was_typed(client: httpx.AsyncClient, draft: Draft) -> None:
    fields = await a_form(client)
    answer = await client.post(FORM, data={**fields, "text": "Половина", "language": "ka"})
    assert answer.status_code == 200
    assert '<html lang="ka"' in answer.text
    assert "Половина" in answer.text
    assert fields["form"] in answer.text
    assert await stored() == 0


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_language_has_its_form(client: httpx.AsyncClient, draft: Draft, language: str) -> None:
    fields = await a_form(client, (await the_articles(draft))[0].id, language)
    answer = await client.post(f"/{language}/drafts/tree-rows/comments", data={**fields, "text": "x"})
    assert answer.headers["location"].startswith(f"/{language}/drafts/tree-rows/comments/")
    assert await storage.fetchval("select language from comment") == language


async def test_markup_in_a_comment_is_shown_and_not_run(client: httpx.AsyncClient, draft: Draft) -> None:
    await a_comment(draft, text="<script>alert(1)</script>", name="<b>Ана</b>", published=True)
    page = await client.get("/mk/drafts/tree-rows/articles/all/comments")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<b>Ана" not in page.text


async def test_only_published_comments_are_listed(client: httpx.AsyncClient, draft: Draft) -> None:
    first, second = await the_articles(draft)
    await a_comment(draft, article=first.id, text="Видлив", published=True, email="ana@example.org")
    await a_comment(draft, article=first.id, text="Чека")
    await a_comment(draft, article=second.id, text="Друг", published=True)
    page = (await client.get("/mk/drafts/tree-rows/articles/1/comments")).text
    assert "Видлив" in page
    assert "Чека" not in page
    assert "Друг" not in page
    assert "ana@example.org" not in page


async def test_a_long_list_has_pages(client: httpx.AsyncClient, draft: Draft) -> None:
    for number in range(26):
        await a_comment(draft, text=f"Коментар {number}", published=True)
    first = await client.get("/mk/drafts/tree-rows/articles/draft/comments")
    second = await client.get("/mk/drafts/tree-rows/articles/draft/comments?page=2")
    assert "?page=2" in first.text
    assert first.text.count('class="c-comment"') == 25
    assert second.text.count('class="c-comment"') == 1
    assert (await client.get("/mk/drafts/tree-rows/articles/draft/comments?page=3")).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/mk/drafts/nowhere/comments",
        "/xx/drafts/tree-rows/comments",
        "/mk/drafts/tree-rows/articles/9/comments",
        f"/mk/drafts/tree-rows/comments/{UUID(int=1)}",
        f"/mk/drafts/tree-rows/comments?article={UUID(int=1)}",
        "/mk/drafts/hidden/comments",
    ],
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, draft: Draft, address: str) -> None:
    await a_draft(slug="hidden", published=False)
    assert (await client.get(address)).status_code == 404


async def test_what_an_address_asks_wrongly_is_refused(client: httpx.AsyncClient, draft: Draft) -> None:
    assert (await client.get("/mk/drafts/tree-rows/comments?article=4")).status_code == 400


async def test_the_slip_tells_what_became_of_it(client: httpx.AsyncClient, draft: Draft) -> None:
    comment = await a_comment(draft, text="Моите зборови")
    address = f"{FORM}/{comment.id}"
    await comment_operations.refuse_comment(comment.id, reason="unrelated", base_url=BASE_URL, actor=None, at=DURING)
    refused = (await client.get(address)).text
    assert "c-notice--warning" in refused
    assert "Моите зборови" in refused
    await comment_operations.publish_comment(comment.id, base_url=BASE_URL, actor=None, at=DURING)
    await an_answer(comment, "partly", mk="Затоа што…")
    assert "Затоа што…" not in (await client.get(address)).text
    await released(draft)
    assert "Затоа што…" in (await client.get(address)).text
    assert (await client.get(f"/mk/drafts/other/comments/{comment.id}")).status_code == 404


async def test_flood_from_one_network_is_asked_to_wait_and_keeps_its_words(
    draft: Draft, clock: Clock, settings: Settings
) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    application = build(replace(settings, comments_per_network=4), profile, clock=clock)
    here, away = (httpx.ASGITransport(app=application.asgi, client=(at, 1)) for at in ("192.0.2.1", "198.51.100.9"))
    client = httpx.AsyncClient(transport=here, base_url="http://consult.test")
    neighbour = httpx.AsyncClient(transport=away, base_url="http://consult.test")
    for _ in range(4):
        assert (await client.post(FORM, data={**await a_form(client), "text": "Дрвја."})).status_code == 303
    assert (await client.post(FORM, data={**await a_form(client), "text": ""})).status_code == 429
    fields = {**await a_form(client, language="en"), "text": "Shade & <b>benches</b>", "name": "Elena"}
    late = await client.post(FORM.replace("/mk/", "/en/"), data=fields)
    assert (late.status_code, late.headers["retry-after"]) == (429, "300")
    assert "wait five minutes" in late.text
    assert "Shade &amp; &lt;b&gt;benches&lt;/b&gt;</textarea>" in late.text
    assert f'name="form" value="{fields["form"]}"' in late.text
    assert (await neighbour.post(FORM, data={**await a_form(neighbour), "text": "Клупи."})).status_code == 303
    clock.now += timedelta(minutes=5)
    assert (await client.post(FORM, data=fields)).status_code == 303
    assert await stored() == 6
