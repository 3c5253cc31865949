"""Keeping the agenda of a forum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from consult.errors import Invalid, NotFound
from consult.forums import queries
from consult.forums.agenda import ItemContent, agenda_problems
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction


async def keep_agenda(
    *, forum_id: UUID, items: Sequence[ItemContent], authentic: str, actor: UUID | None, at: datetime
) -> None:
    """Write the whole agenda in its order; an item that is not among them any more goes. Raises Invalid, NotFound."""
    async with transaction():
        await fetchval("SELECT id FROM forum WHERE id = $1 FOR UPDATE", forum_id)
        forum = await queries.forum_by_id(forum_id)
        if forum is None:
            raise NotFound
        if problems := list(agenda_problems(items, forum, authentic)):
            raise Invalid(problems)
        known = {item.id for item in (await queries.agenda_of([forum_id]))[forum_id]}
        kept = [item.id for item in items if item.id in known]
        await execute("DELETE FROM forum_agenda_item WHERE forum = $1 AND NOT id = ANY($2::uuid[])", forum_id, kept)
        for position, item in enumerate(items, start=1):
            await execute(
                """INSERT INTO forum_agenda_item (id, forum, session, position, starts, title, speakers)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (id) DO UPDATE SET session = excluded.session, position = excluded.position,
                       starts = excluded.starts, title = excluded.title, speakers = excluded.speakers""",
                item.id if item.id in known else uuid4(),
                forum_id,
                item.session,
                position,
                item.starts,
                item.title,
                item.speakers,
            )
        await audit(
            actor=actor,
            kind="forum.agenda_changed",
            record="forum",
            record_id=forum_id,
            after={"items": len(items)},
            at=at,
        )
