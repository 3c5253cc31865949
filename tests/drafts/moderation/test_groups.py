"""Groups of comments that say the same: found in the background, decided by a person, shown to everybody."""

import re
from datetime import timedelta

import asyncpg
import httpx
import pytest

from consult import storage
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments.comment import Comment
from consult.drafts.draft import Draft
from consult.drafts.moderation import group_operations as operations
from consult.drafts.moderation import groups
from consult.drafts.moderation.group_operations import GroupChanged
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft
from tests.people.makers import staff

TEXT = "The rents in the new building by the river must stay affordable for all of the families who live there."


async def campaign(draft: Draft, count: int = 4) -> list[Comment]:
    """Published comments in equal words, the last of them with the opposite sense."""
    texts = [TEXT] * (count - 1) + [TEXT.replace("affordable", "unaffordable")]
    return [
        await a_comment(
            draft,
            text=text,
            language="en",
            email=f"p{number // 2}@example.org",
            published=True,
            at=DURING + timedelta(minutes=number),
        )
        for number, text in enumerate(texts)
    ]


async def test_a_group_is_found_decided_and_shown_with_its_differing_words(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    clock.now = DURING + timedelta(hours=1)
    draft = await a_draft()
    made = await campaign(draft)
    await a_comment(draft, text="Нешто сосема друго.", published=True)
    address = f"/staff/en/drafts/{draft.slug}/groups"
    assert (await client.get(address)).status_code == 303
    await staff(client, clock.now, "moderator")
    assert (await client.post(f"{address}/search")).status_code == 303
    assert (await client.post(f"{address}/search")).status_code == 409
    assert await operations.find_groups(draft.id, at=clock.now) == 1
    assert await operations.find_groups(draft.id, at=clock.now) == 0

    listed = (await client.get(address)).text
    assert re.search(r"<del>.*affordable</del>\s*<ins>.*unaffordable</ins>", listed)
    assert "5 comments were compared," in listed
    assert "from 2 different e-mail addresses." in listed
    one = (await client.get(f"{address}/1")).text
    assert "4 comments" in one and "2 wordings" in one and "2 different e-mail addresses" in one
    assert "say the same" not in (await client.get(f"/en/drafts/{draft.slug}/articles/all/comments")).text
    assert await groups.members_of(made[0].id) == [made[0].id]

    assert (await client.post(f"{address}/1", data={})).status_code == 422
    assert (await client.post(f"{address}/1", data={"act": "out"})).status_code == 422
    assert (await client.post(f"{address}/1", data={"act": "confirm", "proposed": "3"})).status_code == 409
    out = await client.post(f"{address}/1", data={"act": "out", "chosen": made[3].number})
    assert out.status_code == 303
    assert (await client.post(f"{address}/1", data={"act": "confirm", "proposed": "3"})).status_code == 303
    assert await groups.members_of(made[1].id) == [comment.id for comment in made[:3]]
    assert await groups.members_of(made[3].id) == [made[3].id]

    everything = (await client.get(f"/en/drafts/{draft.slug}/articles/all/comments")).text
    assert everything.count("3 comments say the same") == 3
    same = (await client.get(f"/en/drafts/{draft.slug}/same/1")).text
    assert same.count(TEXT) == 3
    assert "unaffordable" not in same
    for wrong in (
        f"/en/drafts/{draft.slug}/same/2",
        f"/en/drafts/{draft.slug}/same/1?page=2",
        f"/en/drafts/{draft.slug}/same/{10**20}",
    ):
        assert (await client.get(wrong)).status_code == 404
    await comment_operations.refuse_comment(made[0].id, reason="insult", base_url=BASE_URL, actor=None, at=clock.now)
    assert "2 comments say the same" in (await client.get(f"/en/drafts/{draft.slug}/articles/all/comments")).text
    assert (await client.get(f"{address}?status=confirmed")).status_code == 200
    assert (await client.get(f"{address}?status=x")).status_code == 404


async def test_later_comments_are_proposed_for_their_group_and_decisions_stay(db: None) -> None:
    draft = await a_draft()
    made = await campaign(draft, 6)
    await operations.find_groups(draft.id, at=DURING)
    found = (await groups.of_draft(draft.id, "proposed")).items[0]
    assert (found.comments, found.proposed, found.wordings, found.head) == (6, 6, 2, made[0].id)
    fresh = await operations.take_out(found.id, comments=[made[0].id, made[1].id], split=True, actor=None, at=DURING)
    assert fresh == 2
    left = await groups.group(draft.id, 1)
    assert left is not None
    assert (left.comments, left.head) == (4, made[2].id)
    await operations.confirm_group(left.id, proposed=4, actor=None, at=DURING)
    with pytest.raises(GroupChanged):
        await operations.confirm_group(left.id, proposed=4, actor=None, at=DURING)
    with pytest.raises(GroupChanged):
        await operations.take_out(left.id, comments=[made[0].id], actor=None, at=DURING)
    with pytest.raises(asyncpg.UniqueViolationError):
        await storage.execute("update comment_group_member set state = 'proposed' where state = 'out'")

    late = await a_comment(draft, text=TEXT.upper(), language="en", published=True)
    assert await operations.find_groups(draft.id, at=DURING) == 1
    grown = (await groups.of_draft(draft.id, "proposed")).items
    assert [(one.number, one.comments, one.proposed) for one in grown] == [(1, 5, 1)]
    assert late.id not in await groups.members_of(made[2].id)
    await operations.dissolve_group(left.id, actor=None, at=DURING)
    assert await operations.find_groups(draft.id, at=DURING) == 0
    assert await groups.members_of(made[0].id) == [made[0].id, made[1].id]
    assert [one.people for one in (await groups.of_draft(draft.id, "confirmed")).items] == [1]
    kept = await storage.fetchval("select count(*) from comment")
    assert kept == 7


async def test_drafts_with_new_comments_are_searched_by_the_hour(db: None) -> None:
    draft = await a_draft()
    assert await operations.ask_where_news(at=DURING) == 0
    await a_comment(draft)
    assert await operations.ask_where_news(at=DURING) == 1
    assert await operations.ask_where_news(at=DURING) == 0
    await operations.find_groups(draft.id, at=DURING)
    assert await operations.ask_where_news(at=DURING + timedelta(hours=1)) == 0
    search = await groups.search(draft.id)
    assert search is not None
    assert (search.texts, search.people, search.is_running) == (1, 0, False)
