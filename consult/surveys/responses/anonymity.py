"""What keeps an answer apart from the person who gave it, and where that ends; test_anonymity.py attacks it.

Anonymous surveys keep of an answer: a random id that the person was given with the form, the survey's version,
language, channel, the day, and the answers. Of an invitation that is still good: a keyed hash and the survey. "Has
answered" is the absence of that row. Database rules (0091) refuse a time, and a link to a contact, whoever writes them.

Against somebody who reads the whole database, its dumps and our backups, and knows who was invited and who answered:

    places on the disk  by night every response of a day that is over is laid anew, on another page, in the order of the
    transaction ids     ids, which are random; so are the transactions that do it, each a range of ids. Pages that
                        these rows are leaving are filled up before (consult_0285), so that where a row comes to lie
                        hangs on its id alone, for three answers of a day as for a million. Indexes and what lies
                        outside of the row (long answers, files) are written anew with it
    invitations         the row is deleted, not marked, so nothing that can be read shares the response's transaction
                        id. They are stored in the order of their hashes; what arrives together in random order
    deleted rows        are cleared away after that, and the entries of indexes that lead to them; small tables are
                        written anew as a whole, as is the table of invitations: no byte of what was is left
    column files        (consult/columns) hold rows sorted by id, and of a day's files the night makes one; their times
                        are wiped. The mark that an answer has yet to join them is a random id beside the answer's own
                        in the same transaction, says nothing else, and by night its table is written anew
    clocks, sequences   none: no time, no counter, no audit entry, no letter and no job comes with an answer;
                        daily totals are written every few seconds for all answers together. A file that waits for its
                        answers has a day on which it is forgotten, not a second that a letter's time would match
    saved for later     by night these rows are laid in the order of their names, which are random, in one transaction:
                        beside the letters, which have addresses and times, their order would tell whose they are
    backups             rows are ordered by id. A copy of the database's files or disk is another thing, see below

What remains, honestly:

    within the day      whoever watches the live database, or takes two dumps (or exports) around one single answer,
                        sees which invitation went and which response came. Nightly dumps show those between them
                        together, and which of a day came before the hour of the backup
    few answers         where one invited person answers on a day, that day's only response is that person's, and where
                        everybody gave the same answer, it is known without any link. Results suppress small groups
    the write-ahead log PostgreSQL's log holds both changes side by side, and the second: in the server's own folder
                        the last hundreds of megabytes, elsewhere what is archived or replicated. Do not archive it
                        longer than recovery needs; the same goes for snapshots of disks
    large tables        beyond SMALL the bytes of deleted rows stay in free places of their pages, where no question
                        reaches them, until other answers are written there; likewise the blocks of removed files.
                        Who copies the disk finds them
    long readers        who reads one snapshot for hours keeps deleted rows for as long. The night's work waits for
                        PATIENCE_S, then leaves it to the next night
    measures            count answers for whoever watches the machine, every quarter of a minute: where a day has one
                        answer, they tell when it came
    commit timestamps   must stay off (they are by default): they tell the second until the night
    proxies             whoever logs addresses with times in front of us can match a day's visitors by hand; the
                        invitation's link is opened there (see answering/invited_pages.py for a rule that leaves it out)
    the answers         may name their author. The texts are the respondents' own

Confidential and identified surveys keep the time and, in response_contact, the contact; their pages say so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg

from consult.jobs import every
from consult.storage import connection

FOUND = {
    "response": "select id, ctid, pg_column_size(answers) as size from response"
    " where day < $1 and day >= $2 and not is_mixed",
    "survey_file": "select f.id, f.ctid, length(f.name) as size from survey_file f join response r on r.id = f.response"
    " where r.day < $1 and r.day >= $2 and not f.is_mixed",
}
"""What is laid anew: the rows of days that are over."""
PAGE = "(ctid::text::point)[0]"
SPENT = ("open_token", "response_pending")
CLEARED = (*SPENT, *FOUND, "survey_saved")
"""Whose deleted rows say what belonged together. Those of the first two lose rows all day long."""
FORTNIGHT = timedelta(days=14)
PAGES, ROWS = 50, 2_000  # in one transaction
SMALL = 64 * 2**20
"""Bytes of a table that is written anew as a whole: nobody can use it meanwhile."""
LOCK_PATIENCE_S = 0.5
"""Whoever waits long for a lock holds up those who come later."""
AGAIN_S = 60.0
PATIENCE_S = 2_400.0
LIMIT_S = 3_600.0
LOCK = 0x6D6978
DEAD = "select n_dead_tup > 0 from pg_stat_all_tables where relid = $1::text::regclass"


async def mix(before: date, *, since: date = date.min, patience_s: float = 0.0) -> int:
    """Lay the responses of past days anew, in the order of their ids; how many. Those laid before are left.

    patience_s: how long to wait for others who hold a row, or (a backup) keep deleted rows from being cleared away.
    """
    until = time.monotonic() + patience_s
    async with connection() as raw:
        if not await raw.fetchval("select pg_try_advisory_lock($1)", LOCK):
            return 0
        try:
            await _be_patient(raw, LOCK_PATIENCE_S)
            laid = {table: await _lay_anew(raw, table, (before, since), until) for table in FOUND}
            await _until(partial(_saved_anew, raw), until)
            for table in CLEARED:
                await _clear(raw, table, is_changed=bool(laid.get(table)), until=until)
        finally:
            if not raw.is_closed():
                await raw.execute("reset lock_timeout")
                await raw.execute("select pg_advisory_unlock($1)", LOCK)
    return laid["response"]


async def _lay_anew(raw: Any, table: str, days: tuple[date, date], until: float) -> int:
    laid = 0
    first = f"select distinct on ({PAGE}) id from ({FOUND[table]}) as found order by {PAGE}, size"  # noqa: S608
    every_one = f"select id from ({FOUND[table]}) as found order by id"  # noqa: S608

    async def lay() -> bool:
        nonlocal laid
        is_whole = True
        async with connection() as other, other.transaction(isolation="repeatable_read", readonly=True):
            await other.execute("select")  # from here on nothing is cleared away, so that filled pages stay full
            async with _portions(raw, first, days, size=PAGES) as more:
                while ids := await more():
                    with suppress(asyncpg.LockNotAvailableError):
                        await raw.execute(f"select fill_pages_of_{table}($1)", ids)
            async with _portions(raw, every_one, days, size=ROWS) as more:
                while ids := await more():
                    began = time.monotonic()
                    try:
                        laid += int(await raw.fetchval(f"select lay_{table}_anew($1)", ids))
                    except asyncpg.LockNotAvailableError:  # somebody is erasing
                        is_whole = False
                    await asyncio.sleep(time.monotonic() - began)  # others come first
        return is_whole

    await _until(lay, until)
    return laid


@asynccontextmanager
async def _portions(
    raw: Any, query: str, arguments: tuple[object, ...], *, size: int
) -> AsyncIterator[Callable[[], Awaitable[list[UUID]]]]:
    """Ids that a query gives, as many at a time: the database keeps the others, on its disk if they are many."""

    async def more() -> list[UUID]:
        return [row["id"] for row in await raw.fetch(f"fetch {size} from portions")]

    await raw.execute(f"declare portions cursor with hold for {query}", *arguments)
    try:
        yield more
    finally:
        if not raw.is_closed():
            await raw.execute("close portions")


async def _saved_anew(raw: Any) -> bool:
    """Lay what is saved for later in the order of its names: beside the letters' order it would tell whose it is.

    Nobody saves or sends meanwhile. A table that is not small is left: there are many then.
    """
    if not await _is_small(raw, "survey_saved"):
        return True
    with suppress(asyncpg.LockNotAvailableError):
        async with raw.transaction():
            await raw.execute("lock table survey_saved in exclusive mode")
            await raw.execute(
                "with gone as (delete from survey_saved returning *) insert into survey_saved select * from gone"
                " order by id"
            )
        return True
    return False


async def _be_patient(raw: Any, lock_s: float) -> None:
    """How long to wait for a lock; 0 for ever."""
    await raw.execute(f"set lock_timeout = {lock_s * 1000:.0f}")


async def _is_small(raw: Any, table: str) -> bool:
    return bool(await raw.fetchval("select pg_total_relation_size($1::text::regclass) <= $2", table, SMALL))


async def _clear(raw: Any, table: str, *, is_changed: bool, until: float) -> None:
    """Take deleted rows, what leads to them, and what statistics quote of them, off the disk."""
    is_changed = is_changed or table in SPENT or await raw.fetchval(DEAD, table)
    if is_changed and (table in SPENT or await _is_small(raw, table)):
        await _until(partial(_written_anew, raw, table), until)
    await _be_patient(raw, 0)  # for who clears away; that holds up nobody
    if is_changed:
        await raw.execute(f"analyze {table}")
    await _until(partial(_vacuumed, raw, table), until)


async def _until(act: Callable[[], Awaitable[bool]], until: float) -> None:
    """Try until it is done or time is over, but once at least."""
    while not await act() and time.monotonic() < until:  # noqa: ASYNC110 - it asks the database
        await asyncio.sleep(AGAIN_S)


async def _vacuumed(raw: Any, table: str) -> bool:
    """Whether all deleted rows are gone: those that somebody who began before may still see are kept for him."""
    await raw.execute(f"vacuum {table}")
    return not await raw.fetchval(DEAD, table)


async def _written_anew(raw: Any, table: str) -> bool:
    """Whether the whole table could be: not while somebody reads it for long."""
    await _be_patient(raw, LOCK_PATIENCE_S)
    with suppress(asyncpg.LockNotAvailableError):
        await raw.execute(f"vacuum (full) {table}")
        return True
    return False


@every(1440, "surveys.mix", limit_s=LIMIT_S)
async def mix_by_night(at: datetime) -> None:
    """By the calendar of Greenwich: our towns lie east of it, so a day that is over there is over here.

    Nights that were missed are made up for: a fortnight's every time, all others on the first of a month.
    """
    today = at.date()
    since = date.min if today.day == 1 else today - FORTNIGHT
    await mix(today, since=since, patience_s=PATIENCE_S)
