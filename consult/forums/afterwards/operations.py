"""What staff do after a meeting: write the minutes, publish them, say what became of a promise.

Each operation is one transaction with its entry in the audit trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.afterwards import queries
from consult.forums.afterwards.minutes import (
    LONGEST_HEADING,
    LONGEST_TEXT,
    MOST_ENTRIES,
    MOST_ITEMS,
    EntryContent,
    Minutes,
    PromiseState,
    Settling,
    agenda_headings,
    text_problems,
)
from consult.i18n import Text
from consult.records.operations import audit
from consult.storage import execute, fetchrow, fetchval, transaction

RECORD = "forum"


class NotBegun(Refused):
    message = N_("The meeting has not begun yet: there are no minutes of it.")


class PromiseStays(Refused):
    message = N_("A promise that is public keeps its words. Say what became of it instead.")


class NothingToPublish(Refused):
    message = N_("There is nothing in these minutes yet.")


async def keep_summary(*, forum_id: UUID, summary: Text, authentic: str, actor: UUID | None, at: datetime) -> None:
    """Write the few sentences that stand before the minutes. Raises Invalid, NotFound, NotBegun."""
    problems = list(text_problems("summary", summary, authentic=authentic, longest=LONGEST_TEXT))
    if problems:
        raise Invalid(problems)
    async with transaction():
        await _begun(forum_id, at)
        await execute("UPDATE forum_minutes SET summary = $2 WHERE forum = $1", forum_id, summary)
        await _changed(forum_id, actor, {"summary": summary}, at)


async def take_agenda(forum_id: UUID, *, actor: UUID | None, at: datetime) -> int:
    """Make an item of each item of the agenda, if there is none yet. Returns how many. Raises NotFound, NotBegun."""
    async with transaction():
        await _begun(forum_id, at)
        forum = await forums.forum_by_id(forum_id)
        if forum is None or await fetchval("SELECT count(*) FROM minutes_item WHERE forum = $1", forum_id):
            return 0
        planned = (await forums.agenda_of([forum_id]))[forum_id]
        headings = [item.title for item in planned] or agenda_headings(forum.agenda)
        for heading in headings:
            await _add_item(forum_id, heading)
        if headings:
            await _changed(forum_id, actor, {"items": len(headings)}, at)
        return len(headings)


async def keep_item(
    *, forum_id: UUID, heading: Text, authentic: str, actor: UUID | None, at: datetime, item_id: UUID | None = None
) -> UUID:
    """Add an item at the end, or name one anew. Raises Invalid, NotFound, NotBegun."""
    problems = list(text_problems("heading", heading, authentic=authentic, longest=LONGEST_HEADING))
    async with transaction():
        await _begun(forum_id, at)
        if await fetchval("SELECT count(*) FROM minutes_item WHERE forum = $1", forum_id) >= MOST_ITEMS:
            problems.append(Problem("", N_("Use at most %(most)s items."), {"most": MOST_ITEMS}))
        if problems:
            raise Invalid(problems)
        if item_id is None:
            item_id = await _add_item(forum_id, heading)
        else:
            await _one(
                "UPDATE minutes_item SET heading = $3 WHERE id = $1 AND forum = $2 RETURNING id",
                item_id,
                forum_id,
                heading,
            )
        await _changed(forum_id, actor, {"heading": heading}, at)
    return item_id


async def remove_item(*, forum_id: UUID, item_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take an item out with what is under it. Raises NotFound, PromiseStays."""
    async with transaction():
        minutes = await _locked(forum_id)
        item = minutes.item(item_id)
        if item is None:
            raise NotFound
        if minutes.is_public and any(entry.promise for entry in item.entries):
            raise PromiseStays
        await execute("DELETE FROM minutes_item WHERE id = $1", item_id)
        await _changed(forum_id, actor, None, at, before={"heading": item.heading})


async def add_entry(
    *, forum_id: UUID, item_id: UUID, content: EntryContent, authentic: str, actor: UUID | None, at: datetime
) -> UUID:
    """Write down what was said, answered, decided or promised. Raises Invalid, NotFound."""
    entry_id = uuid4()
    async with transaction():
        minutes = await _locked(forum_id)
        item = minutes.item(item_id)
        if item is None:
            raise NotFound
        problems = await _problems(content, authentic)
        if len(item.entries) >= MOST_ENTRIES:
            problems.append(Problem("", N_("Use at most %(most)s entries under an item."), {"most": MOST_ENTRIES}))
        if problems:
            raise Invalid(problems)
        await execute(
            """INSERT INTO minutes_entry (id, item, position, kind, text, unit, due_on, first_due_on, state, note)
               VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM minutes_entry WHERE item = $2), $3, $4, $5,
                   $6, $6, $7, '{}')""",
            entry_id,
            item_id,
            content.kind,
            content.text,
            *_promised(content),
        )
        await _changed(forum_id, actor, _said(content), at)
    return entry_id


