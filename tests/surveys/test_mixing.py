"""The night lays the answers of days that are over anew: where they lie then, and what may happen meanwhile."""

from __future__ import annotations

import asyncio
import re
import struct
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

import anyio
import asyncpg
import pytest

from consult.storage import connection, execute, fetch, fetchval
from consult.surveys.responses import anonymity, inserts, saved_answers
from consult.surveys.responses.insert_rows import Outcome
from consult.surveys.responses.saved_answers import Saved
from tests.conftest import NOON
from tests.surveys.conftest import publish
from tests.surveys.makers import free, survey
from tests.surveys.test_operations import row

TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
BLOCK = 8192
WAITS = "select 1 from pg_locks where not granted and locktype = 'transactionid'"
PLACES = "select id, (ctid::text::point)[0]::int as page from response where day = $1 order by ctid"


def answers(number: int, length: int = 30) -> str:
    """Words that do not become much shorter by compression."""
    words = "".join(sha256(bytes([number, part])).hexdigest() for part in range(length // 64))
    return inserts.encoded({"wish": f"{number} {words}"})


async def came(survey_id: UUID, numbers: range, *, day: date = TODAY, length: int = 30) -> list[UUID]:
    """Answers that came one by one; whose id is the higher came the earlier."""
    ids = [UUID(int=(day.toordinal() << 100) - number, version=4) for number in numbers]
    for number, id_ in zip(numbers, ids, strict=True):
        await inserts.responses.store(row(survey_id, id=id_, day=day, answers=answers(number, length)))
    return ids


async def places(day: date) -> dict[UUID, int]:
    return {one["id"]: one["page"] for one in await fetch(PLACES, day)}


async def file(name: str) -> bytes:
    await execute("checkpoint")
    return bytes(await fetchval(f"select pg_read_binary_file(pg_relation_filepath('{name}'))"))


def items(raw: bytes) -> Iterator[bytes]:
    """What the pages of a table's or an index's file still lead to."""
    for start in range(0, len(raw), BLOCK):
        page = raw[start : start + BLOCK]
        (lower,) = struct.unpack_from("<H", page, 12)
        for (pointer,) in struct.iter_unpack("<I", page[24:lower]):
            if pointer >> 15 & 3 == 1:
                yield page[pointer & 0x7FFF :][: pointer >> 17]


@pytest.mark.parametrize("small", [0, anonymity.SMALL])
async def test_few_answers_beside_others_leave_their_page(
    in_order: None, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    """Three of yesterday between those of the day before, which were laid anew already, and those of today."""
    survey_id = await publish(survey(free("wish")))
    before = await came(survey_id, range(5), day=YESTERDAY - timedelta(days=1))
    assert await anonymity.mix(YESTERDAY) == 5
    monkeypatch.setattr(anonymity, "SMALL", small)
    three = await came(survey_id, range(3), day=YESTERDAY)
    late = await came(survey_id, range(4))
    old, there, new = await places(YESTERDAY - timedelta(days=1)), await places(YESTERDAY), await places(TODAY)
    assert list(there) == three
    assert len({*old.values(), *there.values(), *new.values()}) == 1, "all on one page that has room"
    assert await anonymity.mix(TODAY) == 3
    now = await places(YESTERDAY)
    assert list(now) == sorted(three)
    if not small:  # a small table was written anew as a whole
        assert await places(YESTERDAY - timedelta(days=1)) == old
        assert await places(TODAY) == new
        assert not set(now.values()) & set(there.values())
    assert await anonymity.mix(TODAY) == 0
    assert await places(YESTERDAY) == now
    assert list(old) == sorted(before)
    assert list(await places(TODAY)) == late
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed"):
        await execute("update response set language = 'ka', is_mixed = true")


async def test_a_day_of_several_pages_lies_in_the_order_of_ids(in_order: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long answers lie outside of their row and are numbered as they come: they are written anew as well."""
    monkeypatch.setattr(anonymity, "SMALL", 0)
    monkeypatch.setattr(anonymity, "ROWS", 7)
    monkeypatch.setattr(anonymity, "PAGES", 2)
    survey_id = await publish(survey(free("wish")))
    ids = [*await came(survey_id, range(40), length=900), *await came(survey_id, range(40, 50), length=5000)]
    said = {one["id"]: one["answers"] for one in await fetch("select id, answers from response")}
    marks = await fetchval("select count(*) from response_pending")
    before = await places(TODAY)
    assert list(before) == ids and len(set(before.values())) > 4
    assert await anonymity.mix(TOMORROW) == 50
    after = await places(TODAY)
    assert list(after) == sorted(ids)
    assert not set(after.values()) & set(before.values())
    assert {one["id"]: one["answers"] for one in await fetch("select id, answers from response")} == said
    assert await fetchval("select count(*) from response_pending") == marks
    heap, index = await file("response"), await file("response_pkey")
    for raw in (heap, index):  # a row, and an entry that leads to it: no old ones
        found = b"\0".join(items(raw))
        assert [raw.count(id_.bytes) >= 1 and found.count(id_.bytes) == 1 for id_ in ids] == [True] * 50
    toast = await fetchval("select reltoastrelid::regclass::text from pg_class where relname = 'response'")
    whole = await fetch(f"select chunk_id, string_agg(chunk_data, '' order by chunk_seq) as data from {toast}"
                        " group by 1 order by 1")  # fmt: skip
    numbers = [re.search(rb"wish(\d+) ", bytes(one["data"])) for one in whole]
    assert [int(found[1]) for found in numbers if found] == list(range(49, 39, -1))


async def test_small_tables_keep_no_byte_of_the_old_places(in_order: None) -> None:
    survey_id = await publish(survey(free("wish")))
    ids = await came(survey_id, range(60))
    await anonymity.mix(TOMORROW)
    for name in ("response", "response_pkey"):
        raw = await file(name)
        found = [raw.index(id_.bytes) for id_ in sorted(ids)]
        assert all(raw.count(id_.bytes) == 1 for id_ in ids), name
        assert found == sorted(found, key=lambda place: (place // BLOCK, -place)), name


async def test_killed_in_the_middle_it_goes_on_the_next_time(in_order: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds an answer, so that the work stands in its third part; there its process is ended."""
    monkeypatch.setattr(anonymity, "ROWS", 4)
    monkeypatch.setattr(anonymity, "LOCK_PATIENCE_S", 60)
    survey_id = await publish(survey(free("wish")))
    ids = sorted(await came(survey_id, range(20)))
    kept = {one["id"]: one["answers"] for one in await fetch("select id, answers from response")}
    async with connection() as other:
        holding = other.transaction()
        await holding.start()
        await other.execute("select 1 from response where id = $1 for update", ids[9])
        work = asyncio.create_task(anonymity.mix(TOMORROW))
        with anyio.fail_after(60):
            while not await fetch(WAITS):  # noqa: ASYNC110 - it asks the database
                await anyio.sleep(0.005)
        assert await inserts.responses.store(row(survey_id, id=ids[0], answers=answers(19))) is Outcome.SAME
        assert await inserts.responses.store(row(survey_id, day=TOMORROW)) is Outcome.STORED
        await fetchval("select erase_response($1, gen_random_uuid(), 'As asked.', $2, null)", ids[19], NOON)
        assert await anonymity.mix(TOMORROW) == 0, "another is at it"
        await fetch("select pg_terminate_backend(pid) from pg_locks where not granted")
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await work
        await holding.rollback()
    done = await fetch("select id from response where is_mixed order by id")
    assert [one["id"] for one in done] == ids[:8]
    assert await anonymity.mix(TOMORROW) == 11
    assert list(await places(TODAY)) == ids[:19]
    now = {one["id"]: one["answers"] for one in await fetch("select id, answers from response where day = $1", TODAY)}
    assert now == {id_: words for id_, words in kept.items() if id_ != ids[19]}
    assert Counter(one["is_mixed"] for one in await fetch("select is_mixed from response")) == {True: 19, False: 1}


async def test_what_somebody_holds_waits_for_the_next_time(in_order: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymity, "ROWS", 4)
    monkeypatch.setattr(anonymity, "LOCK_PATIENCE_S", 0.01)
    survey_id = await publish(survey(free("wish")))
    ids = sorted(await came(survey_id, range(20)))
    async with connection() as other, other.transaction():
        await other.execute("select 1 from response where id = $1 for update", ids[9])
        assert await anonymity.mix(TOMORROW) == 16
    assert await anonymity.mix(TOMORROW) == 4
    assert await fetchval("select bool_and(is_mixed) from response")


async def test_a_backup_under_way_holds_nobody_up(in_order: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymity, "LOCK_PATIENCE_S", 0.01)
    survey_id = await publish(survey(free("wish")))
    ids = await came(survey_id, range(20))
    async with connection() as other, other.transaction(isolation="repeatable_read", readonly=True):
        for table in ("response", "open_token", "response_pending"):
            await other.fetch(f"select * from {table}")
        assert await anonymity.mix(TOMORROW) == 20
        assert [one["id"] for one in await other.fetch("select id from response order by ctid")] == ids
        assert await fetchval(anonymity.DEAD, "response")
        assert await fetchval("show lock_timeout") == "0"
    assert await anonymity.mix(TOMORROW) == 0
    assert not await fetchval(anonymity.DEAD, "response")
    assert list(await places(TODAY)) == sorted(ids)


async def test_what_is_saved_for_later_lies_in_no_order_of_the_letters(in_order: None) -> None:
    survey_id = await publish(survey(free("wish")))
    saved = Saved(1, "one", {"wish": ["words " * 600]})
    links = [await saved_answers.keep(survey_id, saved, until=NOON + timedelta(days=3)) for _ in range(20)]
    stored = "select id, xmin::text as writer from survey_saved order by ctid"
    assert [one["id"] for one in await fetch(stored)] == [saved_answers.name_of(link) for link in links]
    await anonymity.mix(TOMORROW)
    now = await fetch(stored)
    assert [one["id"] for one in now] == sorted(saved_answers.name_of(link) for link in links)
    assert len({one["writer"] for one in now}) == 1
    assert [await saved_answers.look(survey_id, link, at=NOON) for link in links] == [saved] * 20
