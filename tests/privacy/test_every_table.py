"""Every table that the register calls personal: erasing empties it of her, or a line here says why nothing is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from consult.forums.slots.slot import contacts
from consult.jobs import enqueue
from consult.people.sessions import make_link
from consult.privacy import erasing
from consult.privacy.finding import BY_ADDRESS
from consult.privacy.holding import Sort
from consult.privacy.holdings import ALL, BY_TABLE
from consult.settings import Settings, secret_key
from consult.storage import execute, fetch, fetchval
from tests.conftest import NOON
from tests.fieldwork.makers import a_contact, invited_survey
from tests.forums.slots.makers import OPENS
from tests.people.makers import a_session
from tests.privacy.town import ADDRESS, NAME, PHONE, everywhere, invited_to
from tests.surveys.makers import free, survey

Row = dict[str, Any]
TOLD = (Sort.IDENTITY, Sort.CONTACT, Sort.WORDS, Sort.SPECIAL, Sort.MARK, Sort.SECRET)
DIGEST = bytes(32)

GO = (
    "response", "response_contact", "survey_file", "coded_answer", "code_assignment", "response_pending", "contact",
    "contact_upload", "mailing_letter", "open_token", "comment_support", "attachment", "forum_heard", "staff_session",
    "one_time_link", "sign_in_attempt", "known_place", "unit_member", "notification", "follower", "procrastinate_jobs",
)  # fmt: skip
"""Tables whose rows go."""

STAY = {
    "comment": "id reply_to quote quote_before quote_after",  # which words of the draft it is about
    "registration": "id party only_one_of token_hash",
    "door_act": "registration",
    "arrival": "registration",
    "forum_question": "id",
    "forum_speaker": "",
    "forum_slot_request": "id token_hash",
    "person": "id",
}
"""Tables whose rows stay without her, and what stays in them: numbers, and what follows from numbers."""

NO_WAY = {
    "test_response": "typed to try a survey out; linked to nobody",
    "survey_saved": "encrypted with a key that only the letter holds",
    "keyed_sheet": "a sheet in work leads to no contact; one that is stored holds no answers",
    "forum_question_support": "the mark of a browser",
    "comment_redaction": "which words were covered, of a comment that stays",
    "comment_assignment": "who answers a comment that stays",
    "invitation_refusal": "stays for good, so that nobody is written to against their wish",
    "result_export": "what a colleague asked of all answers; the files are made anew or forgotten",
    "audit_entry": "chained: can be neither changed nor removed",
    "forum_official": "named for an office",
    "forum_session": "named for an office",
    "forum_agenda_item": "named for an office",
    "consultation": "named for an office",
    "forum_photo": "shows nobody by name",
    "minutes_entry": "the public record",
    "proceedings": "the public record",
    "proceedings_file": "the public record",
}
"""Tables in which erasing does nothing, and why."""

HERS = {
    **BY_ADDRESS,
    "attachment": "SELECT id FROM attachment WHERE $1 <> '' AND record = 'comment'",
    "procrastinate_jobs": "SELECT id FROM procrastinate_jobs WHERE position($1 in lower(args::text)) > 0",
}
"""Which rows are hers where others' stand as well; everywhere else the story leaves none but hers."""


KNOWN = (
    "SELECT contact FROM response_contact WHERE $1 <> ''",
    "SELECT id FROM notification WHERE lower(recipient) = $1 ORDER BY id LIMIT 1",
    *(
        f"SELECT id FROM {table} WHERE lower(email) = $1"
        for table in ("comment", "registration", "forum_slot_request", "forum_question", "person")
    ),
    "SELECT session FROM registration WHERE lower(email) = $1",
)
"""What the rows of the days after belong to, in the order of their names below."""


