"""Sending, checking, answering and erasing comments, on a real database."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from consult import i18n, storage
from consult.drafts import operations
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import State, Submission
from consult.drafts.comments.operations import (
    CommentsClosed,
    OtherWords,
)
from consult.errors import Invalid, NotFound
from consult.profile import load_profile
from consult.records.queries import history
from consult.settings import resource
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import BASE_URL, TEXTS, a_comment, a_draft, the_articles, the_comment

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


async def test_a_comment_waits_for_a_check(db: None) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[1]
    made = await a_comment(draft, article=article.id, name="Елена П.", email=ANNA)
    assert made.number == "2026-0001"
    assert (made.state, made.article_number, made.version_number) == (State.SUBMITTED, "2", 1)
    assert made.is_waiting
    assert (await comments.published_comments(draft.id)).total == 0


async def test_numbers_have_no_gaps_and_begin_anew_each_year(db: None) -> None:
    draft = await a_draft(in_consultation=False)
    numbers = [(await a_comment(draft, text=str(n))).number for n in range(3)]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
    assert (await a_comment(draft, at=DURING + timedelta(days=60))).number == "2027-0001"


async def test_a_double_click_is_stored_once(db: None) -> None:
    draft = await a_draft()
    form = uuid4()
    both = await asyncio.gather(*(a_comment(draft, form_id=form) for _ in range(5)))
    assert {one.number for one in both} == {"2026-0001"}
    assert await storage.fetchval("select count(*) from comment") == 1
    assert await storage.fetchval("select last from comment_number") == 1


async def test_the_same_form_with_other_words_is_refused(db: None) -> None:
    draft = await a_draft()
    form = uuid4()
    await a_comment(draft, form_id=form)
    with pytest.raises(OtherWords):
        await a_comment(draft, form_id=form, text="Други зборови.")


async def test_the_same_form_sent_again_after_closing_still_gets_its_receipt(db: None) -> None:
    draft = await a_draft()
    form = uuid4()
    made = await a_comment(draft, form_id=form)
    assert await a_comment(draft, form_id=form, at=AFTER) == made


async def test_a_closed_draft_takes_no_comment(db: None) -> None:
    draft = await a_draft()
    with pytest.raises(CommentsClosed):
        await a_comment(draft, at=AFTER)


async def test_a_comment_needs_words_and_a_place_that_exists(db: None) -> None:
    draft = await a_draft()
    with pytest.raises(Invalid):
        await a_comment(draft, text="  ")
    with pytest.raises(NotFound):
        await a_comment(draft, article=uuid4())
    hidden = await a_draft(slug="hidden", published=False)
    with pytest.raises(NotFound):
        await a_comment(hidden)


async def test_a_comment_stays_on_the_version_its_author_read(db: None) -> None:
    draft = await a_draft()
    await operations.save_working_version(
        draft_id=draft.id, texts={"mk": TEXTS["mk"]}, memorandum={}, actor=None, at=DURING
    )
    await operations.publish_version(draft.id, reason={"mk": "x"}, actor=None, at=DURING)
    made = await a_comment(draft)
    assert made.version_number == 1


async def test_checking_afterwards_publishes_at_once(db: None) -> None:
    draft = await a_draft(moderation="after")
    made = await a_comment(draft)
    assert made.state is State.PUBLISHED
    await refuse(made.id)
    assert (await the_comment(made.id)).published_at is None


async def test_publishing_shows_it_and_tells_its_author_once(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft, email=ANNA)
    await publish(made.id)
    await publish(made.id)
    assert [one.number for one in (await comments.published_comments(draft.id)).items] == [made.number]
    ((recipient, subject, body),) = await letters()
    assert recipient == ANNA
    assert "2026-0001" in subject
    assert f"{BASE_URL}/mk/drafts/tree-rows/comments/{made.id}" in body
    kinds = [entry.kind for entry in await history("comment", made.id)]
    assert kinds == ["comment.submitted", "comment.published"]


async def test_refusing_needs_a_reason_of_the_public_list(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft, email=ANNA)
    with pytest.raises(Invalid):
        await refuse(made.id, "dislike")
    await refuse(made.id)
    await refuse(made.id)
    found = await the_comment(made.id)
    assert (found.state, found.refusal) == (State.REFUSED, "insult")
    assert found.text == "Треба повеќе дрвја."
    assert len(await letters()) == 1
    await publish(made.id)
    assert (await the_comment(made.id)).state is State.PUBLISHED


async def test_without_an_address_nobody_is_written_to(db: None) -> None:
    draft = await a_draft()
    await a_comment(draft, published=True)
    assert await letters() == []


async def test_erasing_blanks_the_person_and_if_ordered_the_words(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft, name="Елена П.", email=ANNA, published=True)
    with pytest.raises(Invalid):
        await comment_operations.erase_comment(made.id, with_text=False, reason=" ", actor=None, at=AFTER)
    await comment_operations.erase_comment(made.id, with_text=False, reason="Барање.", actor=None, at=AFTER)
    found = await the_comment(made.id)
    assert (found.name, found.email, found.text) == ("", "", "Треба повеќе дрвја.")
    await comment_operations.erase_comment(made.id, with_text=True, reason="Суд.", actor=None, at=AFTER)
    assert (await the_comment(made.id)).text == ""
    trail = str([(entry.before, entry.after) for entry in await history("comment", made.id)])
    assert "Елена" not in trail
    assert ANNA not in trail


async def test_comments_of_an_article_of_the_whole_and_of_everything(db: None) -> None:
    draft = await a_draft()
    first, _ = await the_articles(draft)
    await a_comment(draft, article=first.id, text="a", published=True)
    await a_comment(draft, text="b", published=True, at=DURING + timedelta(hours=1))
    assert [c.text for c in (await comments.published_comments(draft.id, first.id)).items] == ["a"]
    assert [c.text for c in (await comments.published_comments(draft.id, whole_draft=True)).items] == ["b"]
    assert [c.text for c in (await comments.published_comments(draft.id)).items] == ["b", "a"]


@pytest.mark.parametrize(
    "statement",
    [
        "update comment set text = 'other'",
        "update comment set text = ''",
        "update comment set name = 'Somebody'",
        "update comment set email = 'x@example.org'",
        "update comment set number = '2026-9999'",
        "update comment set submitted_at = submitted_at - interval '1 day'",
        "update comment set article = null",
        "update comment set text = 'other', name = '', email = '', erased_at = now()",
        "delete from comment",
    ],
)
async def test_the_database_refuses_to_change_what_somebody_wrote(db: None, statement: str) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[0]
    await a_comment(draft, article=article.id, name="Елена")
    with pytest.raises(asyncpg.RestrictViolationError):
        await storage.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update comment set state = 'published'",
        "update comment set state = 'refused'",
        "update comment set state = 'hidden'",
        "update comment set supports = -1",
        "insert into reasoned_answer (id, comment, decision, reason, decided_at) "
        "select gen_random_uuid(), id, 'noted', '{}', now() from comment",
    ],
)
async def test_the_database_refuses_a_state_that_cannot_be(db: None, statement: str) -> None:
    await a_comment(await a_draft())
    with pytest.raises(asyncpg.CheckViolationError):
        await storage.execute(statement)


async def test_a_submission_that_is_too_long_is_not_stored(db: None) -> None:
    draft = await a_draft()
    with pytest.raises(Invalid):
        await comment_operations.submit_comment(
            form_id=uuid4(),
            draft_slug=draft.slug,
            version=1,
            article_id=None,
            language="mk",
            submission=Submission("x" * 2**20),
            at=DURING,
        )
    assert await storage.fetchval("select count(*) from comment") == 0
