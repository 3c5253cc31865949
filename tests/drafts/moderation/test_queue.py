"""The queue of moderators and acts on many comments."""

import re
from datetime import timedelta

import httpx
import pytest

from consult import storage
from consult.drafts.answers import operations as answers
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment, State
from consult.drafts.moderation import operations, queries
from consult.drafts.moderation.queue import Action, Effect, Filter, Obstacle, Outcome, effect_of, plan, token
from consult.errors import Invalid
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, the_articles, the_comment
from tests.people.makers import staff

QUEUE = "/staff/en/comments"


async def test_each_filter_leaves_what_it_says(db: None) -> None:
    draft = await a_draft(moderation="after")
    first, _ = await the_articles(draft)
    other = await a_draft(slug="other")
    await a_comment(other, text="waits", at=DURING + timedelta(hours=2))
    await a_comment(other, article=(await the_articles(other))[1].id, text="asks", language="ka", kind="question")
    await a_comment(draft, article=first.id, text="unchecked", at=DURING + timedelta(hours=1))
    hidden = await a_comment(draft, text="hidden", language="en")
    refused = await a_comment(other, text="refused", language="en", at=DURING + timedelta(hours=3))
    for one in (hidden, refused):
        await comment_operations.refuse_comment(one.id, reason="insult", base_url=BASE_URL, actor=None, at=DURING)

    async def texts(**wanted: object) -> list[str]:
        found = await queries.queue(Filter(**wanted))  # type: ignore[arg-type]
        assert found.total == len(found.items)
        return [one.text for one in await comments.by_ids(found.items)]

    assert await texts() == ["asks", "waits"]
    assert await texts(draft=draft.id) == []
    assert await texts(status="unchecked") == await texts(status="unanswered") == ["unchecked"]
    assert await texts(status="prepared") == []
    assert await texts(status="refused") == ["refused", "hidden"]
    assert await texts(status="hidden") == ["hidden"]
    assert await texts(draft=draft.id, article="1", status="all") == ["unchecked"]
    assert await texts(draft=draft.id, article="0", status="all") == ["hidden"]
    assert await texts(kind="question") == await texts(language="ka") == ["asks"]
    assert await texts(language="other", status="all") == []
    assert await texts(before=DURING + timedelta(minutes=1)) == ["asks"]
    page = await queries.queue(Filter(status="all"), number=2, size=2)
    assert (page.total, [one.text for one in await comments.by_ids(page.items)]) == (5, ["unchecked", "hidden"])
    assert await queries.waiting_counts() == (2, 1)


async def five() -> dict[str, Comment]:
    """A waiting, a published, an answered, a refused and an erased comment."""
    draft = await a_draft()
    made = {name: await a_comment(draft, text=name, email="a@example.org") for name in ("waits", "erased", "refused")}
    made |= {name: await a_comment(draft, text=name, published=True) for name in ("public", "answered")}
    await answers.answer_comment(
        made["answered"].id, decision="noted", reason={"mk": "Благодариме."}, actor=None, at=DURING
    )
    await comment_operations.refuse_comment(
        made["refused"].id, reason="insult", base_url=BASE_URL, actor=None, at=DURING
    )
    await comment_operations.refuse_comment(
        made["erased"].id, reason="insult", base_url=BASE_URL, actor=None, at=DURING
    )
    await comment_operations.erase_comment(made["erased"].id, with_text=False, reason="Law", actor=None, at=DURING)
    return {name: await the_comment(one.id) for name, one in made.items()}


async def test_an_act_does_to_each_comment_what_was_confirmed_and_nothing_else(db: None) -> None:
    made = await five()
    said = {name: [effect_of(action, one) for action in Action] for name, one in made.items()}
    assert said == {
        "waits": [Effect.PUBLISH, Obstacle.NOT_PUBLISHED, Effect.REFUSE],
        "erased": [Obstacle.ERASED, Obstacle.NOT_PUBLISHED, Obstacle.REFUSED],
        "refused": [Effect.PUBLISH, Obstacle.NOT_PUBLISHED, Obstacle.REFUSED],
        "public": [Obstacle.PUBLISHED, Obstacle.CHECKED, Effect.HIDE],
        "answered": [Obstacle.PUBLISHED, Obstacle.CHECKED, Obstacle.ANSWERED],
    }
    planned = plan(Action.REFUSE, made.values(), ["2026-9999"])
    assert {effect: len(found) for effect, found in planned.effects.items()} == {Effect.REFUSE: 1, Effect.HIDE: 1}
    assert planned.letters == 1
    assert planned.obstacles[Obstacle.UNKNOWN] == ("2026-9999",)

    seen = [token(one) for one in made.values()]
    await comment_operations.publish_comment(made["waits"].id, base_url=BASE_URL, actor=None, at=DURING)

    async def refuse(reason: str = "hatred") -> Outcome:
        return await operations.carry_out(
            Action.REFUSE, seen=[*seen, "2026-9999|"], reason=reason, base_url=BASE_URL, actor=None, at=DURING
        )

    with pytest.raises(Invalid):
        await refuse("ugly")
    done = await refuse()
    assert done.effects == {Effect.HIDE: (made["public"].number,)}
    assert done.obstacles[Obstacle.QUICKER] == (made["waits"].number,)
    assert done.obstacles[Obstacle.ANSWERED] == (made["answered"].number,)
    assert {name: (await the_comment(one.id)).state for name, one in made.items()} == {
        "waits": State.PUBLISHED,
        "erased": State.REFUSED,
        "refused": State.REFUSED,
        "public": State.REFUSED,
        "answered": State.PUBLISHED,
    }
    acts = await storage.fetchval("select count(*) from audit_entry where kind = 'comment.hidden'")
    assert acts == 1


async def test_the_queue_leads_through_choice_and_confirmation_to_what_was_done(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    clock.now = DURING
    draft = await a_draft(moderation="after")
    made = [await a_comment(draft, text=f"Коментар {number}", at=DURING) for number in range(3)]
    assert (await client.get(QUEUE)).status_code == 303
    await staff(client, DURING, "moderator")
    assert "status=unchecked" in (await client.get("/staff/en")).text
    page = await client.get(QUEUE, params={"status": "unchecked", "draft": draft.slug, "age": "1", "all": "1"})
    assert page.status_code == 200
    page = await client.get(QUEUE, params={"status": "unchecked", "draft": draft.slug, "all": "1"})
    assert page.text.count(" checked>") == 3
    for wrong in ({"status": "x"}, {"draft": "x"}, {"kind": "x"}, {"language": "x"}, {"age": "2"}):
        assert (await client.get(QUEUE, params=wrong)).status_code == 404

    refused = await client.post(f"{QUEUE}/confirm", data={"status": "unchecked", "chosen": made[0].number})
    assert refused.status_code == 422
    assert refused.text.count(" checked>") == 1
    form = {"status": "unchecked", "action": "check"}
    confirm = await client.post(f"{QUEUE}/confirm", data={**form, "chosen": [one.number for one in made]})
    assert "3 comments will count as checked." in confirm.text
    seen = re.findall(r'name="seen" value="([^"]+)"', confirm.text)
    assert len(seen) == 3
    await client.post(f"{QUEUE}/{made[0].number}/check")
    done = await client.post(f"{QUEUE}/carry-out", data={**form, "seen": seen})
    assert "2 comments count as checked." in done.text
    assert "You have done this already." in done.text
    assert (await queries.waiting_counts()) == (0, 0)
    nothing = await client.post(f"{QUEUE}/confirm", data={**form, "chosen": made[0].number})
    assert 'name="seen"' not in nothing.text
