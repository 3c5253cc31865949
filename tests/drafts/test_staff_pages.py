"""Staff pages of drafts and comments, and their JSON, as a browser gets them."""

import httpx
import pytest

from consult import storage
from consult.drafts import queries
from consult.drafts.comments.comment import State
from tests.conftest import Clock
from tests.consultations.makers import DURING, a_consultation
from tests.drafts.makers import TEXTS, a_comment, a_draft, the_articles, the_comment
from tests.people.makers import staff

DRAFTS = "/staff/mk/drafts"
COMMENTS = "/staff/mk/comments"
NEW = {"slug": "tree-rows", "title-mk": "Дрвореди", "title-en": "Tree rows", "moderation": "before"}


@pytest.fixture
async def browser(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    """A browser in which an administrator is signed in."""
    clock.now = DURING
    await staff(client, DURING, "admin")
    return client


def fields(texts: dict[str, str], **more: str) -> dict[str, str]:
    return {**{f"text-{language}": text for language, text in texts.items()}, **more}


async def test_a_draft_is_made_written_and_published(browser: httpx.AsyncClient) -> None:
    consultation = await a_consultation()
    assert (await browser.get(f"{DRAFTS}/new")).status_code == 200
    made = await browser.post(f"{DRAFTS}/new", data={**NEW, "consultation": str(consultation.id)})
    assert (made.status_code, made.headers["location"]) == (303, f"{DRAFTS}/tree-rows")
    saved = await browser.post(
        f"{DRAFTS}/tree-rows", data=fields(TEXTS, action="publish", **{"memorandum-mk": "Зошто"})
    )
    assert (saved.status_code, saved.headers["location"]) == (303, f"{DRAFTS}/tree-rows/publish")
    assert (await browser.get(f"{DRAFTS}/tree-rows/publish")).status_code == 200
    assert (await browser.post(f"{DRAFTS}/tree-rows/publish")).status_code == 303
    reading = await queries.reading("tree-rows", DURING)
    assert reading is not None
    assert [a.number for a in reading.articles] == ["1", "2"]
    assert reading.version.memorandum == {"mk": "Зошто"}
    assert reading.draft.consultation == consultation


async def test_a_second_version_shows_what_becomes_of_each_article(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    changed = TEXTS["mk"].replace("се сади едно дрво", "се садат две дрва") + "\n## Член 3. Глоба\nГлоба од 300 евра.\n"
    await browser.post(f"{DRAFTS}/{draft.slug}", data=fields({"mk": changed}, action="save"))
    page = (await browser.get(f"/staff/en/drafts/{draft.slug}/publish")).text
    assert page.count("govuk-tag--green") == 1
    assert 'id="reason-mk"' in page
    refused = await browser.post(f"{DRAFTS}/{draft.slug}/publish", data={"reason-en": "Because."})
    assert refused.status_code == 422
    assert "Because." in refused.text
    unseen = await browser.post(f"{DRAFTS}/{draft.slug}/publish", data={"reason-mk": "Затоа."})
    assert (unseen.status_code, 'href="#confirmed"' in unseen.text) == (422, True)
    confirmed = {"reason-mk": "Затоа.", "confirmed": "1"}
    accepted = await browser.post(f"{DRAFTS}/{draft.slug}/publish", data=confirmed)
    assert accepted.status_code == 303
    assert len(await the_articles(draft)) == 3


async def test_a_preview_stores_nothing_and_names_problems_by_line(browser: httpx.AsyncClient) -> None:
    draft = await a_draft(published=False)
    text = "## Член 1. Прв\nТекст <script>x</script>\n## Погрешно\n"
    page = await browser.post(f"{DRAFTS}/{draft.slug}", data=fields({"mk": text}, action="preview"))
    assert page.status_code == 200
    assert 'href="#text-mk"' in page.text
    assert "## Погрешно" in page.text
    assert "<script>x" not in page.text
    working = await queries.working_copy(draft.id)
    assert working is not None
    assert working.texts == TEXTS


async def test_a_working_copy_is_saved_with_its_problems_and_not_published(browser: httpx.AsyncClient) -> None:
    draft = await a_draft(published=False)
    page = await browser.post(f"{DRAFTS}/{draft.slug}", data=fields({"mk": "## Погрешно"}, action="publish"))
    assert page.status_code == 200
    working = await queries.working_copy(draft.id)
    assert working is not None
    assert working.texts == {"mk": "## Погрешно"}
    assert (await browser.post(f"{DRAFTS}/{draft.slug}/publish")).status_code == 422
    assert await queries.version(draft.id) is None


async def test_the_settings_of_a_draft_are_checked_and_kept(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    wrong = await browser.post(
        f"{DRAFTS}/{draft.slug}/settings",
        data={**NEW, "slug": "x", "consultation": "y", "closes_on": "z", "title-en": "Kept"},
    )
    assert wrong.status_code == 422
    assert "Kept" in wrong.text
    right = await browser.post(f"{DRAFTS}/{draft.slug}/settings", data={**NEW, "moderation": "after"})
    assert right.status_code == 303
    found = await queries.draft(draft.slug)
    assert found is not None
    assert found.moderation.value == "after"


async def test_a_moderator_publishes_and_refuses(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    one = await a_comment(draft, text="Прв", email="ana@example.org")
    two = await a_comment(draft, text="Втор")
    queue = await browser.get(COMMENTS)
    assert "Прв" in queue.text
    page = await browser.get(f"{COMMENTS}/{one.number}")
    assert page.status_code == 200
    led = await browser.post(f"{COMMENTS}/{one.number}/publish")
    assert led.headers["location"] == f"{COMMENTS}/{two.number}"
    assert (await browser.post(f"{COMMENTS}/{two.number}/refuse")).status_code == 422
    assert (await browser.post(f"{COMMENTS}/{two.number}/refuse", data={"refusal": "insult"})).status_code == 303
    assert (await the_comment(two.id)).state is State.REFUSED
    actors = await storage.fetch(
        "select distinct actor is null as nobody from audit_entry where kind like 'comment.%ed'"
    )
    assert {row["nobody"] for row in actors} == {True, False}


async def test_erasing_is_for_administrators_and_needs_a_ground(browser: httpx.AsyncClient, clock: Clock) -> None:
    draft = await a_draft()
    made = await a_comment(draft, name="Елена")
    assert (await browser.post(f"{COMMENTS}/{made.number}/erase")).status_code == 422
    erased = await browser.post(f"{COMMENTS}/{made.number}/erase", data={"ground": "Барање", "with_text": "1"})
    assert erased.status_code == 303
    assert ((await the_comment(made.id)).name, (await the_comment(made.id)).text) == ("", "")
    assert (await browser.get(f"{COMMENTS}/{made.number}")).status_code == 200
    await staff(browser, clock.now, "moderator", email="m@example.org")
    assert (await browser.post(f"{COMMENTS}/{made.number}/erase", data={"ground": "x"})).status_code == 403


async def test_the_queue_is_filtered(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    first, second = await the_articles(draft)
    await a_comment(draft, article=first.id, text="За прв")
    await a_comment(draft, article=second.id, text="За втор")
    page = (await browser.get(COMMENTS, params={"draft": draft.slug, "article": "1"})).text
    assert "За прв" in page
    assert "За втор" not in page
    assert (await browser.get(COMMENTS, params={"status": "gone"})).status_code == 404
    assert (await browser.get(COMMENTS, params={"draft": "nowhere"})).status_code == 404
    assert (await browser.get(f"{COMMENTS}/2026-9999")).status_code == 404


async def test_strangers_and_other_roles_do_not_come_in(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft()
    comment = await a_comment(draft)
    client.headers["sec-fetch-site"] = "same-origin"
    assert (await client.get(COMMENTS)).status_code == 303
    assert (await client.post(f"{COMMENTS}/{comment.number}/publish")).status_code == 303
    assert (await the_comment(comment.id)).state is State.SUBMITTED
    await staff(client, DURING, "analyst")
    assert (await client.get(DRAFTS)).status_code == 200
    for path in (COMMENTS, f"{COMMENTS}/{comment.number}", f"{DRAFTS}/new"):
        assert (await client.get(path)).status_code == 403
    assert (await client.post(f"{DRAFTS}/{draft.slug}/publish")).status_code == 403


async def test_the_home_page_tells_how_many_wait(browser: httpx.AsyncClient) -> None:
    await a_comment(await a_draft())
    assert 'href="/staff/mk/comments"' in (await browser.get("/staff/mk")).text


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_page_is_there_in_every_language(browser: httpx.AsyncClient, language: str) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[0]
    one = await a_comment(draft, article=article.id, published=True)
    for path in (
        "drafts",
        "drafts/new",
        "drafts/tree-rows",
        "drafts/tree-rows/settings",
        "drafts/tree-rows/publish",
        "comments",
        "comments?status=all&draft=tree-rows&article=1",
        f"comments/{one.number}",
    ):
        page = await browser.get(f"/staff/{language}/{path}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in page.text


async def test_the_json_has_articles_and_published_comments_and_no_address(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    clock.now = DURING
    draft = await a_draft()
    await a_draft(slug="hidden", published=False)
    article = (await the_articles(draft))[0]
    await a_comment(draft, article=article.id, text="Видлив", email="ana@example.org", published=True)
    await a_comment(draft, text="Чека", email="ana@example.org")
    listed = (await client.get("/api/v1/drafts")).json()
    assert [one["slug"] for one in listed["items"]] == ["tree-rows"]
    one = (await client.get("/api/v1/drafts/tree-rows")).json()
    assert (one["version"], one["takes_comments"], one["comments"]) == (1, True, 1)
    assert one["articles"][0]["heading"]["ka"] == "საგანი"
    answer = await client.get("/api/v1/drafts/tree-rows/comments")
    assert [one["text"] for one in answer.json()["items"]] == ["Видлив"]
    assert "ana@example.org" not in answer.text
    for path in ("hidden", "nowhere", "hidden/comments", "tree-rows?version=9"):
        assert (await client.get(f"/api/v1/drafts/{path}")).status_code == 404
