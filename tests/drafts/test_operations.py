"""Writing and publishing a draft regulation, on a real database."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from consult import storage
from consult.consultations import operations as consultations
from consult.drafts import operations, queries
from consult.errors import Invalid, NotFound
from consult.records.queries import history
from tests.consultations.makers import AFTER, DURING, WRITTEN, a_consultation
from tests.drafts.makers import MEMORANDUM, TEXTS, a_comment, a_draft, content, the_articles, the_draft

SECOND = {"mk": TEXTS["mk"].replace("три", "две"), "en": TEXTS["en"].replace("three", "two")}


async def test_a_draft_is_written_and_published(db: None) -> None:
    draft = await a_draft()
    assert draft.version_number == 1
    assert draft.consultation is not None
    first, second = await the_articles(draft)
    assert (first.number, first.heading["ka"], first.chapter) == ("1", "საგანი", {"mk": "Глава 1. Општи одредби"})
    assert first.plain_words == {"mk": "Одлуката важи насекаде."}
    assert second.position == 2
    assert second.anchor == "article-2"
    version = await queries.version(draft.id)
    assert version is not None
    assert version.memorandum == MEMORANDUM
    assert version.preamble == {"mk": "Врз основа на член 36, Советот донесе"}
    kinds = [entry.kind for entry in await history("draft", draft.id)]
    assert kinds == ["draft.created", "draft.saved", "draft.published"]


async def test_a_working_copy_is_kept_with_its_problems(db: None) -> None:
    draft = await a_draft(published=False)
    regulation = await operations.save_working_version(
        draft_id=draft.id, texts={"mk": "## Општо\nx", "ka": " "}, memorandum={}, actor=None, at=WRITTEN
    )
    assert [problem.parameters["line"] for problem in regulation.problems] == [1, 1]
    working = await queries.working_copy(draft.id)
    assert working is not None
    assert working.texts == {"mk": "## Општо\nx"}
    with pytest.raises(Invalid) as refused:
        await operations.publish_version(draft.id, actor=None, at=WRITTEN)
    assert refused.value.problems == regulation.problems
    assert (await the_draft(draft.id)).version_number is None


async def test_a_second_version_needs_a_reason_and_keeps_the_articles(db: None) -> None:
    draft = await a_draft()
    before = await the_articles(draft)
    await operations.save_working_version(draft_id=draft.id, texts=SECOND, memorandum={}, actor=None, at=DURING)
    with pytest.raises(Invalid) as refused:
        await operations.publish_version(draft.id, actor=None, at=DURING)
    assert [p.place for p in refused.value.problems] == ["reason-mk"]
    number = await operations.publish_version(draft.id, reason={"mk": "По коментарите."}, actor=None, at=DURING)
    assert number == 2
    after = await the_articles(draft)
    assert [a.id for a in after] == [a.id for a in before]
    assert after[1].body["mk"] == "На секои две паркинг-места се сади едно дрво."


async def test_nothing_is_shown_before_it_is_published(db: None) -> None:
    hidden = await a_draft(published=False)
    consultation = await a_consultation(slug="quiet", published=False)
    quiet = await a_draft(slug="quiet-draft", consultation_id=consultation.id)
    assert await queries.reading(hidden.slug, DURING) is None
    assert await queries.reading(quiet.slug, DURING) is None
    assert await queries.of_consultation(consultation.id) == []
    await consultations.publish_consultation(consultation.id, actor=None, at=WRITTEN)
    assert await queries.reading(quiet.slug, DURING) is not None
    assert [one.slug for one in await queries.of_consultation(consultation.id)] == ["quiet-draft"]


async def test_the_reading_page_gets_everything_in_a_few_statements(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await a_draft()
    first, second = await the_articles(draft)
    for number in range(5):
        await a_comment(draft, article=first.id, text=f"{number}", published=True, at=DURING + timedelta(hours=number))
    await a_comment(draft, published=True)
    await a_comment(draft, article=second.id)
    asked = []

    async with storage.connection() as raw:
        kind = type(raw)
    plain = kind.fetch

    async def counted(self: object, sql: str, *arguments: object) -> object:
        asked.append(sql)
        return await plain(self, sql, *arguments)

    monkeypatch.setattr(kind, "fetch", counted)
    reading = await queries.reading(draft.slug, DURING)
    monkeypatch.undo()
    assert len(asked) <= 6
    assert reading is not None
    assert [a.number for a in reading.articles] == ["1", "2"]
    assert [c.text for c in reading.comments[first.id]] == ["4", "3", "2"]
    assert reading.counts == {first.id: 5, None: 1}
    assert reading.total_comments == 6
    assert reading.versions == (1,)


async def test_an_older_version_can_still_be_read(db: None) -> None:
    draft = await a_draft()
    await operations.save_working_version(draft_id=draft.id, texts=SECOND, memorandum={}, actor=None, at=DURING)
    await operations.publish_version(draft.id, reason={"mk": "x"}, actor=None, at=DURING)
    new, old = await queries.reading(draft.slug, DURING), await queries.reading(draft.slug, DURING, 1)
    assert new is not None
    assert old is not None
    assert (new.version.number, old.version.number, new.versions) == (2, 1, (1, 2))
    assert await queries.reading(draft.slug, DURING, 3) is None


async def test_comments_are_open_as_long_as_the_consultation(db: None) -> None:
    draft = await a_draft()
    assert draft.takes_comments(DURING)
    assert not draft.takes_comments(WRITTEN)
    assert not draft.takes_comments(AFTER)
    assert [one.slug for one in await queries.open_drafts(DURING)] == ["tree-rows"]
    assert await queries.open_drafts(AFTER) == []


async def test_a_draft_alone_has_its_own_end(db: None) -> None:
    draft = await a_draft(in_consultation=False, closes_at=AFTER)
    assert draft.takes_comments(DURING)
    assert not draft.takes_comments(AFTER)


async def test_all_problems_of_a_new_draft_come_at_once(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        await operations.create_draft(
            content(slug="?", title={}, moderation="never", consultation_id=uuid4()), actor=None, at=WRITTEN
        )
    assert [p.place for p in refused.value.problems] == ["slug", "title-mk", "moderation", "consultation"]


async def test_the_address_of_a_published_draft_stays(db: None) -> None:
    draft = await a_draft()
    with pytest.raises(Invalid) as refused:
        await operations.change_draft(draft_id=draft.id, content=content(slug="other"), actor=None, at=DURING)
    assert [p.place for p in refused.value.problems] == ["slug"]
    await operations.change_draft(draft_id=draft.id, content=content(title={"mk": "Нов наслов"}), actor=None, at=DURING)
    assert (await the_draft(draft.id)).title == {"mk": "Нов наслов"}


async def test_what_does_not_exist_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        await operations.publish_version(uuid4(), actor=None, at=WRITTEN)
    assert await queries.draft("nowhere") is None
    assert await queries.reading("nowhere", DURING) is None


@pytest.mark.parametrize(
    "statement",
    [
        "update draft_version set memorandum = '{}'",
        "update draft_version set number = 7",
        "delete from draft_version",
        'update article_text set body = \'{"mk": "x"}\'',
        "update article_text set position = 9",
        "delete from article_text",
        "insert into article_text (id, version, article, position, number, label, chapter, heading, body, plain_words) "
        "select gen_random_uuid(), version, article, 9, '9', label, chapter, heading, body, plain_words "
        "from article_text limit 1",
    ],
)
async def test_the_database_refuses_to_change_a_published_version(db: None, statement: str) -> None:
    await a_draft()
    with pytest.raises(asyncpg.RestrictViolationError):
        await storage.execute(statement)


async def test_the_database_keeps_one_article_for_each_place_and_number(db: None) -> None:
    rows = await storage.fetch(
        "select pg_get_constraintdef(oid) as definition from pg_constraint "
        "where conrelid = 'article_text'::regclass and contype = 'u'"
    )
    assert {row["definition"] for row in rows} == {
        "UNIQUE (version, article)",
        "UNIQUE (version, number)",
        'UNIQUE (version, "position")',
    }
