"""Publishing with a mapping, and what the database refuses afterwards, whoever asks it."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from asyncpg.exceptions import RestrictViolationError

from consult.drafts import operations, queries
from consult.drafts.versions import queries as versions
from consult.drafts.versions.mapping import ArticleMapping, Origin
from consult.errors import Invalid
from consult.storage import execute, fetch, fetchval, transaction
from tests.consultations.makers import DURING
from tests.drafts.makers import a_draft, the_articles
from tests.drafts.versions.makers import REASON, SECOND, a_draft_of_two_versions

TEXT = (
    "insert into article_text (id, version, article, position, number, label, chapter, heading, body, plain_words) "
    "select gen_random_uuid(), version, gen_random_uuid(), 99, '99', label, chapter, heading, body, plain_words "
    "from article_text limit 1"
)
CHANGE = (
    "insert into article_change (id, version, article, what, number_before, number, changed_in) "
    "select gen_random_uuid(), version, (select id from article a where not exists "
    "(select from article_change c where c.article = a.id)), 'added', null, '9', '[]' from article_change limit 1"
)
REFUSED = (
    "update draft_version set reason = '{}'",
    "update draft_version set number = number",
    "update article_text set body = body",
    "update article_change set what = what",
    "update article set draft = draft",
    "delete from draft_version",
    "delete from article_text",
    "delete from article_change",
    "delete from article",
    "truncate draft_version cascade",
    "truncate article_text",
    "truncate article_change",
    "truncate article cascade",
    TEXT,
    CHANGE,
)


async def test_nothing_of_a_published_version_can_be_changed_removed_emptied_or_added_to(db: None) -> None:
    await a_draft_of_two_versions()
    await execute("insert into article (id, draft, created_at) select gen_random_uuid(), id, created_at from draft")
    before = await fetch("select * from article_text order by id")
    for statement in REFUSED:
        with pytest.raises(RestrictViolationError, match="append-only"):
            async with transaction():
                await execute(statement)
    assert await fetch("select * from article_text order by id") == before


async def test_a_confirmed_mapping_is_kept_with_the_version(db: None) -> None:
    draft = await a_draft()
    first, second = await the_articles(draft)
    await operations.save_working_version(draft_id=draft.id, texts=SECOND, memorandum={}, actor=None, at=DURING)
    working = await queries.working_copy(draft.id)
    assert working is not None
    publish = partial(operations.publish_version, draft.id, reason=REASON, actor=None, at=DURING)
    turned = ArticleMapping((Origin(second.id), Origin(None, first.id)))
    with pytest.raises(Invalid) as refused:
        await publish(mapping=turned, seen_at=DURING - timedelta(days=1), confirmed=False)
    assert [problem.place for problem in refused.value.problems] == ["confirmed", ""]
    with pytest.raises(Invalid):
        await publish(mapping=ArticleMapping((Origin(uuid4()), Origin())))
    await publish(mapping=turned, seen_at=working.changed_at)
    assert await fetchval("select count(*) from procrastinate_jobs where task_name like '%consultations.tell%'") == 1
    articles = await the_articles(draft)
    assert articles[0].id == second.id
    assert await versions.related(draft.id, 1, 2) == {articles[1].id: first.id}
    version = await queries.version(draft.id)
    assert version is not None
    kept = await versions.kept_changes(version.id)
    assert {(one.what, one.number_before, one.number, one.related) for one in kept} == {
        ("moved", "2", "1", None),
        ("added", None, "2", first.id),
        ("removed", "1", None, None),
    }


async def test_inserted_numbers_stand_where_they_were_written(db: None) -> None:
    numbers = ["3", "4", "4-а", "4-б", "5", "12", "12-а", "13"]
    texts = {"mk": "\n".join(f"## Член {number}. Наслов\nТекст на членот {number}.\n" for number in numbers)}
    texts["ka"] = texts["mk"].replace("Член", "მუხლი").replace("-а", "-ა").replace("-б", "-ბ")
    draft = await a_draft(texts=texts)
    found = await the_articles(draft)
    assert [article.label["mk"] for article in found] == numbers
    assert [article.label["ka"] for article in found][2:4] == ["4-ა", "4-ბ"]
    assert [article.position for article in found] == list(range(1, 9))
