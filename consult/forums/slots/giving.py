"""Giving free times to who waits. The caller is in a transaction that holds the lock of the forum's appointments."""

from uuid import UUID

from consult.forums.slots import letters, queries
from consult.forums.slots.allocation import Entry, Free, assign
from consult.forums.slots.slot import SlotRequest, State, Terms
from consult.storage import execute, fetch


async def lock(forum_id: UUID) -> Terms | None:
    """Lock the terms of a forum and its times, so that one at a time gives them; gives the terms as they stand."""
    await fetch("SELECT 1 FROM forum WHERE id = $1 FOR NO KEY UPDATE", forum_id)
    await fetch("SELECT id FROM forum_slot WHERE forum = $1 ORDER BY id FOR UPDATE", forum_id)
    return await queries.terms(forum_id)


async def fill(about: letters.About) -> set[UUID]:
    """Give every free time to the first in order whom it suits, with a letter; gives the requests that got one.

    Before the order has been made only "first come" gives times.
    """
    if about.terms.allocated_at is None and not about.terms.gives_at_once:
        return set()
    waiting = {one.id: one for one in await queries.in_state(about.forum.id, State.WAITING)}
    slots = {one.id: one for one in await queries.slots(about.forum.id)}
    free = [
        Free(one.id, one.room, one.topic, one.language, one.has_interpreter)
        for one in slots.values()
        if one.room and one.may_be_given(about.at)
    ]
    given = assign((entry_of(one) for one in waiting.values()), free)
    for request_id, slot_id in given.items():
        await execute(
            "UPDATE forum_slot_request SET state = 'given', slot = $2, changed_at = $3 WHERE id = $1",
            request_id,
            slot_id,
            about.at,
        )
        await execute("UPDATE forum_slot SET taken = taken + 1 WHERE id = $1", slot_id)
        await letters.given(about, waiting[request_id], slots[slot_id])
    return set(given)


def entry_of(request: SlotRequest, *, heard_before: bool = False) -> Entry:
    return Entry(request.id, request.number, request.topic, request.language, heard_before)
