"""A town with one of everything, and what the tests of its pages need to look at them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from consult.consultations.consultation import Consultation
from consult.drafts.draft import Article, Draft
from consult.forums.forum import Forum
from consult.portal import operations
from consult.portal.sources import Source
from consult.results import operations as results
from consult.storage import connection, execute
from consult.surveys import operations as surveys
from tests.conftest import NOON
from tests.consultations.makers import a_consultation
from tests.drafts.makers import a_draft, the_articles
from tests.forums.makers import a_forum
from tests.people.makers import a_person
from tests.results.makers import a_survey, answered, definition, question

HOUSEKEEPING = ("begin", "commit", "rollback", "start", "select pg_advisory_unlock_all")
YES = {"q": "yes"}
NO = {"q": "no"}
THE_QUESTION = Source("question", "q")


@dataclass(frozen=True, slots=True)
class Town:
    """A consultation (tree rows) with its draft, a survey with 30 answers and a citizens' forum."""

    consultation: Consultation
    draft: Draft
    articles: tuple[Article, ...]
    survey: UUID
    forum: Forum
    clerk: UUID


async def a_town(*, results_public: bool = True) -> Town:
    consultation = await a_consultation()
    draft = await a_draft(consultation_id=consultation.id)
    survey = await a_survey(definition(question("single")), [YES] * 20 + [NO] * 10)
    await closes(survey, NOON + timedelta(days=7))
    forum = await a_forum()
    for table, row in (("survey", survey), ("forum", forum.id)):
        await execute(f"update {table} set consultation = $1 where id = $2", consultation.id, row)
    clerk = (await a_person(roles=["designer"])).id
    if results_public:
        await results.publish_results(survey_id=survey, at=NOON, person=clerk)
    return Town(consultation, draft, await the_articles(draft), survey, forum, clerk)


async def closes(survey: UUID, at: datetime | None, *, opens_at: datetime = NOON - timedelta(days=1)) -> None:
    await surveys.schedule(survey_id=survey, opens_at=opens_at, closes_at=at, languages=("mk", "ka", "en"), at=NOON)


async def attached(
    town: Town, *, article: int = 0, at: datetime = NOON, source: Source = THE_QUESTION, frozen: bool = False
) -> UUID:
    """The chart of the survey's question, live on an article."""
    return await operations.attach(
        draft_id=town.draft.id,
        article_id=town.articles[article].id,
        survey_id=town.survey,
        source=source,
        by=town.clerk,
        at=at,
        frozen=frozen,
    )


async def more_answers(town: Town, number: int = 5) -> None:
    await answered(town.survey, [NO] * number)


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """What is asked of the database meanwhile, on any connection."""
    asked: list[str] = []

    def note(record: Any) -> None:
        if not record.query.lstrip().lower().startswith(HOUSEKEEPING):
            asked.append(record.query)

    watched: list[asyncpg.Connection[Any]] = []
    async with connection() as one:
        pool = getattr(one, "_holder", None) and one._holder._pool
        for holder in pool._holders if pool else ():
            if holder._con is not None:
                holder._con.add_query_logger(note)
                watched.append(holder._con)
    yield asked
    for each in watched:
        each.remove_query_logger(note)
