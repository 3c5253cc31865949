"""Reasoned answers, on a real database: from the unit to the correction."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from consult import i18n, storage
from consult.drafts import operations as drafts
from consult.drafts import queries as draft_queries
from consult.drafts.answers import effect_operations, effect_queries, queries, worklist_queries
from consult.drafts.answers import operations as answers
from consult.drafts.answers.answer import Decision, Stage
from consult.drafts.answers.assigning import assign_comments
from consult.drafts.answers.due import Basis, Due
from consult.drafts.answers.operations import (
    AnswerReleased,
    NotAnswerable,
    NothingToCorrect,
    NothingToRelease,
    OwnAnswer,
    ReleaseIsPartial,
)
from consult.drafts.answers.showing import completed
from consult.drafts.answers.worklist import Wanted
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments.comment import Comment
from consult.drafts.comments.operations import AlreadyDecided
from consult.errors import Invalid, NotFound
from consult.people.unit_operations import save_unit
from consult.profile import load_profile
from consult.settings import resource
from tests.consultations.makers import AFTER, DURING
from tests.drafts.makers import (
    BASE_URL,
    REVIEWER,
    TEXTS,
    WRITER,
    a_comment,
    a_draft,
    an_answer,
    released,
    the_articles,
    the_comment,
)
from tests.people.makers import a_person

ANNA = "ana@example.org"
APPEAL = {"mk": "Ако не се согласувате, обратете се до Градот."}


@pytest.fixture(autouse=True)
def languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def letters() -> list[tuple[str, str]]:
    rows = await storage.fetch("select recipient, body_text from notification where event like 'comment.answered%'")
    return [(row["recipient"], row["body_text"]) for row in rows]


async def write(comment: Comment, decision: str = "accepted", **reason: str) -> None:
    await answers.answer_comment(comment.id, decision=decision, reason=reason or {"mk": "Да."}, actor=WRITER, at=AFTER)


async def work_on(comment: Comment) -> Stage:
    found = await queries.in_work(comment.id)
    assert found is not None
    return found.stage


async def test_an_answer_is_written_reviewed_by_another_and_released_with_the_others(db: None) -> None:
    draft = await a_draft()
    one = await a_comment(draft, email=ANNA, published=True)
    two = await a_comment(draft, text="მეტი ხე.", language="ka", published=True)
    with pytest.raises(Invalid) as refused:
        await write(two, "perhaps", ka="დიახ.")
    assert [p.place for p in refused.value.problems] == ["decision", "reason-mk"]
    await write(one, "partly", mk="Делумно, затоа што…")
    assert (await the_comment(one.id)).released_answer is None
    with pytest.raises(NothingToRelease):
        await released(draft, at=AFTER)
    await answers.send_for_review(one.id, actor=WRITER, at=AFTER)
    with pytest.raises(OwnAnswer):
        await answers.approve_answer(one.id, actor=WRITER, at=AFTER)
    with pytest.raises(asyncpg.CheckViolationError):
        await storage.execute("update reasoned_answer set reviewed_at = now(), reviewed_by = $1", WRITER)
    with pytest.raises(Invalid):
        await answers.return_answer(one.id, note=" ", actor=REVIEWER, at=AFTER)
    await answers.return_answer(one.id, note="Кој дел?", actor=REVIEWER, at=AFTER)
    assert await work_on(one) is Stage.DRAFTED
    await an_answer(one, "partly", mk="Делумно, затоа што…", at=AFTER)
    with pytest.raises(ReleaseIsPartial):
        await answers.release_answers(draft.id, base_url=BASE_URL, actor=REVIEWER, at=AFTER)
    await an_answer(two, "rejected", ka="არა.", mk="Не.", at=AFTER)
    count = await answers.release_answers(draft.id, base_url=BASE_URL, actor=REVIEWER, at=AFTER, appeal=APPEAL)
    assert count == 2
    found = await the_comment(one.id)
    assert found.released_answer is not None
    assert (found.released_answer.decision, found.email) == (Decision.PARTLY, "")
    ((recipient, body),) = await letters()
    assert recipient == ANNA
    assert "Делумно, затоа што…" in body
    assert APPEAL["mk"] in body
    assert f"/mk/drafts/tree-rows/comments/{one.id}" in body
    coverage = await queries.coverage(draft.id)
    assert (coverage.comments, coverage.answered, coverage.partly, coverage.rejected) == (2, 2, 1, 1)


async def test_what_is_released_stays_and_a_correction_takes_its_place(db: None) -> None:
    draft = await a_draft()
    made = await a_comment(draft)
    with pytest.raises(NotAnswerable):
        await write(made)
    await comment_operations.publish_comment(made.id, base_url=BASE_URL, actor=None, at=DURING)
    await write(made)
    with pytest.raises(AlreadyDecided):
        await comment_operations.refuse_comment(made.id, reason="insult", base_url=BASE_URL, actor=None, at=DURING)
    for statement in (
        "update reasoned_answer set released_at = now()",
        "insert into reasoned_answer (id, comment, decision, reason, decided_at, is_current, released_at) "
        "select gen_random_uuid(), id, 'noted', '{\"mk\": \"x\"}', now(), false, now() from comment",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await storage.execute(statement)
    why = {"mk": "Погрешно го прочитавме предлогот."}
    with pytest.raises(NothingToCorrect):
        await answers.correct_answer(
            made.id, decision="noted", reason={"mk": "Н"}, correction=why, actor=WRITER, at=AFTER
        )
    await an_answer(made, at=AFTER)
    await released(draft, at=AFTER)
    with pytest.raises(AnswerReleased):
        await write(made, "rejected")
    for statement in ('update reasoned_answer set reason = \'{"mk": "x"}\'', "delete from reasoned_answer"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await storage.execute(statement)
    with pytest.raises(Invalid):
        await answers.correct_answer(
            made.id, decision="noted", reason={"mk": "Н"}, correction={}, actor=WRITER, at=AFTER
        )
    later = AFTER + timedelta(days=2)
    await answers.correct_answer(
        made.id, decision="rejected", reason={"mk": "Не може."}, correction=why, actor=WRITER, at=later
    )
    standing = (await the_comment(made.id)).released_answer
    assert standing is not None
    assert standing.decision is Decision.ACCEPTED
    await answers.send_for_review(made.id, actor=WRITER, at=later)
    await answers.approve_answer(made.id, actor=REVIEWER, at=later)
    assert await released(draft, at=later) == 1
    (shown,) = await completed([await the_comment(made.id)])
    assert shown.released_answer is not None
    assert (shown.released_answer.decision, shown.released_answer.correction) == (Decision.REJECTED, why)
    assert [one.decision for one in shown.released_answer.earlier] == [Decision.ACCEPTED]
    assert (await queries.coverage(draft.id)).rejected == 1


async def test_one_answer_for_several_comments_has_a_row_for_each(db: None) -> None:
    draft = await a_draft()
    first, second, ready = [await a_comment(draft, text=str(n), published=True) for n in range(3)]
    waiting = await a_comment(draft, text="чека")
    await an_answer(ready, at=AFTER)
    await released(draft, at=AFTER)
    count = await answers.answer_comment(
        first.id,
        decision="noted",
        reason={"mk": "Заедно."},
        actor=WRITER,
        at=AFTER,
        also=[first.id, second.id, ready.id, waiting.id],
    )
    assert count == 2
    await answers.send_for_review(second.id, actor=WRITER, at=AFTER)
    await answers.approve_answer(first.id, actor=REVIEWER, at=AFTER)
    assert await work_on(second) is Stage.REVIEWED
    assert (await queries.readiness(draft.id)).reviewed == 2
    await write(second, "rejected")
    assert (await work_on(first), await work_on(second)) == (Stage.REVIEWED, Stage.DRAFTED)


async def test_comments_are_given_to_a_unit_and_found_by_its_people(db: None) -> None:
    draft = await a_draft()
    first, _ = await the_articles(draft)
    one = await a_comment(draft, article=first.id, text="a", published=True)
    two = await a_comment(draft, text="b", published=True)
    worker = await a_person()
    with pytest.raises(Invalid):
        await save_unit(unit_id=None, name={"en": "Parks"}, needed="mk", members=[], actor=None, at=DURING)
    unit = await save_unit(
        unit_id=None, name={"mk": "Паркови"}, needed="mk", members=[worker.id], actor=None, at=DURING
    )
    promised = Due(date(2026, 12, 10), Basis.PROMISED, date(2026, 12, 10))
    days = {draft.id: promised}

    async def listed(today: date = date(2026, 12, 1), **wanted: str) -> list[str]:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        found = await worklist_queries.tasks(asked, days=days, person=worker.id, today=today)
        assert len(found.items) == found.total
        assert await worklist_queries.comments_of(asked, days=days, person=worker.id, today=today) == sorted(
            task.comment for task in found.items
        )
        return [task.text for task in found.items]

    assert await listed(view="unassigned") == ["a", "b"]
    with pytest.raises(Invalid):
        await assign_comments([one.id], unit_id=unit, due_on=date(2026, 12, 5), actor=None, at=DURING)
    with pytest.raises(Invalid):
        await assign_comments([one.id], unit_id=unit, person_id=WRITER, actor=None, at=DURING)
    with pytest.raises(NotFound):
        await assign_comments([one.id], unit_id=UUID(int=9), actor=None, at=DURING)
    given = {"unit_id": unit, "person_id": worker.id, "actor": None, "at": DURING}
    assert await assign_comments([one.id], due_on=date(2026, 12, 5), due_reason="Итно.", **given) == 1  # type: ignore[arg-type]
    assert await assign_comments([one.id], due_on=date(2026, 12, 5), due_reason="Итно.", **given) == 0  # type: ignore[arg-type]
    assert await listed(view="unit") == ["a"]
    assert await listed(view="mine") == ["a"]
    assert await listed(view="overdue", today=date(2026, 12, 6)) == ["a"]
    assert await listed(view="overdue", today=date(2026, 12, 11)) == ["a", "b"]
    assert await listed(view="all", article="0") == ["b"]
    assert await listed(view="all", stage="missing") == ["a", "b"]
    await an_answer(one, at=AFTER)
    assert await listed(view="all", stage="reviewed") == ["a"]
    counts = await worklist_queries.counts(days=days, person=worker.id, today=date(2026, 12, 11))
    assert counts == {"mine": 1, "unit": 1, "review": 0, "overdue": 2, "unassigned": 1, "all": 2}
    rows = await worklist_queries.by_article(draft.id, promised, date(2026, 12, 6))
    assert [(row.number, row.total, row.reviewed, row.overdue) for row in rows] == [(None, 1, 0, 0), ("1", 1, 1, 1)]
    assert await assign_comments([one.id, two.id], unit_id=None, actor=None, at=DURING) == 1
    assert await listed(view="unit") == []


async def test_pages_of_the_list_are_the_list_cut_in_pieces(db: None) -> None:
    """Two drafts, one of them without a day; comments with a day of their own, and answers at every stage."""
    first, second = await a_draft(), await a_draft(slug="other")
    worker = await a_person()
    unit = await save_unit(
        unit_id=None, name={"mk": "Паркови"}, needed="mk", members=[worker.id], actor=None, at=DURING
    )
    days = {
        first.id: Due(date(2026, 12, 10), Basis.PROMISED, date(2026, 12, 10)),
        second.id: Due(None, Basis.NONE),
    }
    made = [await a_comment(first if n % 3 else second, text=str(n), published=True) for n in range(12)]
    given: dict[str, Any] = {"unit_id": unit, "person_id": worker.id, "actor": None, "at": DURING}
    await assign_comments([made[7].id], due_on=date(2026, 12, 5), due_reason="Итно.", **given)
    await assign_comments([made[1].id, made[9].id], **given)
    await assign_comments([made[10].id], due_on=date(2026, 12, 20), due_reason="Касно.", **given)
    await an_answer(made[2], at=AFTER)
    expected = [7, 1, 2, 4, 5, 8, 11, 10, 0, 3, 6, 9]
    for wanted, texts in (
        (Wanted("all"), expected),
        (Wanted("all", stage="missing"), [n for n in expected if n != 2]),
        (Wanted("all", draft=second.id), [0, 3, 6, 9]),
        (Wanted("unassigned"), [n for n in expected if n not in (7, 1, 10, 9)]),
    ):
        for size in (1, 5, 12):
            found = []
            for number in range(1, len(texts) // size + 2):
                page = await worklist_queries.tasks(
                    wanted, days=days, person=worker.id, today=date(2026, 12, 1), number=number, size=size
                )
                found += [int(task.text) for task in page.items]
            assert (found, page.total) == (texts, len(texts)), (wanted, size)


async def test_an_accepted_comment_points_to_the_words_that_it_changed(db: None) -> None:
    draft = await a_draft()
    _, trees = await the_articles(draft)
    accepted = await a_comment(draft, article=trees.id, text="Две дрва!", email=ANNA, published=True)
    refused = await a_comment(draft, article=trees.id, text="Ниедно!", published=True)
    await an_answer(accepted, at=DURING)
    await an_answer(refused, "rejected", at=DURING)
    changed = {"mk": TEXTS["mk"].replace("се сади едно дрво", "се садат две дрва")}
    await drafts.save_working_version(draft_id=draft.id, texts=changed, memorandum={}, actor=None, at=AFTER)
    await drafts.publish_version(draft.id, reason={"mk": "Коментари."}, actor=None, at=AFTER)
    late = await a_draft_comment_on_version_two(draft.slug)
    assert [one.number for one in (await effect_queries.open_promises(draft.id, 2)).items] == [accepted.number]

    async def note(comment: UUID, place: int = 0, article: UUID = trees.id, version: int = 2) -> None:
        await effect_operations.note_effects(
            draft_id=draft.id,
            version_number=version,
            article_id=article,
            chosen=[(place, comment)],
            actor=None,
            at=AFTER,
        )

    for wrong in (refused.id, late):
        with pytest.raises(effect_operations.NotAccepted):
            await note(wrong)
    with pytest.raises(effect_operations.NotAccepted):
        await note(accepted.id, place=7)
    with pytest.raises(NotFound):
        await note(accepted.id, version=1)
    await note(accepted.id)
    await note(accepted.id)
    assert (await effect_queries.open_promises(draft.id, 2)).total == 0
    assert await effect_queries.changes_of(draft.id, 2) == {}
    await released(draft, at=AFTER)
    ((_, body),) = await letters()
    assert "садат две дрва" in body
    changes = await effect_queries.changes_of(draft.id, 2)
    assert [(one.version_number, one.comment_number) for one in changes[trees.id]] == [(2, accepted.number)]
    assert await effect_queries.changes_of(draft.id, 1) == {}
    shown = await completed([await the_comment(accepted.id), await the_comment(refused.id)])
    effects = [one.released_answer.effects for one in shown if one.released_answer]
    assert [(one.inserted, one.version_number, one.article_number) for one in effects[0]] == [
        ("садат две дрва", 2, "2")
    ]
    assert effects[1] == ()
    assert (await queries.coverage(draft.id)).leading_to_text == 1
    await effect_operations.note_effects(
        draft_id=draft.id, version_number=2, article_id=trees.id, chosen=[], actor=None, at=AFTER
    )
    assert (await effect_queries.open_promises(draft.id, 2)).total == 1


async def a_draft_comment_on_version_two(slug: str) -> UUID:
    """An accepted comment that was made on the new words: it cannot have led to them."""
    draft = await draft_queries.draft(slug)
    assert draft is not None
    made = await a_comment(draft, text="Доцна", published=True)
    await an_answer(made, at=AFTER)
    return made.id
