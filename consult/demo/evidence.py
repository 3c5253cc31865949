"""Seeding evidence: the charts of the open survey beside the articles they bear on."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from consult.demo import content
from consult.demo.days import Calendar
from consult.drafts import queries as drafts
from consult.portal import operations, queries
from consult.surveys import queries as surveys


async def seed_evidence(town: content.Town, *, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Attach the charts of the drafts that have none."""
    known = {survey.slug: survey.id for survey in await surveys.all_surveys()}
    for one in town.drafts:
        draft = await drafts.draft(one.slug)
        version = await drafts.version(draft.id) if draft else None
        if draft is None or version is None or await queries.of_draft(draft.id):
            continue
        articles = {article.number: article.id for article in await drafts.articles(version.id)}
        for link in one.evidence:
            await operations.attach(
                draft_id=draft.id,
                article_id=articles[link.article],
                survey_id=known[link.survey],
                question=link.question,
                by=staff["analyst"],
                at=calendar.at,
            )
