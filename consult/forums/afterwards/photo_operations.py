"""Adding and removing photos of a meeting, and reading them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, NotFound, Problem
from consult.forums import queries as forums
from consult.forums.afterwards.operations import RECORD, NotBegun
from consult.forums.afterwards.photos import MOST_PHOTOS, Photo, drawn, words_problems
from consult.i18n import Text
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchrow, fetchval, transaction


async def photos_of(forum_id: UUID) -> tuple[Photo, ...]:
    rows = await fetch(
        "SELECT id, hash, width, height, shows FROM forum_photo WHERE forum = $1 ORDER BY position, id", forum_id
    )
    return tuple(Photo(**dict(row)) for row in rows)


async def public_photo(photo_hash: str) -> bytes:
    """The picture, if a forum that everybody sees shows it. Raises NotFound."""
    content = await fetchval(
        """SELECT p.content FROM forum_photo p JOIN forum f ON f.id = p.forum
           WHERE p.hash = $1 AND f.published_at IS NOT NULL LIMIT 1""",
        photo_hash,
    )
    if content is None:
        raise NotFound
    return bytes(content)


async def add_photo(
    *, forum_id: UUID, content: bytes, shows: Text, offered: Collection[str], actor: UUID | None, at: datetime
) -> None:
    """Keep a photo; the same picture again changes its words. Raises Invalid, NotFound, NotBegun."""
    problems = words_problems(shows, offered)
    if not content:
        problems.append(Problem("photo", N_("Choose a picture.")))
    if problems:
        raise Invalid(problems)
    picture = await asyncio.to_thread(drawn, content)
    async with transaction():
        forum = await forums.forum_by_id(forum_id)
        if forum is None:
            raise NotFound
        if forum.starts_at is None or at < forum.starts_at or not forum.is_public:
            raise NotBegun
        await fetchrow("SELECT id FROM forum WHERE id = $1 FOR UPDATE", forum_id)
        if await fetchval("SELECT count(*) FROM forum_photo WHERE forum = $1", forum_id) >= MOST_PHOTOS:
            raise Invalid([Problem("photo", N_("A meeting shows at most %(most)s photos."), {"most": MOST_PHOTOS})])
        await execute(
            """INSERT INTO forum_photo (id, forum, position, hash, content, width, height, shows, added_at)
               VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM forum_photo WHERE forum = $2), $3, $4, $5,
                   $6, $7, $8) ON CONFLICT (forum, hash) DO UPDATE SET shows = excluded.shows""",
            uuid4(),
            forum_id,
            picture.hash,
            picture.content,
            picture.width,
            picture.height,
            shows,
            at,
        )
        await audit(
            actor=actor,
            kind="photo.added",
            record=RECORD,
            record_id=forum_id,
            after={"photo": picture.hash, "shows": shows},
            at=at,
        )


async def remove_photo(*, forum_id: UUID, photo_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take a photo away; a second time changes nothing."""
    async with transaction():
        sql = "DELETE FROM forum_photo WHERE id = $1 AND forum = $2 RETURNING hash"
        row = await fetchrow(sql, photo_id, forum_id)
        if row is not None:
            await audit(
                actor=actor,
                kind="photo.removed",
                record=RECORD,
                record_id=forum_id,
                before={"photo": row["hash"]},
                at=at,
            )