async def took_part_in_everything(settings: Settings) -> None:
    """What `everywhere` does, and all that the days after it leave."""
    confidential = await everywhere(settings)
    answer = await fetchval("SELECT id FROM response")
    other = await invited_survey(survey(free("wish"), key="other", mode="confidential"))
    await invited_to(other, await a_contact(other, name=NAME, email=ADDRESS, phone=PHONE), settings)
    contact, letter, comment, registration, request, question, account, session = [
        await fetchval(sql, ADDRESS.lower()) for sql in KNOWN
    ]
    mailing, frame, code, coded, unit = (uuid4() for _ in range(5))
    heard = contacts(secret_key(settings), ADDRESS.lower(), PHONE)
    for sql, *values in (
        ("""INSERT INTO survey_file (id, survey, question, is_test, response, name, media_type, size, sha256, content)
            VALUES ($1, $2, 'f', false, $3, 'me.png', 'image/png', 1, $4, 'x')""",
         uuid4(), confidential, answer, DIGEST),
        ("INSERT INTO code_frame (id, survey, question, created_at) VALUES ($1, $2, 'wish', $3)",
         frame, confidential, NOON),
        ("""INSERT INTO code (id, frame, number, key, label) VALUES ($1, $2, 1, 'c1', '{"en": "Light"}')""",
         code, frame),
        ("INSERT INTO coded_answer (id, frame, response, coder, coded_at) VALUES ($1, $2, $3, 1, $4)",
         coded, frame, answer, NOON),
        ("INSERT INTO code_assignment (id, answer, code, assigned_at) VALUES ($1, $2, $3, $4)",
         uuid4(), coded, code, NOON),
        ("INSERT INTO response_pending (survey, response, is_new) VALUES ($1, $2, true)", confidential, answer),
        ("""INSERT INTO mailing (id, survey, kind, subject, body, state, started_at)
            VALUES ($1, $2, 'invitation', '{}', '{}', 'running', $3)""", mailing, confidential, NOON),
        ("""INSERT INTO mailing_letter (id, mailing, contact, state, notification, queued_at)
            VALUES ($1, $2, $3, 'queued', $4, $5)""", uuid4(), mailing, contact, letter, NOON),
        ("""INSERT INTO comment SELECT (jsonb_populate_record(c, jsonb_build_object('id', $2::text, 'channel', 'letter',
                'number', '2026-9999', 'received_on', $3::text, 'postal', 'Ул. Вардарска 1'))).* FROM comment c
            WHERE id = $1""", comment, str(uuid4()), str(NOON.date())),
        ("""INSERT INTO attachment (id, record, record_id, name, media_type, size, sha256, content, added_at)
            VALUES ($1, 'comment', $2, 'a.pdf', 'application/pdf', 1, $3, 'x', $4)""",
         uuid4(), str(comment), DIGEST, NOON),
        ("""INSERT INTO door_act (id, session, act, registration, code, people, door, acted_at, received_at, outcome)
            VALUES ($1, $2, 'arrive', $3, 'K7', 1, 'A', $4, $4, 'noted')""", uuid4(), session, registration, NOON),
        ("""INSERT INTO arrival (id, session, registration, people, door, came_at, reason)
            VALUES ($1, $2, $3, 1, 'A', $4, 'Mistaken for her sister')""", uuid4(), session, registration, NOON),
        ("""INSERT INTO forum_speaker (id, session, position, name, side, state, limit_s, joined_at, question)
            VALUES ($1, $2, 1, $3, '', 'waiting', 120, $4, $5)""", uuid4(), session, NAME, NOON, question),
        ("""UPDATE forum_slot_request SET prior = 'УП1-12/2026', answer = 'Ќе дојдеме.', answered_at = $2
            WHERE id = $1""", request, NOON),
        ("INSERT INTO forum_heard (contact, heard_at) SELECT unnest($1::bytea[]), $2", heard, NOON),
        ("""UPDATE person SET totp_sealed = 'x', totp_since = $2, totp_step = 1, recovery_salt = 'salt',
                              recovery_hashes = '{x}', oidc_issuer = 'https://id.example', oidc_sub = 'biljana'
            WHERE id = $1""", account, NOON),
        ("INSERT INTO unit (id, key, name) VALUES ($1, 'parks', '{}')", unit),
        ("INSERT INTO unit_member (id, unit, person) VALUES ($1, $2, $3)", uuid4(), unit, account),
        ("INSERT INTO known_place (id, person, kind, mark, seen_at) VALUES ($1, $2, 'browser', $3, $4)",
         uuid4(), account, DIGEST, NOON),
    ):  # fmt: skip
        await execute(sql, *values)
    await a_session(account, NOON)
    await make_link(account, "invite", NOON)
    await enqueue("test.letter", {"to": [ADDRESS.lower()]})


async def rows(table: str, *, hers: bool) -> dict[str, Row]:
    """The rows of a table by primary key (or `id`): all of them, or those that are hers."""
    key = await fetchval(
        """SELECT coalesce(string_agg(quote_ident(attname), ', '), 'id') FROM pg_index
           JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
           WHERE indrelid = $1::text::regclass AND indisprimary""",
        table,
    )
    all_of_them = f"SELECT ({key})::text AS key, to_jsonb(t) AS row FROM {table} t"
    if hers and table in HERS:
        return _by_key(await fetch(f"{all_of_them} WHERE id IN ({HERS[table]})", ADDRESS.lower()))
    return _by_key(await fetch(all_of_them))


def _by_key(found: Any) -> dict[str, Row]:
    return {one["key"]: one["row"] for one in found}


def told(table: str) -> list[str]:
    """The columns that must not keep what they tell of her."""
    kept = STAY[table].split()
    return [one.name for one in BY_TABLE[table].columns() if one.sort in TOLD and one.name not in kept]


def test_every_personal_table_has_its_place_here() -> None:
    personal = sorted(one.table for one in ALL if one.is_personal)
    assert sorted([*GO, *STAY, *NO_WAY]) == personal, "say here what erasing a person does with the table"


async def test_erasing_leaves_nothing_of_her_in_any_table(application: object, settings: Settings) -> None:
    await took_part_in_everything(settings)
    before = {table: await rows(table, hers=True) for table in (*GO, *STAY)}
    assert [table for table, held in before.items() if not held] == [], "the story leaves nothing there"
    for table in STAY:
        empty = [name for name in told(table) if not any(row[name] for row in before[table].values())]
        assert not empty, f"the story leaves nothing in {table}: {empty}"

    await erasing.forget(email=ADDRESS, reason="A wish", with_words=True, settings=settings, at=OPENS + timedelta(1))

    for table in GO:
        assert not before[table].keys() & await rows(table, hers=False), table
    for table in STAY:
        after = await rows(table, hers=False)
        for key, row in before[table].items():
            kept = [name for name in told(table) if row[name] and after[key][name] == row[name]]
            assert not kept, f"{table}: {kept}"
