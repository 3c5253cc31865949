"""One answer for each invitation, ever: in one batch, from many connections, and never at another row's cost."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from consult.errors import NotFound
from consult.storage import execute, fetch, fetchval
from consult.surveys import operations as survey_operations
from consult.surveys import queries
from consult.surveys.admission import invitation_operations as operations
from consult.surveys.admission import invitations
from consult.surveys.responses import inserts
from consult.surveys.responses.inserts import Batcher, Outcome
from tests.conftest import NOON
from tests.surveys.conftest import publish
from tests.surveys.makers import survey
from tests.surveys.test_operations import row

KEY = invitations.key(b"a secret of this town hall")
ANNA, BORIS = uuid4(), uuid4()


def hashed(survey_id: UUID, token: str) -> bytes:
    return invitations.hashed(KEY, survey_id, token)


async def invited(survey_id: UUID, number: int = 1) -> list[bytes]:
    tokens = await operations.issue_loose_tokens(survey_id=survey_id, number=number, key=KEY)
    return [hashed(survey_id, token) for token in tokens]


def test_token_is_the_same_each_time_and_another_for_each_contact() -> None:
    first, second = uuid4(), uuid4()
    assert invitations.token_of(KEY, first, ANNA) == invitations.token_of(KEY, first, ANNA)
    tokens = {
        invitations.token_of(key, one, who) for key in (KEY, b"x") for one in (first, second) for who in (ANNA, BORIS)
    }
    assert len(tokens) == 8


def test_typed_token_is_forgiven_its_dashes_but_no_wrong_letter() -> None:
    token = invitations.random_token()
    assert invitations.read(invitations.spaced(token)) == token
    assert invitations.read(f" {token.lower().replace('0', 'o').replace('1', 'l')} ") == token
    assert invitations.read(token[:-1]) is None
    others = [token[:5] + letter + token[6:] for letter in "0123456789ABCDEF" if letter != token[5]]
    assert sum(invitations.read(other) is None for other in others) > 10


async def test_anonymous_survey_keeps_a_hash_and_nothing_else(db: None) -> None:
    survey_id = await publish(survey())
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=[ANNA, BORIS], key=KEY)
    rows = await fetch("select * from open_token order by hash")
    assert [dict(one) for one in rows] == [
        {"hash": hash_, "survey": survey_id, "contact": None}
        for hash_ in sorted(hashed(survey_id, token) for token in tokens.values())
    ]
    assert await operations.open_contacts(survey_id=survey_id, contacts=[ANNA, BORIS, uuid4()], key=KEY) == {
        ANNA,
        BORIS,
    }
    await operations.withdraw_tokens(survey_id=survey_id, contacts=[ANNA], key=KEY)
    assert await operations.open_contacts(survey_id=survey_id, contacts=[ANNA, BORIS], key=KEY) == {BORIS}


async def test_survey_without_a_version_invites_nobody(db: None) -> None:
    with pytest.raises(NotFound):
        await operations.issue_loose_tokens(survey_id=uuid4(), number=1, key=KEY)


@pytest.mark.parametrize("mode", ["confidential", "identified"])
async def test_contact_is_kept_where_the_mode_says_so(db: None, mode: str) -> None:
    survey_id = await publish(survey(mode=mode))
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=[ANNA], key=KEY)
    sent = row(survey_id, token=hashed(survey_id, tokens[ANNA]), submitted_at=NOON)
    assert await inserts.responses.store(sent) is Outcome.STORED
    assert await fetchval("select contact from response_contact where response = $1", sent.id) == ANNA
    assert await operations.open_count(survey_id) == 0


async def test_contact_follows_changed_answers_and_is_forgotten_with_them(db: None) -> None:
    survey_id = await publish(survey(mode="confidential", editable=True))
    tokens = await operations.issue_tokens(survey_id=survey_id, contacts=[ANNA, BORIS], key=KEY)
    of_anna, of_boris = (
        row(survey_id, token=hashed(survey_id, tokens[contact]), submitted_at=NOON) for contact in (ANNA, BORIS)
    )
    first = row(survey_id, supersedes=of_anna.id, submitted_at=NOON)
    newest = row(survey_id, supersedes=first.id, submitted_at=NOON)
    for one in (of_anna, of_boris, first, newest):
        assert await inserts.responses.store(one) is Outcome.STORED
    linked = "select response, contact from response_contact order by contact = $1 desc"
    assert [tuple(one) for one in await fetch(linked, ANNA)] == [(newest.id, ANNA), (of_boris.id, BORIS)]
    await operations.unlink_contacts(contacts=[ANNA])
    assert [tuple(one) for one in await fetch(linked, ANNA)] == [(of_boris.id, BORIS)]
    assert await queries.count(survey_id) == 2
    await survey_operations.erase_response(response_id=of_boris.id, reason="Asked for by letter", at=NOON)
    assert await fetchval("select count(*) from response_contact") == 0


async def test_database_refuses_links_and_times_in_anonymous_surveys(db: None) -> None:
    survey_id = await publish(survey())
    sent = row(survey_id)
    await inserts.responses.store(sent)
    for statement, *arguments in (
        ("insert into response_contact (response, contact) values ($1, $2)", sent.id, ANNA),
        ("insert into open_token (hash, survey, contact) values ($1, $2, $3)", b"0" * 16, survey_id, ANNA),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="keeps no link"):
            await execute(statement, *arguments)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="no time"):
        await inserts.responses.store(row(survey_id, submitted_at=NOON))
    await operations.issue_loose_tokens(survey_id=survey_id, number=1, key=KEY)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="keeps no link"):
        await execute("update open_token set contact = $1", ANNA)


async def test_same_invitation_twice_in_one_batch(db: None) -> None:
    survey_id = await publish(survey())
    (token,) = await invited(survey_id)
    first = row(survey_id, token=token)
    again = row(survey_id, id=first.id, token=token)
    changed = row(survey_id, id=first.id, token=token, answers='{"colour":"blue"}')
    other = row(survey_id, token=token)
    outcomes = await asyncio.gather(*(inserts.responses.store(one) for one in (first, again, changed, other)))
    assert outcomes == [Outcome.STORED, Outcome.SAME, Outcome.DIFFERENT, Outcome.SPENT]
    assert await inserts.responses.store(again) is Outcome.SAME
    assert await inserts.responses.store(other) is Outcome.SPENT
    assert await queries.count(survey_id) == 1


async def test_fifty_posts_at_once_from_as_many_connections_store_one_answer(db: None) -> None:
    """Each batcher is a process of its own to the database: it knows nothing of the others' queues."""
    survey_id = await publish(survey())
    (token,) = await invited(survey_id)
    outcomes = await asyncio.gather(*(Batcher("response").store(row(survey_id, token=token)) for _ in range(50)))
    assert sorted(outcome.value for outcome in outcomes) == ["spent"] * 49 + ["stored"]
    assert await queries.count(survey_id) == 1


