"""Trying to find out who answered what, with everything that the database, its files and its backups show.

The worst case is played: people answer one by one in the very order in which they were invited, and the attacker knows
that order, who was invited, and who has answered. Each answer says whose it is, so that a guess can be checked.
"""

from __future__ import annotations

import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from consult.columns import jobs
from consult.columns.folder import folder_of
from consult.columns.frame import frame
from consult.mail.operations import notify
from consult.storage import backup, execute, fetch, fetchval
from consult.storage.embedded import Embedded
from consult.surveys.admission import invitation_operations as operations
from consult.surveys.admission import invitations
from consult.surveys.responses import anonymity, inserts
from tests.conftest import NOON
from tests.surveys.conftest import publish
from tests.surveys.makers import free, survey
from tests.surveys.test_operations import row

KEY = invitations.key(b"a secret of this town hall")
PEOPLE = 40
CHANCE = 12  # right guesses that pure luck stays below, but for one time in a thousand millions
# What is locked by every answer is nobody's row; a mark for the column files names the response and nothing else.
OF_ALL = {"response", "response_pending", "survey", "survey_version"}
NIGHT = NOON.date() + timedelta(days=1)


class Town:
    """contacts: in the order in which they were invited and answered; the answer's words are the contact's id."""

    def __init__(self, survey_id: UUID, contacts: list[UUID]) -> None:
        self.survey_id, self.contacts = survey_id, contacts

    async def right(self, order: str, contacts: list[UUID] | None = None) -> int:
        """How many responses are matched with their author by laying two orders side by side."""
        rows = await fetch(f"select answers ->> 'wish' as author from response order by {order}")
        pairs = zip((UUID(one["author"]) for one in rows), contacts or self.contacts, strict=True)
        return sum(author == guessed for author, guessed in pairs)


@pytest.fixture
async def town(in_order: None) -> Town:
    survey_id = await publish(survey(free("wish")))
    contacts = [uuid4() for _ in range(PEOPLE)]
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=contacts, key=KEY)
    for contact in contacts:
        await notify(
            recipient_email=f"{contact}@example.org",
            event=f"survey.invited:{contact}",
            language="en",
            subject="You are invited",
            body_text=tokens[contact],
            at=NOON,
        )
    for contact in contacts:
        token = invitations.hashed(KEY, survey_id, tokens[contact])
        answer = inserts.encoded({"wish": str(contact)})
        await inserts.responses.store(row(survey_id, token=token, answers=answer))
    return Town(survey_id, contacts)


async def tables() -> list[str]:
    found = await fetch(
        "select quote_ident(relname) as name from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    return [one["name"] for one in found]


async def everything() -> dict[str, set[str]]:
    """A dump: every row of every table as text."""
    return {
        name: {one["line"] for one in await fetch(f"select t::text as line from {name} t")} for name in await tables()
    }


async def test_transaction_ids_lead_from_no_other_row_to_a_response(town: Town) -> None:
    theirs = {one["x"] for one in await fetch("select xmin::text as x from response")}
    for name in await tables():
        if name not in OF_ALL:
            rows = await fetch(f"select xmin::text as a, xmax::text as b from {name}")
            assert not theirs & {x for one in rows for x in (one["a"], one["b"])}, name


async def test_transaction_ids_tell_no_order_after_the_night(town: Town) -> None:
    assert await town.right("xmin::text::bigint") == PEOPLE, "on the day itself they do: see anonymity.py"
    await anonymity.mix(NIGHT)
    assert await fetchval("select count(distinct xmin::text) from response") == 1
    assert await fetchval("select count(*) from response where xmax::text not in ('0', xmin::text)") == 0


async def test_places_on_disk_tell_no_order_after_the_night(town: Town) -> None:
    assert await town.right("ctid") == PEOPLE, "on the day itself they do: see anonymity.py"
    await anonymity.mix(NIGHT)
    for order in ("ctid", "ctid desc", "id", "survey, ctid"):
        assert await town.right(order) < CHANCE


async def test_invitations_lie_in_no_order_of_the_contacts(in_order: None) -> None:
    survey_id = await publish(survey(free("wish")))
    contacts = [uuid4() for _ in range(PEOPLE)]
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=contacts, key=KEY)
    stored = [one["hash"] for one in await fetch("select hash from open_token order by ctid")]
    assert stored == sorted(stored)
    issued = [invitations.hashed(KEY, survey_id, tokens[contact]) for contact in contacts]
    assert sum(a == b for a, b in zip(stored, issued, strict=True)) < CHANCE


