"""Rows that spend an invitation or fill a quota: one transaction for those that wait together.

Spending is deleting. Two browsers with the same invitation meet at the row's lock: who comes second finds nothing.
Invitations are locked before quotas, both in a fixed order: processes wait for each other, but never in a circle.
Everything is decided after the locks are held, when no other process can change what the decision rests on.

What the database keeps of an anonymous row's invitation is nothing. Within a batch rows are stored in random order.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

from consult.surveys.responses.insert_rows import Outcome, Row, columns

Quota: TypeAlias = tuple[UUID, str]
SHUFFLE = random.SystemRandom()


async def spend(
    raw: Any, rows: list[Row], *, insert: str, compared: Callable[[Any, list[Row]], Awaitable[list[Outcome | None]]]
) -> list[Outcome]:
    """What becomes of each row, inside a transaction. Raises UniqueViolationError: then all is to be undone."""
    invitations = await _invitations(raw, rows)
    taken = await _quotas(raw, rows)
    waiting = await _files(raw, rows)
    known = await compared(raw, rows)
    before = dict(taken)
    accepted: dict[UUID, Row] = {}
    contacts: list[tuple[UUID, UUID]] = []
    outcomes: list[Outcome] = []
    for row, there in zip(rows, known, strict=True):
        outcome = there or _again(accepted.get(row.id), row) or _decide(row, invitations, taken, waiting)
        outcomes.append(outcome)
        if outcome is Outcome.STORED:
            accepted[row.id] = row
            for file in row.files:
                del waiting[file]
            contact = None if row.token is None else invitations.pop(row.token)[1]
            if contact is not None:
                contacts.append((row.id, contact))
            for key, _ in row.quotas:
                taken[row.survey, key] += 1
            for key in row.released:
                taken[row.survey, key] = max(0, taken[row.survey, key] - 1)
    if accepted:
        await _write(raw, list(accepted.values()), contacts, insert)
    changed = {quota: number for quota, number in taken.items() if number != before[quota]}
    if changed:
        await raw.execute(
            "update survey_quota q set taken = t.taken"
            " from unnest($1::uuid[], $2::text[], $3::int[]) as t (survey, key, taken)"
            " where q.survey = t.survey and q.key = t.key",
            [survey for survey, _ in changed],
            [key for _, key in changed],
            list(changed.values()),
        )
    return outcomes


def _again(first: Row | None, row: Row) -> Outcome | None:
    """The same id twice in one batch."""
    if first is None:
        return None
    is_same = (first.survey, first.answers) == (row.survey, row.answers)
    return Outcome.SAME if is_same else Outcome.DIFFERENT


def _decide(
    row: Row,
    invitations: dict[bytes, tuple[UUID, UUID | None]],
    taken: dict[Quota, int],
    waiting: dict[UUID, tuple[UUID, UUID | None]],
) -> Outcome:
    if row.token is not None:
        invitation = invitations.get(row.token)
        if invitation is None or invitation[0] != row.survey:
            return Outcome.SPENT
    if any(taken[row.survey, key] >= limit for key, limit in row.quotas):
        return Outcome.FULL
    if any(waiting.get(file) not in ((row.survey, None), (row.survey, row.supersedes)) for file in row.files):
        return Outcome.FILE_GONE
    return Outcome.STORED


async def _invitations(raw: Any, rows: list[Row]) -> dict[bytes, tuple[UUID, UUID | None]]:
    """Those invitations of the rows that are still good, locked: hash -> survey and contact."""
    wanted = [row.token for row in rows if row.token is not None]
    if not wanted:
        return {}
    found = await raw.fetch(
        "select hash, survey, contact from open_token where hash = any($1::bytea[]) order by hash for update", wanted
    )
    return {one["hash"]: (one["survey"], one["contact"]) for one in found}


async def _quotas(raw: Any, rows: list[Row]) -> dict[Quota, int]:
    """How far the quotas of the rows are filled, locked."""
    named = {(row.survey, key) for row in rows for key in (*(key for key, _ in row.quotas), *row.released)}
    if not named:
        return {}
    wanted = sorted(named, key=str)
    arguments = ([survey for survey, _ in wanted], [key for _, key in wanted])
    lock = (
        "select survey, key, taken from survey_quota"
        " where (survey, key) in (select * from unnest($1::uuid[], $2::text[])) order by survey, key for update"
    )
    found = await raw.fetch(lock, *arguments)
    if len(found) < len(wanted):
        await raw.execute(
            "insert into survey_quota (survey, key, taken) select *, 0 from unnest($1::uuid[], $2::text[]) as t (s, k)"
            " order by s, k on conflict do nothing",
            *arguments,
        )
        found = await raw.fetch(lock, *arguments)
    return {(one["survey"], one["key"]): one["taken"] for one in found}


async def _files(raw: Any, rows: list[Row]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """The files of the rows, locked: id -> survey, and the response that it belongs to already."""
    wanted = [file for row in rows for file in row.files]
    if not wanted:
        return {}
    found = await raw.fetch(
        "select id, survey, response from survey_file where id = any($1::uuid[]) order by id for update", wanted
    )
    return {one["id"]: (one["survey"], one["response"]) for one in found}


async def _write(raw: Any, rows: list[Row], contacts: list[tuple[UUID, UUID]], insert: str) -> None:
    SHUFFLE.shuffle(rows)
    spent = [row.token for row in rows if row.token is not None]
    if spent:
        await raw.execute("delete from open_token where hash = any($1::bytea[])", spent)
    await raw.execute(insert, *columns(rows))
    files = [(file, row.id) for row in rows for file in row.files]
    if files:
        await raw.executemany("update survey_file set response = $2, expires_at = null where id = $1", files)
    changed = [(row.supersedes, row.id) for row in rows if row.supersedes is not None]
    if changed:
        await raw.executemany("update response_contact set response = $2 where response = $1", changed)
    if contacts:
        await raw.executemany("insert into response_contact (response, contact) values ($1, $2)", contacts)
