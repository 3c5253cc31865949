"""The page of one comment, support, files and the clerk's pages, as a browser gets them."""

import re
from datetime import datetime

import httpx
import pytest

from consult import storage
from consult.drafts.comments import operations
from consult.drafts.comments.comment import Comment
from consult.drafts.draft import Draft
from tests.conftest import Clock
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, an_answer, released, the_articles, the_comment
from tests.people.makers import staff
from tests.portal.makers import statements
from tests.records.makers import a_pdf

FORM = "/mk/drafts/tree-rows/comments"
ALL = "/mk/drafts/tree-rows/articles/all/comments"


@pytest.fixture
async def draft(client: httpx.AsyncClient, clock: Clock) -> Draft:
    clock.now = DURING
    return await a_draft()


def at(comment: Comment) -> str:
    return f"/mk/drafts/tree-rows/comment/{comment.number}"


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def publish(comment: Comment, when: datetime = DURING) -> None:
    await operations.publish_comment(comment.id, base_url=BASE_URL, actor=None, at=when)


async def test_one_click_supports_and_a_second_takes_it_back(
    client: httpx.AsyncClient, draft: Draft, clock: Clock
) -> None:
    comment = await a_comment(draft)
    assert (await client.get(at(comment))).status_code == 404
    await publish(comment)
    shown = await client.get(at(comment))
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    assert "set-cookie" not in shown.headers
    done = await client.post(f"{at(comment)}/support")
    assert done.headers["location"] == f"{at(comment)}?done=supported"
    assert "supporter=" in done.headers["set-cookie"]
    assert "HttpOnly" in done.headers["set-cookie"]
    after = await client.get(done.headers["location"])
    assert 'name="withdraw"' in after.text
    assert (await client.post(f"{at(comment)}/support")).headers["location"].endswith("done=before")
    assert (await the_comment(comment.id)).supports == 1
    taken = await client.post(f"{at(comment)}/support", data={"withdraw": "1"})
    assert taken.headers["location"].endswith("done=withdrawn")
    assert (await the_comment(comment.id)).supports == 0
    assert (await client.post(f"{at(comment)}/support", headers={"sec-fetch-site": "cross-site"})).status_code == 403
    clock.now = AFTER
    assert (await client.post(f"{at(comment)}/support")).status_code == 409


async def test_a_letter_confirms_support(client: httpx.AsyncClient, draft: Draft) -> None:
    comment = await a_comment(draft, published=True)
    wrong = await client.post(f"{at(comment)}/support/letter", data={"email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    sent = await client.post(f"{at(comment)}/support/letter", data={"email": "ana@example.org"})
    assert sent.headers["location"].endswith("done=mailed")
    body = await storage.fetchval("select body_text from notification")
    link = re.search(r"http\S+(/mk/support/\S+)", body)
    assert link
    assert (await client.get(link[1])).status_code == 200
    assert (await the_comment(comment.id)).supports == 0
    assert (await client.post(link[1])).headers["location"].endswith("done=supported")
    assert (await client.post(link[1])).headers["location"].endswith("done=before")
    assert (await the_comment(comment.id)).supports == 1
    assert (await client.get(link[1][:-3] + "AAA")).status_code == 404


async def test_a_quote_a_reply_and_files_go_through_the_form(client: httpx.AsyncClient, draft: Draft) -> None:
    article = (await the_articles(draft))[1]
    form = await client.get(FORM, params={"article": str(article.id), "quote": "секои три", "quote_before": "На "})
    assert "секои три</textarea>" in form.text
    said = {**hidden(form.text), "quote": "секои пет", "text": "Повеќе.", "kind": "objection", "written_in": "sq"}
    files = {"file-1": ("план.pdf", a_pdf()), "file-2": ("x.exe", b"MZ")}
    wrong = await client.post(FORM, data=said, files=files)
    assert wrong.status_code == 422
    assert 'href="#file-2"' in wrong.text
    assert "план.pdf" in wrong.text
    wrong = await client.post(FORM, data=said)
    assert 'href="#quote"' in wrong.text
    sent = await client.post(FORM, data=said | {"quote": "секои три"})
    assert sent.status_code == 303
    comment = await the_comment((await storage.fetch("select id from comment"))[0]["id"])
    assert (comment.quote, comment.language, comment.kind) == ("секои три", "sq", "objection")
    file_id = await storage.fetchval("select id from attachment where record = 'comment'")
    assert (await client.get(f"{at(comment)}/files/{file_id}")).status_code == 404
    await publish(comment)
    got = await client.get(f"{at(comment)}/files/{file_id}")
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    other = await a_comment(draft, published=True)
    assert (await client.get(f"{at(other)}/files/{file_id}")).status_code == 404
    form = await client.get(FORM, params={"reply": comment.number})
    sent = await client.post(FORM, data={**hidden(form.text), "text": "Така е."})
    assert sent.status_code == 303
    reply = await the_comment(await storage.fetchval("select id from comment where reply_to is not null"))
    assert (await client.get(FORM, params={"reply": reply.number})).status_code == 404
    await publish(reply)
    for address in (at(comment), "/mk/drafts/tree-rows/articles/2/comments", f"{ALL}?order=support"):
        async with statements() as asked:
            assert "Така е." in (await client.get(address)).text
        assert len(asked) <= 20, asked
    api = (await client.get("/api/v1/drafts/tree-rows/comments")).json()["items"]
    assert {one["number"]: (one["reply_to"], one["quote"], one["supports"]) for one in api}[comment.number] == (
        None,
        "секои три",
        0,
    )
    assert not {"email", "postal", "letters_in", "entered_by"} & set(api[0])


async def test_a_clerk_enters_a_letter_and_prints_its_slip(client: httpx.AsyncClient, draft: Draft) -> None:
    address = "/staff/mk/comments/new"
    assert (await client.get(address)).status_code == 303
    await staff(client, DURING, "clerk")
    assert "tree-rows" in (await client.get(address)).text
    form = await client.get(address, params={"draft": draft.slug})
    said = {**hidden(form.text), "text": "Со рака.", "channel": "letter", "postal": "Ул. 1", "kind": "support"}
    wrong = await client.post(address, data=said | {"received_on": "2026-99-99"})
    assert wrong.status_code == 422
    assert "Со рака.</textarea>" in wrong.text
    sent = await client.post(address, data=said | {"received_on": "2026-11-10"})
    number = re.search(r"comments/([\d-]+)/slip", sent.headers["location"])
    assert number
    slip = await client.get(sent.headers["location"])
    assert number[1] in slip.text
    assert "<svg" in slip.text
    assert "Ул. 1" in slip.text
    assert "Ул. 1" not in (await client.get("/api/v1/drafts/tree-rows/comments")).text
    assert f"{number[1]}/slip" not in (await client.get(address)).text
    entered = await the_comment(await storage.fetchval("select id from comment"))
    await publish(entered)
    await an_answer(await the_comment(entered.id), mk="Прифатено е.")
    await released(draft)
    assert f"{number[1]}/slip" in (await client.get(address)).text
    assert "Прифатено е." in (await client.get(sent.headers["location"])).text
    await client.post(f"/staff/mk/comments/{number[1]}/posted")
    assert f"{number[1]}/slip" not in (await client.get(address)).text
    assert await storage.fetchval("select postal from comment") == ""
    own = await a_comment(draft)
    assert (await client.get(f"/staff/mk/comments/{own.number}/slip")).status_code == 404
