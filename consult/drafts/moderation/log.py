"""Writing down what a moderator did to a comment: the source of the public log and of the notes of hidden comments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from consult.storage import execute

if TYPE_CHECKING:
    from consult.drafts.comments.comment import Comment


async def note(comment: Comment, act: str, *, actor: UUID | None, at: datetime, reason: str = "") -> None:
    """Note an act within the transaction that does it. comment is as it was before.

    act: published, refused (never seen), hidden (was public), shown (again), covered, uncovered.
    """
    await execute(
        "insert into moderation_act (id, comment, draft, act, reason, was_published_at, at, by) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        uuid4(),
        comment.id,
        comment.draft,
        act,
        reason,
        comment.published_at if act == "hidden" else None,
        at,
        actor,
    )
