"""After a meeting those who came, and left an address, are asked once to answer a survey about it.

Staff choose the survey. From an hour after the end, and for a week, a job writes to whoever is noted as present and has
not been written to; so it does no harm to run twice, and people who are entered from paper the next day are asked too.
Whoever wants no letters about surveys gets none, and after the erasure there is nobody left to write to. The link is
the survey's public one: an answer has nothing to do with a registration.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consult.errors import N_, NotFound, Refused
from consult.fieldwork import links as fieldwork_links
from consult.fieldwork.mailing_queries import refusing
from consult.forums import queries as forums
from consult.forums.forum import Forum
from consult.forums.links import Links, links_of
from consult.forums.registration import Registration, State
from consult.i18n import Locale, Text, locale, pick
from consult.mail.operations import Notice, notify_all
from consult.records.operations import audit
from consult.settings import Settings
from consult.storage import execute, fetch, fetchrow, transaction
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import url

RECORD = "forum"
AFTER = timedelta(hours=1)
UNTIL = timedelta(days=7)
AT_ONCE = 500
SUBJECT = N_("How was the meeting? %(title)s")
THANKS = N_("Thank you for coming to the meeting “%(title)s”.")
ASK = N_("Please tell us in a short survey how it was and what we should do better:")
PROMISE = N_("The survey does not know who you are: your answers have nothing to do with your registration.")
ONCE = N_("We write about this only once. If you want no letters about surveys at all:")


class AlreadyAsked(Refused):
    message = N_("Letters with this survey have been sent, so it no longer changes.")


@dataclass(frozen=True, slots=True)
class Feedback:
    """The survey of a meeting, and how many have been written to."""

    forum: UUID
    survey: UUID
    first_sent_at: datetime | None
    letters: int


async def feedback_of(forum_id: UUID) -> Feedback | None:
    row = await fetchrow("SELECT forum, survey, first_sent_at, letters FROM forum_feedback WHERE forum = $1", forum_id)
    return Feedback(**dict(row)) if row else None


async def choose(forum_id: UUID, survey_id: UUID | None, *, actor: UUID | None, at: datetime) -> None:
    """Choose the survey, another one or none, until the first letter has gone. Raises NotFound, AlreadyAsked."""
    async with transaction():
        if await forums.forum_by_id(forum_id) is None:
            raise NotFound
        row = await fetchrow("SELECT letters FROM forum_feedback WHERE forum = $1 FOR UPDATE", forum_id)
        if row is not None and row["letters"]:
            raise AlreadyAsked
        if survey_id is None:
            await execute("DELETE FROM forum_feedback WHERE forum = $1", forum_id)
        else:
            await surveys.survey_by_id(survey_id)
            await execute(
                """INSERT INTO forum_feedback (forum, survey, chosen_at, chosen_by) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (forum) DO UPDATE SET survey = excluded.survey, chosen_at = excluded.chosen_at,
                       chosen_by = excluded.chosen_by""",
                forum_id,
                survey_id,
                at,
                actor,
            )
        await audit(
            actor=actor, kind="feedback.chosen", record=RECORD, record_id=forum_id, after={"survey": survey_id}, at=at
        )


async def send_due(*, settings: Settings, sender: Text, at: datetime) -> int:
    """Write to those who came to meetings that ended a while ago. Returns how many letters were written."""
    due = await fetch(
        """SELECT b.forum FROM forum_feedback b JOIN forum f ON f.id = b.forum
           WHERE f.state = 'published'
             AND (SELECT max(s.ends_at) FROM forum_session s WHERE s.forum = f.id) BETWEEN $1 AND $2""",
        at - UNTIL,
        at - AFTER,
    )
    return sum([await _send(row["forum"], settings, sender, at) for row in due])


async def _send(forum_id: UUID, settings: Settings, sender: Text, at: datetime) -> int:
    async with transaction():
        lock = "SELECT survey FROM forum_feedback WHERE forum = $1 FOR UPDATE SKIP LOCKED"
        row = await fetchrow(lock, forum_id)
        forum = await forums.forum_by_id(forum_id)
        if row is None or forum is None:
            return 0
        survey = await surveys.survey_by_id(row["survey"])
        if not survey.is_open(at):
            return 0
        present = await _present(forum, settings)
        made = links_of(settings)
        notices = [_letter(forum, survey, one, made, sender, at) for one in present[:AT_ONCE]]
        if notices:
            await notify_all(notices)
            await execute(
                """UPDATE forum_feedback SET first_sent_at = coalesce(first_sent_at, $2), letters = letters + $3
                   WHERE forum = $1""",
                forum_id,
                at,
                len(notices),
            )
        return len(notices)


async def _present(forum: Forum, settings: Settings) -> list[Registration]:
    """Who came, left an address, was not written to yet and wants letters; each address once."""
    found: dict[str, Registration] = {}
    for session in forum.sessions:
        for one in await forums.registrations(session.id):
            if one.state is State.ATTENDED and one.email is not None and one.erased_at is None:
                found.setdefault(one.email.lower(), one)
    rows: list[Any] = await fetch(
        "SELECT lower(recipient) AS recipient FROM notification WHERE event = $1", _event(forum.id)
    )
    written = {row["recipient"] for row in rows}
    unwanted = await refusing(list(found), fieldwork_links.links_of(settings))
    return [one for email, one in found.items() if email not in written and email not in unwanted]


def _event(forum_id: UUID) -> str:
    return f"forum.feedback:{forum_id}"


def _letter(forum: Forum, survey: Survey, one: Registration, made: Links, sender: Text, at: datetime) -> Notice:
    spoken = locale(one.language)
    title = _words(forum.title, spoken)
    address = made.base_url + url(spoken, "surveys", survey.slug)
    way_out = made.base_url + url(spoken, "registrations", made.token(one.party), "no-letters")
    body = [
        spoken.gettext(N_("Good day,")),
        spoken.gettext(THANKS, title=title),
        spoken.gettext(ASK) + "\n" + address,
        spoken.gettext(PROMISE),
        spoken.gettext(ONCE) + "\n" + way_out,
        _words(sender, spoken),
    ]
    return Notice(
        recipient_email=one.email or "",
        event=_event(forum.id),
        language=one.language,
        subject=" ".join(spoken.gettext(SUBJECT, title=title).split())[:200],
        body_text="\n\n".join(body) + "\n",
        at=at,
        unsubscribe=way_out,
    )


def _words(text: Text, spoken: Locale) -> str:
    return pick(text, spoken.code, spoken.order)[0]