async def test_many_invitations_posted_twice_at_once_in_any_order(db: None) -> None:
    survey_id = await publish(survey())
    tokens = await invited(survey_id, 60)
    rows = [row(survey_id, token=token) for token in (*tokens, *reversed(tokens))]
    batchers = [Batcher("response") for _ in range(6)]
    outcomes = await asyncio.gather(*(batchers[n % 6].store(one) for n, one in enumerate(rows)))
    assert (outcomes.count(Outcome.STORED), outcomes.count(Outcome.SPENT)) == (60, 60)
    assert await queries.count(survey_id) == 60
    assert await operations.open_count(survey_id) == 0


async def test_bad_rows_spend_nothing_and_spoil_nothing(db: None) -> None:
    survey_id, other = await publish(survey()), await publish(survey(key="other"))
    tokens = await invited(survey_id, 10)
    rows = [row(survey_id, token=token) for token in tokens]
    rows[3] = row(survey_id, token=tokens[3], version=9)
    rows[6] = row(other, token=tokens[6])
    plain = [row(survey_id) for _ in range(5)]
    outcomes = await asyncio.gather(*(inserts.responses.store(one) for one in (*rows, *plain)), return_exceptions=True)
    assert isinstance(outcomes[3], asyncpg.ForeignKeyViolationError)
    assert outcomes[6] is Outcome.SPENT
    assert outcomes.count(Outcome.STORED) == 13
    assert {one["hash"] for one in await fetch("select hash from open_token")} == {tokens[3], tokens[6]}


async def test_id_that_is_there_already_spends_no_invitation(db: None) -> None:
    survey_id = await publish(survey())
    (token,) = await invited(survey_id)
    plain = row(survey_id)
    await inserts.responses.store(plain)
    assert await inserts.responses.store(row(survey_id, id=plain.id, token=token)) is Outcome.SAME
    assert await operations.open_count(survey_id) == 1


async def test_flags_are_kept_and_only_those_that_are_known(db: None) -> None:
    survey_id = await publish(survey())
    sent, plain = row(survey_id, flags=("too_fast", "burst")), row(survey_id)
    await asyncio.gather(inserts.responses.store(sent), inserts.responses.store(plain))
    assert await fetchval("select flags from response where id = $1", sent.id) == ["too_fast", "burst"]
    assert await fetchval("select flags from response where id = $1", plain.id) == []
    with pytest.raises(asyncpg.CheckViolationError):
        await inserts.responses.store(row(survey_id, flags=("suspicious",)))


async def test_quota_is_never_overfilled_from_many_connections(db: None) -> None:
    survey_id = await publish(survey())
    tokens = await invited(survey_id, 30)
    rows = [row(survey_id, token=token, quotas=(("women", 7), ("everybody", 20))) for token in tokens]
    outcomes = await asyncio.gather(*(Batcher("response").store(one) for one in rows))
    assert (outcomes.count(Outcome.STORED), outcomes.count(Outcome.FULL)) == (7, 23)
    assert await operations.open_count(survey_id) == 23
    assert {one["key"]: one["taken"] for one in await fetch("select key, taken from survey_quota")} == {
        "women": 7, "everybody": 7,
    }  # fmt: skip


async def test_quota_is_filled_in_turn_within_a_batch_and_given_back(db: None) -> None:
    survey_id = await publish(survey())
    rows = [row(survey_id, quotas=(("women", 2),)) for _ in range(3)]
    outcomes = await asyncio.gather(*(inserts.responses.store(one) for one in rows))
    assert outcomes == [Outcome.STORED, Outcome.STORED, Outcome.FULL]
    changed = row(survey_id, supersedes=rows[0].id, released=("women",))
    assert await inserts.responses.store(changed) is Outcome.STORED
    assert (
        await inserts.responses.store(row(survey_id, supersedes=rows[0].id, released=("women",))) is Outcome.DIFFERENT
    )
    assert await inserts.responses.store(rows[2]) is Outcome.STORED
    assert await fetchval("select taken from survey_quota") == 2
