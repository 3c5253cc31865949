"""Comments as open data: everything that pages show, nothing that they hide."""

from __future__ import annotations

import csv
import io

import httpx

from consult.drafts.comments import operations as comment_operations
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, an_answer, released, the_articles


async def test_files_hold_what_everybody_may_read(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft()
    article = (await the_articles(draft))[0]
    one = await a_comment(
        draft, article=article.id, text="=1+1; „цитат“, ред\nнов", name="Ана", email="ana@example.org", published=True
    )
    reply = await a_comment(draft, text="მეც.", language="ka", reply_to=one, published=True)
    await a_comment(draft, text="Чека проверка.")
    refused = await a_comment(draft, text="Реклама.", published=True)
    await comment_operations.refuse_comment(refused.id, reason="advertising", base_url=BASE_URL, actor=None, at=DURING)
    await an_answer(one, "accepted", mk="Да.", en="Yes.")
    await released(draft)

    sent = await client.get(f"/open-data/drafts/{draft.slug}/comments.csv")
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == [reply.number, one.number]
    first = rows[1]
    assert first["text"] == "'=1+1; „цитат“, ред\nнов"
    assert (first["article"], first["decision"], first["answer_en"], first["led_to"]) == ("1", "accepted", "Yes.", "")
    assert (rows[0]["reply_to"], rows[0]["language"]) == (one.number, "ka")
    assert "ana@example.org" not in sent.text
    assert sent.headers["content-disposition"].startswith("attachment")

    found = (await client.get(f"/open-data/drafts/{draft.slug}/comments.json")).json()
    assert found["title"] == draft.title
    assert [comment["number"] for comment in found["comments"]] == [reply.number, one.number]
    assert found["comments"][1]["text"] == "=1+1; „цитат“, ред\nнов"
    assert set(found["comments"][0]) == set(rows[0])

    said = (await client.get("/open-data/comments-dictionary.json")).json()
    assert {field["field"] for field in said} == set(rows[0])
    assert all(set(field["says"]) == {"mk", "ka", "en"} for field in said)
    table = (await client.get("/open-data/comments-dictionary.csv")).content.decode("utf-8-sig")
    assert "accepted" in table
    assert (await client.get("/open-data/drafts/none/comments.csv")).status_code == 404
