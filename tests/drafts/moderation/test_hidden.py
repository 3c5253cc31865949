"""Comments hidden after publication: a note stands where each was, and the public log counts what was done."""

from datetime import timedelta

import httpx

from consult import storage
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import queries as comments
from consult.drafts.moderation import hidden
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, the_articles


async def test_a_note_stands_where_a_published_comment_was(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING + timedelta(days=2)
    draft = await a_draft(moderation="after")
    article = (await the_articles(draft))[0]
    made = [
        await a_comment(
            draft,
            article=article.id,
            text=f"Збор {number}",
            email="a@example.org",
            at=DURING + timedelta(hours=number),
        )
        for number in range(5)
    ]
    for number in (0, 2, 4):
        await comment_operations.refuse_comment(
            made[number].id, reason="insult", base_url=BASE_URL, actor=None, at=clock.now
        )
    address = f"/en/drafts/{draft.slug}/articles/1/comments"
    page = (await client.get(address)).text
    places = [page.index(f'id="comment-{one.number}"') for one in made]
    assert places == sorted(places, reverse=True)
    assert page.count("was hidden: It insults or threatens somebody.") == 3
    assert not any(f"Збор {number}" in page for number in (0, 2, 4))

    for size in (1, 2):  # the two that are shown, on two pages and on one
        seen = []
        for number in range(1, 3 - size // 2):
            found = await comments.published_comments(draft.id, article.id, number=number, size=size)
            notes = await hidden.notes(draft.id, article.id, found)
            seen += [note.number for one in notes.before.values() for note in one] + [one.number for one in notes.last]
        assert seen == [made[4].number, made[2].number, made[0].number]

    assert (await client.get(f"/mk/drafts/{draft.slug}/comment/{made[2].number}")).status_code == 410
    assert (await client.get(f"/mk/drafts/{draft.slug}/comment/{made[3].number}")).status_code == 200
    slip = await client.get(f"/en/drafts/{draft.slug}/comments/{made[2].id}")
    assert "Your comment was published and is now hidden." in slip.text
    letters = await storage.fetch("select subject, body_text from notification")
    assert len(letters) == 3
    assert all("Навредува" in row["body_text"] for row in letters)

    await comment_operations.publish_comment(made[2].id, base_url=BASE_URL, actor=None, at=clock.now)
    assert "Збор 2" in (await client.get(address)).text
    rules = await client.get(f"/en/drafts/{draft.slug}/moderation")
    assert "published at once" in rules.text
    assert "hidden after publication" in rules.text
    assert "published after all" in rules.text
    assert f"/mk/drafts/{draft.slug}/moderation" in (await client.get("/mk/moderation")).text
    assert (await client.get("/en/drafts/none/moderation")).status_code == 404