async def test_an_answer_changes_two_rows_and_leaves_no_other_trace(town: Town) -> None:
    """No audit entry, letter, job, counter or clock; what two dumps show is k = 1 and stands in the docstring."""
    late = (await operations.issue_loose_tokens(survey_id=town.survey_id, number=2, key=KEY))[0]
    counters = "select schemaname, sequencename, last_value from pg_sequences order by 1, 2"
    before, counted = await everything(), [dict(one) for one in await fetch(counters)]
    token = invitations.hashed(KEY, town.survey_id, late)
    await inserts.responses.store(row(town.survey_id, token=token, answers='{"wish":"late"}'))
    after = await everything()
    assert {name for name in after if after[name] != before[name]} == {"response", "response_pending", "open_token"}
    assert len(after["response"] - before["response"]) == len(before["open_token"] - after["open_token"]) == 1
    (mark,) = await fetch("select to_jsonb(p) as mark from response_pending p join response r on r.id = response"
                          " where r.answers ->> 'wish' = 'late'")  # fmt: skip
    assert set(mark["mark"]) == {"survey", "response", "is_new", "id"}
    assert UUID(mark["mark"]["id"]).version == 4
    assert [dict(one) for one in await fetch(counters)] == counted


async def test_column_files_tell_no_order(town: Town) -> None:
    """Answers that were looked at one by one, as they came: on the day and after the night."""
    for _ in range(3):
        late = (await operations.issue_loose_tokens(survey_id=town.survey_id, number=2, key=KEY))[0]
        token = invitations.hashed(KEY, town.survey_id, late)
        await inserts.responses.store(row(town.survey_id, token=token, answers='{"wish":"late"}'))
        await frame(town.survey_id)
    for night in (False, True):
        if night:
            await jobs.settle(NOON)
            await anonymity.mix(NIGHT)
        (path,) = folder_of(town.survey_id).iterdir()
        assert path.stat().st_mtime == 0
        raw = path.read_bytes()
        rows = await fetch("select id, answers ->> 'wish' as author from response")
        there = sorted((raw.index(one["id"].bytes), one["id"], one["author"]) for one in rows)
        assert [id_ for _, id_, _ in there] == sorted(one["id"] for one in rows)
        authors = [author for _, _, author in there if author != "late"]
        assert sum(a == str(b) for a, b in zip(authors, town.contacts, strict=True)) < CHANCE
    await execute("checkpoint")
    marks = bytes(await fetchval("select pg_read_binary_file(pg_relation_filepath('response_pending'))"))
    assert not [one for one in rows if one["id"].bytes in marks]


async def test_responses_hold_nothing_of_contacts_or_invitations(town: Town) -> None:
    rows = await fetch("select to_jsonb(r) - 'answers' as kept from response r")
    for one in rows:
        kept: dict[str, Any] = one["kept"]
        assert (kept["submitted_at"], kept["supersedes"], kept["flags"]) == (None, None, [])
        assert kept["day"] == NOON.date().isoformat()
        assert not {str(contact) for contact in town.contacts} & set(map(str, kept.values()))
        assert UUID(kept["id"]).version == 4
    assert await fetchval("select count(*) from response_contact") == 0


async def test_commit_timestamps_are_off(town: Town) -> None:
    assert await fetchval("show track_commit_timestamp") == "off"


async def test_deleted_invitations_are_gone_from_the_disk_after_the_night(town: Town) -> None:
    """As who reads the files themselves: deleted rows show the transaction that deleted them until they are gone."""
    spent = [
        invitations.hashed(KEY, town.survey_id, invitations.token_of(KEY, town.survey_id, contact))
        for contact in town.contacts
    ]
    await anonymity.mix(NIGHT)
    await execute("checkpoint")
    raw = bytes(await fetchval("select pg_read_binary_file(pg_relation_filepath('open_token'))"))
    assert not [hash_ for hash_ in spent if hash_ in raw]
    index = bytes(await fetchval("select pg_read_binary_file(pg_relation_filepath('open_token_pkey'))"))
    assert not [hash_ for hash_ in spent if hash_ in index]


async def test_dumps_and_backups_tell_no_order(town: Town, server: Embedded, tmp_path: Path) -> None:
    file = tmp_path / "town.backup"
    await backup.backup(server.dsn, file, at=NOON)
    with tarfile.open(file) as archive:
        member = archive.extractfile("tables/response.copy")
        assert member is not None
        lines = member.read().decode().splitlines()
    authors = [next(part for part in line.split("\t") if part.startswith("{") and "wish" in part) for line in lines]
    right = sum(str(contact) in words for words, contact in zip(authors, town.contacts, strict=True))
    assert right < CHANCE
    await anonymity.mix(NIGHT)
    assert await town.right("ctid") < CHANCE, "what pg_dump would write"
