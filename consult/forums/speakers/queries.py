"""Reading the speakers' list."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from consult.forums.speakers.speaker import Rules, Speaker, State
from consult.storage import fetch, fetchrow

SPEAKER = """SELECT p.id, p.session, p.position, p.name, p.side, p.question, q.number AS question_number, p.state,
    p.limit_s, p.used_s, p.started_at, p.first_started_at
    FROM forum_speaker p LEFT JOIN forum_question q ON q.id = p.question"""


async def rules(session_id: UUID) -> Rules:
    row = await fetchrow("SELECT limit_s, alternates FROM forum_speaking WHERE session = $1", session_id)
    return Rules(**dict(row)) if row else Rules()


async def speaker(speaker_id: UUID) -> Speaker | None:
    row = await fetchrow(f"{SPEAKER} WHERE p.id = $1", speaker_id)
    return _speaker(row) if row else None


async def speakers(session_id: UUID) -> list[Speaker]:
    """The whole list of a session, in the order of the list."""
    return [_speaker(row) for row in await fetch(f"{SPEAKER} WHERE p.session = $1 ORDER BY p.position", session_id)]


async def speaking_now(session_ids: Iterable[UUID]) -> Speaker | None:
    """Who has the floor in one of these sessions."""
    row = await fetchrow(f"{SPEAKER} WHERE p.session = ANY($1::uuid[]) AND p.state = 'speaking'", list(session_ids))
    return _speaker(row) if row else None


async def for_minutes(forum_id: UUID) -> tuple[Speaker, ...]:
    """Everybody who spoke at a forum, in the order in which they did; `speaker.totals` sums their time by side."""
    sql = f"""{SPEAKER} JOIN forum_session s ON s.id = p.session
              WHERE s.forum = $1 AND p.first_started_at IS NOT NULL ORDER BY p.first_started_at"""
    return tuple(_speaker(row) for row in await fetch(sql, forum_id))


def _speaker(row: Any) -> Speaker:
    return Speaker(**dict(row) | {"state": State(row["state"])})
