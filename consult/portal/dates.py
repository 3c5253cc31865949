"""Everything that opens, closes or meets, with its day: for the calendar page and for calendar files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation, Stored, first_moment
from consult.drafts import queries as drafts
from consult.errors import N_
from consult.forums import queries as forums
from consult.forums.forum import Forum, State
from consult.i18n import Text
from consult.portal.gathering import last_moment
from consult.storage import fetch
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey

OPENS = N_("opens")
CONSULTATION_CLOSES = N_("consultation closes")
COMMENTS_CLOSE = N_("comments close")
SURVEY_CLOSES = N_("survey closes")
ANSWERS_DUE = N_("answers are due")
MOVES = (
    "consultation.changed",
    "consultation.extended",
    "consultation.cancelled",
    "survey.scheduled",
    "survey.closed",
    "survey.extended",
    "survey.reopened",
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day in the town's life, or with an end the hours of a meeting.

    uid       the same for ever and in every language, whatever is moved.
    sequence  rises with every change of what it belongs to; changed_at is when that was.
    path      where it stands; empty where there is nothing to read yet.
    """

    uid: str
    title: Text
    note: str
    path: tuple[str, ...]
    when: datetime
    changed_at: datetime
    ends_at: datetime | None = None
    sequence: int = 0
    is_cancelled: bool = False
    consultation: UUID | None = None
    summary: Text = field(default_factory=dict)
    places: tuple[Text, ...] = ()


Changes = dict[UUID, tuple[int, datetime]]


async def dates(
    since: datetime, until: datetime, zone: str, *, consultation_id: UUID | None = None
) -> tuple[Dated, ...]:
    """What happens in a span, of everything or of one consultation, in its order."""
    open_to_all = await consultations.all_consultations(public_only=True)
    known = [one for one in open_to_all if consultation_id in (None, one.id)]
    asked = await surveys.published_surveys(until)
    changes = await _changes([one.id for one in known] + [one.id for one in asked])
    found = [each for one in known for each in _of_consultation(one, changes, zone)]
    found += [each for one in asked for each in _of_survey(one, changes)]
    found += [each for one in await forums.published_forums() for each in _of_forum(one)]
    if consultation_id is None:
        found += [
            Dated(f"{one.id}-closes", one.title, COMMENTS_CLOSE, ("drafts", one.slug), last_moment(one.closes_at),
                  one.published_at or one.closes_at, summary=one.summary)
            for one in await drafts.published_drafts()
            if one.consultation is None and one.closes_at is not None
        ]  # fmt: skip
    wanted = (one for one in found if consultation_id in (None, one.consultation) and since <= one.when < until)
    return tuple(sorted(wanted, key=lambda one: (one.when, one.uid)))


async def _changes(ids: list[UUID]) -> Changes:
    """How often the dates of each were set or moved, and when that was last."""
    rows = await fetch(
        "SELECT record_id, count(*) AS n, max(at) AS at FROM audit_entry WHERE record IN ('consultation', 'survey') "
        "AND record_id = ANY($1::text[]) AND kind = ANY($2::text[]) GROUP BY record_id",
        [str(one) for one in ids],
        list(MOVES),
    )
    return {UUID(row["record_id"]): (row["n"], row["at"]) for row in rows}


def _of_consultation(one: Consultation, changes: Changes, zone: str) -> Iterator[Dated]:
    if one.opens_at is None or one.closes_at is None:
        return
    sequence, changed_at = changes.get(one.id, (0, one.announced_at or one.opens_at))
    moments = [("opens", OPENS, one.opens_at), ("closes", CONSULTATION_CLOSES, last_moment(one.closes_at))]
    if one.answers_due is not None:
        moments.append(("answers", ANSWERS_DUE, first_moment(one.answers_due, zone)))
    for key, note, when in moments:
        yield Dated(
            uid=f"{one.id}-{key}",
            title=one.title,
            note=note,
            path=("consultations", one.slug),
            when=when,
            changed_at=changed_at,
            sequence=sequence,
            is_cancelled=one.stored is Stored.CANCELLED,
            consultation=one.id,
            summary=one.summary,
        )


def _of_survey(one: Survey, changes: Changes) -> Iterator[Dated]:
    sequence, changed_at = changes.get(one.id, (0, one.created_at))
    moments = [("opens", OPENS, one.opens_at)]
    moments.append(("closes", SURVEY_CLOSES, last_moment(one.closes_at) if one.closes_at else None))
    for key, note, when in moments:
        if when is not None:
            path = ("surveys", one.slug)
            yield Dated(f"{one.id}-{key}", one.title, note, path, when, changed_at, None, sequence, False,
                        one.consultation, one.summary)  # fmt: skip


def _of_forum(one: Forum) -> Iterator[Dated]:
    is_cancelled = one.state is State.CANCELLED
    for session in one.sessions:
        site = one.site_of(session)
        yield Dated(
            uid=str(session.id),
            title=one.title,
            note="",
            path=("forums", one.slug),
            when=session.starts_at,
            changed_at=one.published_at or session.starts_at,
            ends_at=session.ends_at,
            sequence=session.sequence + is_cancelled,
            is_cancelled=is_cancelled,
            consultation=one.consultation,
            summary=one.summary,
            places=tuple(text for text in (session.place, site.name, site.address) if any(text.values())),
        )
