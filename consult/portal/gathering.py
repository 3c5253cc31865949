"""What is open, over all kinds of participation: one list for the front page, the feed and the calendar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consult.consultations import queries as consultations
from consult.drafts import queries as drafts
from consult.drafts.comments import queries as comments
from consult.drafts.draft import Draft
from consult.errors import N_, NN_
from consult.forums import queries as forums
from consult.forums.forum import Forum
from consult.i18n import Text
from consult.surveys import queries as surveys
from consult.surveys.survey import MODE_NAMES, Survey


@dataclass(frozen=True, slots=True)
class Fact:
    """A short fact in a row: a msgid, or with n its two forms."""

    words: str | tuple[str, str]
    n: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """Something a resident can take part in now.

    when      the moment that matters: the end, or for a meeting its beginning (at_time).
    path      parts of its address below /{language}/.
    caption, note, action are msgids.
    """

    id: UUID
    kind: str
    title: Text
    summary: Text
    path: tuple[str, ...]
    when: datetime
    opened_at: datetime
    caption: str
    note: str
    action: str
    days_left: int | None
    at_time: bool = False
    until: datetime | None = None
    facts: tuple[Fact, ...] = ()
    place: Text | None = None


def last_moment(end: datetime) -> datetime:
    """The moment before the end: what ends at midnight still belongs to the day before."""
    return end - timedelta(microseconds=1)


def days_left(until: datetime, now: datetime) -> int:
    """Days until the end, the running one counted: 1 on the last day."""
    return max(1, math.ceil((until - now).total_seconds() / 86400))


async def openings(now: datetime) -> list[Opening]:
    """Everything open now, what ends or begins first in front."""
    found: list[Opening] = []
    open_drafts = await drafts.open_drafts(now)
    counts = await comments.counts_by_state([draft.id for draft in open_drafts])
    found += [
        _draft(draft, counts.get(draft.id, {}).get("published", 0), now) for draft in open_drafts if draft.comments_end
    ]
    covered = {draft.consultation.id for draft in open_drafts if draft.consultation}
    found += [
        Opening(
            id=consultation.id,
            kind="consultation",
            title=consultation.title,
            summary=consultation.summary,
            path=("consultations", consultation.slug),
            when=last_moment(consultation.closes_at),
            opened_at=consultation.opens_at or now,
            caption=N_("Public consultation"),
            note=N_("consultation closes"),
            action=N_("See how to take part"),
            days_left=days_left(consultation.closes_at, now),
        )
        for consultation in await consultations.open_now(now)
        if consultation.closes_at is not None and consultation.id not in covered
    ]
    found += [_survey(survey, now) for survey in await surveys.open_surveys(now)]
    found += [_forum(forum, now) for forum in await forums.open_forums(now)]
    return sorted(found, key=lambda opening: (opening.when, opening.path))


def _draft(draft: Draft, number: int, now: datetime) -> Opening:
    end = draft.comments_end or now
    return Opening(
        id=draft.id,
        kind="draft",
        title=draft.title,
        summary=draft.summary,
        path=("drafts", draft.slug),
        when=last_moment(end),
        opened_at=draft.published_at or now,
        caption=N_("Public consultation"),
        note=N_("comments close"),
        action=N_("Read and comment"),
        days_left=days_left(end, now),
        facts=(Fact(NN_("%(num)s comment", "%(num)s comments"), number),) if number else (),
    )


def _survey(survey: Survey, now: datetime) -> Opening:
    facts = [Fact(NN_("%(num)s minute", "%(num)s minutes"), survey.minutes)] if survey.minutes else []
    facts.append(Fact(MODE_NAMES[survey.mode]))
    end = survey.closes_at
    return Opening(
        id=survey.id,
        kind="survey",
        title=survey.title,
        summary=survey.summary,
        path=("surveys", survey.slug),
        when=last_moment(end) if end else now,
        opened_at=survey.opens_at or now,
        caption=N_("Survey"),
        note=N_("survey closes") if end else N_("open today"),
        action=N_("Answer the survey"),
        days_left=days_left(end, now) if end else None,
        facts=tuple(facts),
    )


def _forum(forum: Forum, now: datetime) -> Opening:
    coming = [session for session in forum.sessions if session.starts_at > now] or list(forum.sessions)
    first = min(coming, key=lambda session: session.starts_at)
    left = sum(session.room for session in coming)
    return Opening(
        id=forum.id,
        kind="forum",
        title=forum.title,
        summary=forum.summary,
        path=("forums", forum.slug),
        when=first.starts_at,
        opened_at=now,
        caption=N_("Meeting"),
        note="",
        action=N_("Register"),
        days_left=None,
        at_time=True,
        until=first.ends_at,
        facts=(Fact(NN_("%(num)s place left", "%(num)s places left"), left),),
        place=first.venue if first.is_elsewhere else first.place,
    )
