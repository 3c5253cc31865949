"""Each rule of time is kept: the clock is moved to just before its end and just past it, and the work is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

from consult.drafts.comments.files import WAITS
from consult.jobs import enqueue, registry
from consult.people import places
from consult.people.sessions import make_link
from consult.privacy import retention
from consult.privacy.holding import Rule
from consult.settings import Settings
from consult.storage import execute, fetchval
from tests.conftest import NOON
from tests.people.makers import a_person, a_session
from tests.privacy.town import ADDRESS, NAME, everywhere

DAY = timedelta(days=1)
A_FILE = b"%PDF-1.4"


@dataclass(frozen=True, slots=True)
class Case:
    """there counts what the rule ends; ends is the moment from which it must be gone."""

    rule: Rule
    there: str
    ends: datetime


async def waiting_things(survey: UUID, session: UUID, registration: UUID, person: UUID) -> None:
    """What the story of `everywhere` does not leave."""
    digest = hashlib.sha256(A_FILE).digest()
    for sql, *values in (
        ("INSERT INTO survey_retention (survey, days, decided_at) VALUES ($1, 200, $2)", survey, NOON),
        ("INSERT INTO survey_saved (id, survey, content, expires_on) VALUES (repeat('a', 64), $1, 'x', $2)",
         survey, (NOON + retention.SAVED.days * DAY).date()),
        ("""INSERT INTO survey_file (id, survey, question, is_test, name, media_type, size, sha256, content, expires_at)
            VALUES ($1, $2, 'f', false, 'a.pdf', 'application/pdf', 8, $3, $4, $5)""",
         uuid4(), survey, digest, A_FILE, NOON + retention.WAITING_FILES.days * DAY),
        ("""INSERT INTO attachment (id, record, record_id, name, media_type, size, sha256, content, added_at)
            VALUES ($1, $2, 'x', 'a.pdf', 'application/pdf', 8, $3, $4, $5)""", uuid4(), WAITS, digest, A_FILE, NOON),
        ("""INSERT INTO door_act (id, session, act, registration, code, people, door, acted_at, received_at, outcome)
            VALUES ($1, $2, 'arrive', $3, 'K7', 1, 'A', $4, $4, 'noted')""", uuid4(), session, registration, NOON),
        ("""INSERT INTO arrival (id, session, registration, people, door, came_at, reason)
            VALUES ($1, $2, $3, 1, 'A', $4, 'Mistaken for her sister')""", uuid4(), session, registration, NOON),
        ("""INSERT INTO forum_speaker (id, session, position, name, side, state, limit_s, joined_at)
            VALUES ($1, $2, 1, $3, '', 'waiting', 120, $4)""", uuid4(), session, NAME, NOON),
        ("INSERT INTO forum_heard (contact, heard_at) VALUES ($1, $2)", digest, NOON),
        ("""INSERT INTO keyed_sheet
            (id, survey, version, number, channel, language, day, state, response, first, first_by)
            VALUES ($1, $2, 1, '1', 'paper', 'mk', $3, 'once', $1, '{}', $4)""", uuid4(), survey, NOON.date(), person),
        ("""INSERT INTO result_export (id, survey, asked, asked_by, asked_at, name, expires_at)
            VALUES ($1, $2, '{}', $3, $4, 'a.csv', $5)""",
         uuid4(), survey, person, NOON, NOON + retention.EXPORTS.days * DAY),
        ("UPDATE notification SET state = 'sent', sent_at = $1, body_text = NULL, body_html = NULL, attachments = NULL,"
         " unsubscribe = NULL, created_at = $1", NOON),
        ("DELETE FROM procrastinate_jobs",),
    ):  # fmt: skip
        await execute(sql, *values)
    await enqueue("test.failed", {})
    await execute("UPDATE procrastinate_jobs SET status = 'failed'")
    await execute("UPDATE procrastinate_events SET at = $1", NOON)


async def cases(settings: Settings) -> list[Case]:
    survey = await everywhere(settings)
    person = await a_person()
    session = await fetchval("SELECT id FROM forum_session LIMIT 1")
    registration = await fetchval("SELECT id FROM registration LIMIT 1")
    await waiting_things(survey, session, registration, person.id)
    await a_session(person, NOON)
    await make_link(person.id, "invite", NOON)
    await places.note(person, places.Browser("Firefox, Windows"), None, NOON)
    await execute("UPDATE survey SET closes_at = $2 WHERE id = $1", survey, NOON)
    met: datetime = await fetchval("SELECT ends_at FROM forum_session WHERE id = $1", session)
    received: datetime = await fetchval("SELECT max(ends_at) FROM forum_slot")
    closed: datetime = await fetchval("SELECT max(closes_at) FROM consultation")
    given = retention
    return [
        Case(given.SESSIONS, "staff_session", NOON + timedelta(hours=4)),
        Case(given.TRIES, "sign_in_attempt", NOON + given.TRIES.days * DAY),
        Case(given.UPLOADS, "contact_upload", NOON + given.UPLOADS.days * DAY),
        Case(given.COMMENT_FILES, f"attachment WHERE record = '{WAITS}'", NOON + given.COMMENT_FILES.days * DAY),
        Case(given.WAITING_FILES, "survey_file", NOON + given.WAITING_FILES.days * DAY),
        Case(given.LINKS, "one_time_link", NOON + timedelta(days=7)),
        Case(given.EXPORTS, "result_export", NOON + given.EXPORTS.days * DAY),
        Case(given.FOLLOWERS, "follower", NOON + given.FOLLOWERS.days * DAY),
        Case(given.JOBS, "procrastinate_jobs", NOON + given.JOBS.days * DAY),
        Case(given.REGISTRATIONS, f"registration WHERE name = '{NAME}'", met + given.REGISTRATIONS.days * DAY),
        Case(given.DOORS, "door_act WHERE code <> ''", met + given.DOORS.days * DAY),
        Case(given.DOORS, "arrival WHERE reason <> ''", met + given.DOORS.days * DAY),
        Case(given.ASKERS, "forum_question WHERE email <> ''", met + given.ASKERS.days * DAY),
        Case(given.SPEAKERS, "forum_speaker WHERE name <> ''", met + given.SPEAKERS.days * DAY),
        Case(given.REQUESTS, "forum_slot_request WHERE name <> ''", received + given.REQUESTS.days * DAY),
        Case(given.CONTACTS, f"contact WHERE email = '{ADDRESS}'", NOON + given.CONTACTS.days * DAY),
        Case(given.KEYED, "keyed_sheet", NOON + given.KEYED.days * DAY),
        Case(given.SENT, "notification", NOON + given.SENT.days * DAY),
        Case(given.PLACES, "known_place", NOON + given.PLACES.days * DAY),
        Case(given.ANSWERS, "response", NOON + 200 * DAY),
        Case(given.ADDRESSES, "comment WHERE email <> ''", closed + given.ADDRESSES.days * DAY),
        Case(given.RECEIVED, "forum_heard", NOON + given.RECEIVED.days * DAY),
    ]


async def count(case: Case) -> int:
    return int(await fetchval(f"SELECT count(*) FROM {case.there}"))


async def test_what_is_due_goes_and_nothing_before(application: object, settings: Settings) -> None:
    """Saved answers end with the survey too, so they have a test of their own (tests/surveys/test_saving.py)."""
    found = await cases(settings)
    assert {case.rule for case in found} == set(retention.KEPT_BY_WORK) - {retention.SAVED}
    work = {task.name: task.handler for task in registry.periodic_tasks()}
    for (job, ends), due in groupby(found, key=lambda case: (case.rule.job, case.ends)):
        together = list(due)
        assert all([await count(case) for case in together]), together
        await work[job](ends - timedelta(seconds=1))
        assert all([await count(case) for case in together]), f"gone too early: {together}"
        await work[job](ends + timedelta(seconds=1))
        assert not any([await count(case) for case in together]), f"still there: {together}"
