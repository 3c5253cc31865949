"""Seeding evidence: the charts of the open survey beside the articles they bear on."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from consult.demo import content
from consult.demo.days import Calendar
from consult.drafts import queries as drafts
from consult.portal import operations
from consult.portal.sources import Source
from consult.records import queries as records
from consult.surveys import queries as surveys

ATTACHED = "evidence.attached"


async def seed_evidence(town: content.Town, *, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Attach the charts that were never attached; one that staff took away stays away."""
    known = {survey.slug: survey.id for survey in await surveys.all_surveys()}
    for one in town.drafts:
        draft = await drafts.draft(one.slug)
        version = await drafts.version(draft.id) if draft else None
        if draft is None or version is None:
            continue
        articles = {article.number: article.id for article in await drafts.articles(version.id)}
        attached = [entry.after for entry in await records.history("draft", draft.id) if entry.kind == ATTACHED]
        for link in one.evidence:
            article, survey = articles[link.article], known[link.survey]
            if {"article": str(article), "survey": str(survey), "question": link.question} in attached:
                continue
            await operations.attach(
                draft_id=draft.id,
                article_id=article,
                survey_id=survey,
                source=Source("question", link.question),
                by=staff["analyst"],
                at=calendar.at,
            )
