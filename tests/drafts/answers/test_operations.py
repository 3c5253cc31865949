"""Reasoned answers, on a real database."""

from uuid import UUID

import asyncpg
import pytest

from consult import i18n, storage
from consult.drafts.answers import operations as answers
from consult.drafts.answers.answer import Decision
from consult.drafts.answers.operations import AnswerReleased, NotAnswerable
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments.operations import AlreadyDecided
from consult.drafts.moderation import queries as moderation
from consult.drafts.moderation.queue import Filter
from consult.errors import Invalid
from consult.profile import load_profile
from consult.settings import resource
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import BASE_URL, a_comment, a_draft, the_comment

ANNA = "ana@example.org"


@pytest.fixture(autouse=True)
def languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def letters() -> list[tuple[str, str, str]]:
    rows = await storage.fetch("select recipient, subject, body_text from notification order by created_at, event")
    return [(row["recipient"], row["subject"], row["body_text"]) for row in rows]


async def publish(comment_id: UUID) -> None:
    await comment_operations.publish_comment(comment_id, base_url=BASE_URL, actor=None, at=DURING)


async def refuse(comment_id: UUID, reason: str = "insult") -> None:
    await comment_operations.refuse_comment(comment_id, reason=reason, base_url=BASE_URL, actor=None, at=DURING)


async def answer(comment_id: UUID, decision: str = "accepted", **reason: str) -> None:
    await answers.answer_comment(comment_id, decision=decision, reason=reason or {"mk": "Да."}, actor=None, at=AFTER)


async def test_an_answer_is_prepared_in_silence_and_released_together(db: None) -> None:
    draft = await a_draft()
    one = await a_comment(draft, email=ANNA, published=True)
    two = await a_comment(draft, text="Второ", published=True)
    await answer(one.id, "partly", mk="Делумно, затоа што…")
    await answer(two.id, "rejected")
    assert (await the_comment(one.id)).released_answer is None
    assert (await moderation.queue(Filter(status="prepared"))).total == 2
    released = await answers.release_answers(draft.id, base_url=BASE_URL, actor=None, at=AFTER)
    assert released == 2
    found = await the_comment(one.id)
    assert found.released_answer is not None
    assert found.released_answer.decision is Decision.PARTLY
    assert found.email == ""
    assert [(to, "Делумно" in body) for to, _, body in await letters()] == [(ANNA, False), (ANNA, True)]
    assert await answers.release_answers(draft.id, base_url=BASE_URL, actor=None, at=AFTER) == 0


async def test_an_answer_needs_a_decision_and_a_reason_in_the_language_of_the_comment(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft, language="ka", text="მეტი ხე.", published=True)
    with pytest.raises(Invalid) as refused:
        await answer(made.id, "perhaps", mk="Да.")
    assert [p.place for p in refused.value.problems] == ["decision", "reason-ka"]
    await answer(made.id, "accepted", ka="დიახ.")
    await answer(made.id, "noted", ka="გავითვალისწინებთ.")
    found = await the_comment(made.id)
    assert found.answer is not None
    assert found.answer.decision is Decision.NOTED


async def test_only_published_comments_are_answered_and_released_answers_stay(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft)
    with pytest.raises(NotAnswerable):
        await answer(made.id)
    await publish(made.id)
    await answer(made.id)
    with pytest.raises(AlreadyDecided):
        await refuse(made.id)
    await answers.release_answers(draft.id, base_url=BASE_URL, actor=None, at=AFTER)
    with pytest.raises(AnswerReleased):
        await answer(made.id, "rejected")
    with pytest.raises(asyncpg.RestrictViolationError):
        await storage.execute('update reasoned_answer set reason = \'{"mk": "x"}\'')
