"""The words of comments as staff read them who only answer: what moderators covered stays covered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.drafts.moderation.queries import redactions_of
from consult.drafts.moderation.redaction import shown


async def covered_texts(rows: Sequence[Any]) -> dict[UUID, str]:
    """For rows with `id`, `text` and `letters_in` the text of each comment, in one statement."""
    covers = await redactions_of([row["id"] for row in rows])
    return {row["id"]: shown(row["text"], covers.get(row["id"], ()), row["letters_in"]) for row in rows}
