"""Covering words of a comment, from the staff page to every page that shows it."""

import re

import asyncpg
import httpx
import pytest

from consult import storage
from consult.drafts.moderation import operations, queries
from consult.errors import Invalid
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, the_articles
from tests.people.makers import staff

SECRET = "070 123 456"
TEXT = "Јавете се на 070 123-456. Треба повеќе дрвја."


async def test_covered_words_are_on_no_page_but_those_of_moderators(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft()
    article = (await the_articles(draft))[1]
    comment = await a_comment(draft, article=article.id, text=TEXT, email="a@example.org", published=True)
    stranger = await client.get(f"/staff/mk/comments/{comment.number}/cover")
    assert stranger.status_code == 303
    await staff(client, DURING, "moderator")
    cover = f"/staff/en/comments/{comment.number}/cover"

    assert (await client.post(cover, data={"step": "find", "words": "071"})).status_code == 422
    found = await client.post(cover, data={"step": "find", "words": SECRET})
    places = re.findall(r'name="chosen" type="checkbox" value="([\d-]+)" checked', found.text)
    assert places == ["13-24"]
    chosen = {"step": "cover", "words": SECRET, "chosen": places}
    unreasoned = await client.post(cover, data=chosen)
    assert unreasoned.status_code == 422
    assert 'value="13-24" checked' in unreasoned.text
    assert (await client.post(cover, data={**chosen, "reason": "contact"})).status_code == 303
    assert "070 123-456" in (await client.get(cover)).text

    for address in (
        f"/mk/drafts/{draft.slug}",
        f"/mk/drafts/{draft.slug}/articles/2/comments",
        f"/ka/drafts/{draft.slug}/comments/{comment.id}",
        f"/api/v1/drafts/{draft.slug}/comments",
    ):
        page = await client.get(address)
        assert page.status_code == 200
        assert "123-456" not in page.text, address
        assert "повеќе дрвја" in page.text
    slip = await client.get(f"/en/drafts/{draft.slug}/comments/{comment.id}")
    assert "A moderator has covered some words." in slip.text
    letters = await storage.fetch("select body_text from notification where recipient = 'a@example.org'")
    assert len(letters) == 2
    assert not any("123" in row["body_text"] for row in letters)
    trail = await storage.fetchval(
        "select string_agg(after::text, '') from audit_entry where kind = 'moderation.covered'"
    )
    assert "123" not in trail

    covered = (await queries.redactions_of([comment.id]))[comment.id]
    assert (await client.post(f"{cover}/{covered[0].id}/withdraw")).status_code == 303
    assert "070 123-456" in (await client.get(f"/mk/drafts/{draft.slug}")).text


async def test_a_cover_is_made_once_and_only_ever_withdrawn(db: None) -> None:
    draft = await a_draft()
    comment = await a_comment(draft, text=TEXT)

    async def cover(*places: str, reason: str = "contact") -> int:
        return await operations.cover_words(
            comment.id, places=places, reason=reason, base_url=BASE_URL, actor=None, at=DURING
        )

    assert await cover("13-24", "13-24") == 1
    assert await cover("17-20") == 0
    for places, reason in (((), "contact"), (("0-3",), "contact"), (("26-31",), "ugly")):
        with pytest.raises(Invalid):
            await cover(*places, reason=reason)
    redaction = (await queries.redactions_of([comment.id]))[comment.id][0]
    for change in ("delete from comment_redaction", "update comment_redaction set ends = 14"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await storage.execute(change)
    for _ in range(2):
        await operations.uncover_words(redaction.id, actor=None, at=DURING)
    assert await queries.redactions_of([comment.id]) == {}
    assert await storage.fetchval("select text from comment") == TEXT
    counted = [(one.act, one.reason, one.count) for one in await queries.log(draft.id, "Europe/Skopje")]
    assert counted == [("covered", "contact", 1), ("uncovered", "contact", 1)]
