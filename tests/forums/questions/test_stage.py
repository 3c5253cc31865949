"""The hall: near-equal questions proposed, the screen, the stage."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import httpx

from consult.forums.forum import Forum
from consult.forums.questions import operations, queries
from consult.forums.questions.grouping import proposals
from consult.forums.questions.question import Asked, Channel, Question, State
from tests.conftest import Clock
from tests.forums.makers import NOW, a_forum
from tests.people.makers import staff

A_QUESTION = Question(
    id=UUID(int=1), forum=UUID(int=9), number=1, session=None, head=None, language="en", text="", name="", email="",
    channel=Channel.WEB, state=State.PUBLISHED, refusal="", asked_at=NOW, published_at=NOW, shortlisted_at=None,
    answer={}, answered_at=None, erased_at=None, supports=0, alike=0,
)  # fmt: skip


def questions(*texts: str) -> list[Question]:
    return [replace(A_QUESTION, id=UUID(int=n), number=n, text=text) for n, text in enumerate(texts, start=1)]


def test_near_equal_questions_are_proposed_with_what_differs_unless_found_to_differ() -> None:
    asked = questions(
        "When will housing in the centre be affordable again?",
        "When will the trees be planted?",
        "When will housing in the centre be unaffordable again?",
    )
    (proposal,) = proposals(asked)
    assert (proposal.head.number, proposal.near[0].question.number) == (1, 3)
    assert proposal.near[0].differs == (("affordable", "unaffordable"),)
    assert proposals(asked, apart={frozenset((asked[0].id, asked[2].id))}) == ()
    supported = [asked[0], asked[1], replace(asked[2], supports=5)]
    assert proposals(supported)[0].head.number == 3


async def a_question(forum: Forum, text: str) -> Question:
    asked = Asked(text, "Ана")
    return await operations.ask(
        form_id=uuid4(), forum_slug=forum.slug, asked=asked, language="mk", at=NOW, channel=Channel.HALL
    )


async def test_staff_lead_the_screen_from_question_to_question(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    screen = f"/en/forums/{forum.slug}/screen"
    idle = await client.get(screen)
    assert "c-screen__code" in idle.text and "questions/new" in idle.text
    asked = [
        await a_question(forum, text)
        for text in ("Кога ќе се засадат дрвја на кејот?", "Кога ќе се засадат дрвјата на кејот?")
    ]
    await staff(client, clock.now, "clerk")
    hall = f"/staff/en/forums/{forum.id}"
    for one in asked:
        await client.post(f"{hall}/questions/{one.id}", data={"action": "shortlist"})
    await client.post(f"{hall}/stage", data={"action": "next"})
    shown = await client.get(f"{screen}?look=dark")
    assert asked[0].text in shown.text and 'lang="mk"' in shown.text and "c-screen--dark" in shown.text
    assert "set-cookie" not in shown.headers and shown.headers["cache-control"] == "no-store"
    for _ in range(2):  # a second click on the same button skips nothing
        await client.post(f"{hall}/stage", data={"action": "next", "question": str(asked[0].id)})
    assert (await queries.on_stage(forum.id)).id == asked[1].id  # type: ignore[union-attr]
    assert [one.id for one in await queries.for_minutes(forum.id)] == [asked[0].id]
    await client.post(f"{hall}/stage", data={"action": "hide"})
    assert await queries.on_stage(forum.id) is None
    assert (await client.get(f"{hall}/stage")).status_code == 200
    assert (await client.post(f"{hall}/stage", data={"action": "show", "question": "x"})).status_code == 404
    near = f"{hall}/questions/near"
    assert asked[1].text in (await client.get(near)).text
    chosen = {"head": str(asked[0].id), "near": str(asked[1].id)}
    await client.post(near, data={**chosen, "action": "apart"})
    assert asked[1].text not in (await client.get(near)).text
    await client.post(near, data={**chosen, "action": "group"})
    assert (await queries.question(asked[1].id)).head == asked[0].id  # type: ignore[union-attr]
    assert (await client.get("/en/forums/nowhere/screen")).status_code == 404