async def change_entry(
    *, forum_id: UUID, entry_id: UUID, content: EntryContent, authentic: str, actor: UUID | None, at: datetime
) -> None:
    """Write an entry anew. Raises Invalid, NotFound, and PromiseStays for a promise that is public."""
    async with transaction():
        minutes = await _locked(forum_id)
        entry = minutes.entry(entry_id)
        if entry is None:
            raise NotFound
        if minutes.is_public and entry.promise is not None:
            raise PromiseStays
        problems = await _problems(content, authentic)
        if problems:
            raise Invalid(problems)
        unit, due_on, state = _promised(content)
        await execute(
            """UPDATE minutes_entry SET kind = $2, text = $3, unit = $4, due_on = $5, first_due_on = $5, state = $6,
                   note = '{}', settled_on = NULL WHERE id = $1""",
            entry_id,
            content.kind,
            content.text,
            unit,
            due_on,
            state,
        )
        await _changed(forum_id, actor, _said(content), at, before={"kind": entry.kind, "text": entry.text})


async def remove_entry(*, forum_id: UUID, entry_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take an entry out. Raises NotFound, and PromiseStays for a promise that is public."""
    async with transaction():
        minutes = await _locked(forum_id)
        entry = minutes.entry(entry_id)
        if entry is None:
            raise NotFound
        if minutes.is_public and entry.promise is not None:
            raise PromiseStays
        await execute("DELETE FROM minutes_entry WHERE id = $1", entry_id)
        await _changed(forum_id, actor, None, at, before={"kind": entry.kind, "text": entry.text})


async def publish_minutes(forum_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Show the minutes to everybody; a second time changes nothing. Raises NotFound, NothingToPublish."""
    async with transaction():
        minutes = await _locked(forum_id)
        if minutes.is_public:
            return
        if not any(item.entries for item in minutes.items) and not minutes.summary:
            raise NothingToPublish
        await execute("UPDATE forum_minutes SET published_at = $2 WHERE forum = $1", forum_id, at)
        counts = {"items": len(minutes.items), "promises": len(minutes.promises)}
        await audit(actor=actor, kind="minutes.published", record=RECORD, record_id=forum_id, after=counts, at=at)


async def settle_promise(
    *, promise_id: UUID, settling: Settling, authentic: str, today: date, actor: UUID | None, at: datetime
) -> None:
    """Say what became of a promise: kept, withdrawn, in progress again, or another day. Raises Invalid, NotFound."""
    async with transaction():
        await _one("SELECT id FROM minutes_entry WHERE id = $1 AND kind = 'promise' FOR UPDATE", promise_id)
        promise = await queries.promise(promise_id)
        if promise is None:
            raise NotFound
        problems = settling.problems(promise, authentic=authentic)
        if problems:
            raise Invalid(problems)
        is_open = settling.state == PromiseState.OPEN
        due_on = settling.due_on if is_open and settling.due_on else promise.due_on
        settled_on = None if is_open else promise.settled_on if settling.state == promise.state else today
        await execute(
            "UPDATE minutes_entry SET state = $2, note = $3, due_on = $4, settled_on = $5 WHERE id = $1",
            promise_id,
            settling.state,
            settling.note,
            due_on,
            settled_on,
        )
        await audit(
            actor=actor,
            kind="promise.settled",
            record="promise",
            record_id=promise_id,
            before={"state": promise.state, "due_on": promise.due_on},
            after={"state": settling.state, "due_on": due_on, "note": settling.note},
            at=at,
        )


async def _begun(forum_id: UUID, at: datetime) -> None:
    """Make room for the minutes of a meeting that has begun, and lock them."""
    forum = await forums.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    if forum.starts_at is None or at < forum.starts_at or not forum.is_public:
        raise NotBegun
    await execute("INSERT INTO forum_minutes (forum, summary) VALUES ($1, '{}') ON CONFLICT DO NOTHING", forum_id)
    await fetchrow("SELECT forum FROM forum_minutes WHERE forum = $1 FOR UPDATE", forum_id)


async def _locked(forum_id: UUID) -> Minutes:
    await _one("SELECT forum FROM forum_minutes WHERE forum = $1 FOR UPDATE", forum_id)
    return (await queries.minutes_of([forum_id], public=False))[forum_id]


async def _problems(content: EntryContent, authentic: str) -> list[Problem]:
    problems = content.problems(authentic=authentic)
    if content.unit is not None and await fetchval("SELECT 1 FROM unit WHERE id = $1", content.unit) is None:
        problems.append(Problem("unit", N_("Choose the unit that keeps the promise.")))
    return problems


async def _one(sql: str, *arguments: object) -> None:
    if await fetchrow(sql, *arguments) is None:
        raise NotFound


async def _add_item(forum_id: UUID, heading: Text) -> UUID:
    item_id = uuid4()
    await execute(
        """INSERT INTO minutes_item (id, forum, position, heading)
           VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM minutes_item WHERE forum = $2), $3)""",
        item_id,
        forum_id,
        heading,
    )
    return item_id


async def _changed(
    forum_id: UUID, actor: UUID | None, after: Mapping[str, Any] | None, at: datetime, before: object = None
) -> None:
    """Whatever changes after publication is a correction, and the page says of which day."""
    await execute(
        "UPDATE forum_minutes SET corrected_at = $2 WHERE forum = $1 AND published_at IS NOT NULL", forum_id, at
    )
    await audit(
        actor=actor, kind="minutes.changed", record=RECORD, record_id=forum_id, before=before, after=after, at=at
    )


def _promised(content: EntryContent) -> tuple[UUID | None, date | None, str | None]:
    return (content.unit, content.due_on, PromiseState.OPEN) if content.is_promise else (None, None, None)


def _said(content: EntryContent) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": content.kind, "text": content.text}
    return said | ({"due_on": content.due_on} if content.is_promise else {})
