from __future__ import annotations

import asyncio
import datetime as dt
import logging
from uuid import uuid4

import asyncpg
import pytest

from consult.people.jobs import TrailBroken, verify_trail
from consult.records import queries
from consult.records.audit import Filter
from consult.records.operations import audit
from consult.storage import execute, fetch, transaction

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
ANNA = uuid4()


async def note(number: int, **fields: object) -> None:
    given = {"actor": ANNA, "kind": "draft.changed", "record": "draft", "record_id": "d1", "at": NOON, **fields}
    async with transaction():
        await audit(**given, after={"number": number, "share": 1e20, "name": "Дрворед"})  # type: ignore[arg-type]


async def test_an_entry_says_who_did_what_and_what_changed(db: None) -> None:
    behind = uuid4()
    await audit(
        actor=ANNA,
        kind="draft.published",
        record="draft",
        record_id=behind,
        at=NOON,
        before={"state": "written"},
        after={"at": NOON, "id": behind},
        reason="Council session",
        on_behalf_of=behind,
    )
    (entry,) = await queries.history("draft", behind)
    assert (entry.number, entry.actor, entry.on_behalf_of, entry.at) == (1, ANNA, behind, NOON)
    assert entry.before == {"state": "written"}
    assert entry.after == {"at": "2026-11-22T12:00:00Z", "id": str(behind)}
    assert (entry.kind, entry.record, entry.record_id, entry.reason) == (
        "draft.published",
        "draft",
        str(behind),
        "Council session",
    )


async def test_a_plain_text_may_stand_before_and_after(db: None) -> None:
    await audit(actor=None, kind="a.b", record="draft", record_id="d1", at=NOON, before="open", after=["closed"])
    (entry,) = await queries.history("draft", "d1")
    assert (entry.before, entry.after) == ("open", ["closed"])


async def test_entries_form_one_chain_even_when_written_at_once(db: None) -> None:
    await asyncio.gather(*(note(number) for number in range(12)))
    state = await queries.verify_chain()
    assert state.is_intact
    assert state.entries == 12
    assert len(state.head) == 64


async def test_an_empty_trail_is_intact(db: None) -> None:
    state = await queries.verify_chain()
    assert (state.is_intact, state.entries, state.head) == (True, 0, "")


async def test_what_is_rolled_back_leaves_no_gap(db: None) -> None:
    await note(1)
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await audit(actor=ANNA, kind="a.b", record="draft", record_id="d1", at=NOON)
            raise ZeroDivisionError
    await note(2)
    state = await queries.verify_chain()
    assert (state.is_intact, state.entries) == (True, 2)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'other'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
async def test_entries_can_be_neither_changed_nor_removed(db: None, statement: str) -> None:
    await note(1)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only grows"):
        await execute(statement)
    assert len(await queries.history("draft", "d1")) == 1


async def test_every_night_the_head_of_the_chain_goes_into_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "consult.audit")
    await note(1)
    await verify_trail(NOON)
    (told,) = caplog.records
    assert (told.__dict__["entries"], told.__dict__["head"]) == (1, (await queries.verify_chain()).head)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entry SET after = '{\"number\": 7}' WHERE number = 2", 2),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 2", 3),
        ("DELETE FROM audit_entry WHERE number = 1", 2),
    ],
)
async def test_forging_behind_the_triggers_breaks_the_chain(db: None, statement: str, broken_at: int) -> None:
    for number in range(4):
        await note(number)
    async with transaction():
        await execute("SET LOCAL session_replication_role = replica")
        await execute(statement)
    state = await queries.verify_chain()
    assert not state.is_intact
    assert state.broken_at == broken_at
    with pytest.raises(TrailBroken):
        await verify_trail(NOON)


async def test_an_inserted_hash_is_computed_by_the_database(db: None) -> None:
    await execute(
        """INSERT INTO audit_entry (id, number, at, kind, record, record_id, previous, hash)
           VALUES ($1, 40, $2, 'a.b', 'draft', 'd1', 'x', sha256('x'))""",
        uuid4(),
        NOON,
    )
    (row,) = await fetch("SELECT number FROM audit_entry")
    assert row["number"] == 1
    assert (await queries.verify_chain()).is_intact


async def test_the_listing_filters_and_pages_newest_first(db: None) -> None:
    for number in range(5):
        await note(number, at=NOON + dt.timedelta(hours=number))
    await note(9, kind="forum.opened", record="forum", actor=None)

    first = await queries.entries(Filter(), number=1, size=4)
    assert (first.total, first.pages, [e.number for e in first.items]) == (6, 2, [6, 5, 4, 3])
    assert [e.number for e in (await queries.entries(Filter(), number=2, size=4)).items] == [2, 1]

    async def numbers(wanted: Filter) -> list[int]:
        return [e.number for e in (await queries.entries(wanted)).items]

    assert await numbers(Filter(kind="forum.opened")) == [6]
    assert await numbers(Filter(record="forum")) == [6]
    assert await numbers(Filter(actor=ANNA, since=NOON + dt.timedelta(hours=2))) == [5, 4, 3]
    assert await numbers(Filter(actor=ANNA, until=NOON + dt.timedelta(hours=2))) == [2, 1]
    assert await queries.kinds() == ["draft.changed", "forum.opened"]
