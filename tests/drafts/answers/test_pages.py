"""The pages of answers, as a browser gets them."""

import httpx
import pytest

from consult import storage
from consult.drafts import operations as drafts
from consult.drafts.answers import queries
from consult.drafts.moderation import group_operations
from tests.conftest import Clock
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import TEXTS, a_comment, a_draft, an_answer, released, the_articles, the_comment
from tests.people.makers import staff

ANSWERS = "/staff/en/answers"
WHY = {"correction-mk": "Погрешно прочитано."}


@pytest.fixture
async def browser(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    """A browser in which a moderator is signed in, after the comments were closed."""
    clock.now = AFTER
    await staff(client, AFTER, "moderator")
    return client


async def test_an_answer_is_given_out_written_reviewed_released_and_corrected(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    made = await a_comment(draft, text="Повеќе дрвја", email="ana@example.org", published=True)
    one, release = f"{ANSWERS}/{made.number}", f"/staff/en/drafts/{draft.slug}/answers"
    assert "Повеќе дрвја" in (await browser.get(ANSWERS)).text
    assert "There is no unit yet." in (await browser.get(ANSWERS)).text
    assert (await browser.get(f"{ANSWERS}?view=mine&draft={draft.slug}&stage=reviewed")).status_code == 200
    for wrong in ("view=x", "view=all&stage=x", "draft=nowhere"):
        assert (await browser.get(f"{ANSWERS}?{wrong}")).status_code == 404
    await staff(browser, AFTER, "admin", email="admin@example.org")
    units = "/staff/en/units"
    assert (await browser.post(f"{units}/new", data={"name-en": "Parks"})).status_code == 422
    assert (await browser.post(f"{units}/new", data={"name-mk": "Паркови"})).status_code == 303
    unit = str(await storage.fetchval("select id from unit"))
    assert (await browser.post(f"{units}/{unit}", data={"name-mk": "Зеленило"})).status_code == 303
    assert "Зеленило" in (await browser.get(units)).text
    bulk = {"view": "all", "unit": unit}
    assert (await browser.post(f"{ANSWERS}/assign", data=bulk)).status_code == 422
    late = {"chosen": made.number, "due_on": "2026-12-24"}
    assert (await browser.post(f"{ANSWERS}/assign", data=bulk | late)).status_code == 422
    assert (await browser.post(f"{ANSWERS}/assign", data=bulk | {"everything": "1"})).status_code == 303
    assert (await browser.post(f"{one}/assign", data={"unit": "x"})).status_code == 422
    again = {"unit": unit, "due_on": "2026-12-24", "due_reason": "Чекаме мислење."}
    assert (await browser.post(f"{one}/assign", data=again)).status_code == 303
    assert "Чекаме мислење." in (await browser.get(one)).text
    kept = await browser.post(one, data={"decision": "partly", "reason-en": "Kept words"})
    assert (kept.status_code, "Kept words" in kept.text) == (422, True)
    assert (
        await browser.post(one, data={"decision": "partly", "reason-mk": "Дел.", "action": "send"})
    ).status_code == 303
    assert (await browser.post(f"{one}/approve")).status_code == 409
    await staff(browser, AFTER, "moderator", email="second@example.org")
    assert (await browser.post(f"{one}/return", data={"note": ""})).status_code == 422
    assert (await browser.post(f"{one}/approve")).status_code == 303
    assert "1 reviewed answer" in (await browser.get(release)).text
    waiting = await a_comment(draft, text="Доцна", published=True)
    assert (await browser.post(release)).status_code == 422
    assert (await browser.post(release, data={"partial": "1"})).status_code == 303
    assert (await the_comment(made.id)).released_answer is not None
    assert (await browser.post(release, data={"partial": "1"})).status_code == 409
    assert (await browser.post(one, data={"decision": "noted", "reason-mk": "Н."})).status_code == 422
    assert (await browser.post(one, data={"decision": "noted", "reason-mk": "Н.", **WHY})).status_code == 303
    assert (await browser.post(f"{one}/send")).status_code == 303
    await staff(browser, AFTER, "moderator", email="third@example.org")
    assert (await browser.post(f"{one}/approve")).status_code == 303
    assert (await browser.post(release, data={"partial": "1"})).status_code == 303
    slip = (await browser.get(f"/mk/drafts/{draft.slug}/comments/{made.id}")).text
    assert "Погрешно прочитано." in slip
    assert "Дел." in slip
    assert (await browser.get(f"{ANSWERS}/{waiting.number}")).status_code == 200
    assert (await browser.get(f"{ANSWERS}/2026-9999")).status_code == 404
    same = [await a_comment(draft, text="Повеќе сенка во центарот на градот, ве молиме.", published=True) for _ in "ab"]
    await group_operations.find_groups(draft.id, at=AFTER)
    group = await storage.fetchval("select id from comment_group")
    await group_operations.confirm_group(group, proposed=2, actor=None, at=AFTER)
    both = {"decision": "noted", "reason-mk": "Заедно.", "for_group": "1"}
    assert (await browser.post(f"{ANSWERS}/{same[0].number}", data=both)).status_code == 303
    assert (await queries.in_work(same[1].id)) is not None


async def test_only_moderators_and_the_unit_of_a_comment_write(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = AFTER
    draft = await a_draft()
    made = await a_comment(draft, published=True)
    one = f"{ANSWERS}/{made.number}"
    answer = {"decision": "noted", "reason-mk": "Н."}
    client.headers["sec-fetch-site"] = "same-origin"
    assert (await client.post(one, data=answer)).status_code == 303
    assert await queries.in_work(made.id) is None
    clerk = await staff(client, AFTER, "clerk")
    assert (await client.get(one)).status_code == 200
    for path in ("", "/send", "/approve", "/return", "/assign"):
        assert (await client.post(one + path, data=answer)).status_code == 403
    assert (await client.post(f"/staff/en/drafts/{draft.slug}/answers")).status_code == 403
    assert (await client.get("/staff/en/units")).status_code == 403
    hidden = await a_comment(draft, text="Чека проверка")
    assert (await client.get(f"{ANSWERS}/{hidden.number}")).status_code == 404
    await storage.execute("insert into unit (id, key, name) values (gen_random_uuid(), 'u', '{}')")
    await storage.execute(
        "insert into unit_member (id, unit, person) select gen_random_uuid(), u.id, $1 from unit u", clerk.id
    )
    await storage.execute(
        "insert into comment_assignment (comment, unit, assigned_at) select $1, u.id, now() from unit u", made.id
    )
    assert (await client.post(one, data=answer)).status_code == 303
    assert made.number in (await client.get(ANSWERS)).text


async def test_staff_note_what_changed_and_residents_see_it(browser: httpx.AsyncClient) -> None:
    draft = await a_draft()
    _, trees = await the_articles(draft)
    made = await a_comment(draft, article=trees.id, text="Две!", published=True)
    await an_answer(made, at=DURING)
    await released(draft, at=AFTER)
    page = f"/staff/en/drafts/{draft.slug}/effects"
    assert "only one version" in (await browser.get(page)).text
    texts = {"mk": TEXTS["mk"].replace("се сади едно дрво", "се садат две дрва")}
    await drafts.save_working_version(draft_id=draft.id, texts=texts, memorandum={}, actor=None, at=AFTER)
    await drafts.publish_version(draft.id, reason={"mk": "Коментари."}, actor=None, at=AFTER)
    shown = (await browser.get(page)).text
    assert "две дрва" in shown
    assert "1 comment was accepted" in shown
    fields = {"version": "2", "article": str(trees.id), "effect": f"0:{made.id}"}
    for wrong in ({"effect": "x"}, {"article": "x"}, {"version": "9"}, {"version": "9" * 20}):
        assert (await browser.post(page, data=fields | wrong)).status_code == 404
    assert (await browser.post(page, data=fields | {"effect": f"5:{made.id}"})).status_code == 409
    assert (await browser.post(page, data=fields)).status_code == 303
    assert " checked" in (await browser.get(f"{page}?version=2")).text
    assert (await browser.get(f"{page}?version=7")).status_code == 404
    listed = (await browser.get(f"/en/drafts/{draft.slug}/articles/2/comments")).text
    assert "садат две дрва" in listed
    reading = (await browser.get(f"/en/drafts/{draft.slug}")).text
    assert "Changed by comments" in reading
    assert f"/comment/{made.number}" in reading
    told = (await browser.get(f"/api/v1/drafts/{draft.slug}/answers")).json()
    assert told["coverage"]["leading_to_text"] == 1
    assert [(one["comment"], one["answer"]["changes"][0]["version"]) for one in told["items"]] == [(made.number, 2)]
    listed_too = (await browser.get(f"/api/v1/drafts/{draft.slug}/comments")).json()
    assert listed_too["items"][0]["answer"] == told["items"][0]["answer"]
    assert (await browser.get("/api/v1/drafts/nowhere/answers")).status_code == 404
