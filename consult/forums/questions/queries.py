"""Reading questions. Records come out, never table rows."""

# ruff: noqa: S608 - statements are put together from the constants of this module only

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.forums.questions.question import Asking, Channel, Moderation, Question, State
from consult.storage import Slice, fetch, fetchrow, fetchval

# A question that others stand under counts each browser once, whichever of them it supported.
SUPPORTS = """(SELECT count(DISTINCT s.mark) FROM forum_question_support s JOIN forum_question m ON m.id = s.question
    WHERE m.state = 'published' AND (m.id = q.id OR m.head = q.id))"""
QUESTION = f"""SELECT q.id, q.forum, q.number, q.session, q.head, q.language, q.text, q.name, q.email, q.channel,
    q.state, q.refusal, q.asked_at, q.published_at, q.shortlisted_at, q.answer, q.answered_at, q.erased_at,
    {SUPPORTS} AS supports,
    (SELECT count(*) FROM forum_question m WHERE m.head = q.id AND m.state = 'published') AS alike
    FROM forum_question q"""
HEADS = "q.forum = $1 AND q.state = 'published' AND q.head IS NULL"
# What staff can look through: the name in the address, the condition.
LISTS = {
    "submitted": "q.state = 'submitted'",
    "published": "q.state = 'published' AND q.head IS NULL",
    "shortlisted": "q.state = 'published' AND q.shortlisted_at IS NOT NULL AND q.answered_at IS NULL",
    "answered": "q.answered_at IS NOT NULL",
    "refused": "q.state = 'refused'",
}


async def asking(forum_id: UUID) -> Asking:
    row = await fetchrow("SELECT is_open, closes_at, moderation FROM forum_asking WHERE forum = $1", forum_id)
    return Asking(row["is_open"], row["closes_at"], Moderation(row["moderation"])) if row else Asking()


async def question(question_id: UUID) -> Question | None:
    row = await fetchrow(f"{QUESTION} WHERE q.id = $1", question_id)
    return _question(row) if row else None


async def published(forum_id: UUID, *, number: int = 1, size: int = 20) -> Slice[Question]:
    """What everybody sees, the most supported first; those of a group stand under its head."""
    total = await fetchval(f"SELECT count(*) FROM forum_question q WHERE {HEADS}", forum_id)
    sql = f"{QUESTION} WHERE {HEADS} ORDER BY supports DESC, q.number LIMIT $2 OFFSET $3"
    items = [_question(row) for row in await fetch(sql, forum_id, size, Slice.offset(number, size))]
    return Slice(items=items, number=number, total=int(total), size=size)


async def listed(forum_id: UUID, which: str, *, number: int = 1, size: int = 30) -> Slice[Question]:
    """One of the lists of staff, by a name in LISTS."""
    where = f"q.forum = $1 AND {LISTS[which]}"
    total = await fetchval(f"SELECT count(*) FROM forum_question q WHERE {where}", forum_id)
    order = "q.number" if which == "submitted" else "supports DESC, q.number"
    sql = f"{QUESTION} WHERE {where} ORDER BY {order} LIMIT $2 OFFSET $3"
    items = [_question(row) for row in await fetch(sql, forum_id, size, Slice.offset(number, size))]
    return Slice(items=items, number=number, total=int(total), size=size)


async def counts(forum_id: UUID) -> dict[str, int]:
    """How many stand in each list of staff."""
    columns = ", ".join(f"count(*) FILTER (WHERE {where}) AS {name}" for name, where in LISTS.items())
    row = await fetchrow(f"SELECT {columns} FROM forum_question q WHERE q.forum = $1", forum_id)
    return {name: int(row[name]) for name in LISTS} if row else dict.fromkeys(LISTS, 0)


async def members_of(heads: Iterable[UUID]) -> dict[UUID, list[Question]]:
    """By head, the published questions that stand under it."""
    found: dict[UUID, list[Question]] = {}
    sql = f"{QUESTION} WHERE q.head = ANY($1::uuid[]) AND q.state = 'published' ORDER BY q.number"
    for row in await fetch(sql, list(heads)):
        found.setdefault(row["head"], []).append(_question(row))
    return found


async def shortlist(forum_id: UUID) -> list[Question]:
    """What the hall works through, the most supported first."""
    where = f"q.forum = $1 AND {LISTS['shortlisted']}"
    return [
        _question(row) for row in await fetch(f"{QUESTION} WHERE {where} ORDER BY supports DESC, q.number", forum_id)
    ]


async def on_stage(forum_id: UUID) -> Question | None:
    """The question that the hall sees."""
    sql = f"{QUESTION} JOIN forum_stage g ON g.question = q.id WHERE g.forum = $1 AND q.state = 'published'"
    row = await fetchrow(sql, forum_id)
    return _question(row) if row else None


async def for_minutes(forum_id: UUID) -> tuple[Question, ...]:
    """The questions that were answered, in the order of their answers; those of a group under their head only."""
    sql = f"{QUESTION} WHERE {HEADS} AND q.answered_at IS NOT NULL ORDER BY q.answered_at, q.number"
    return tuple(_question(row) for row in await fetch(sql, forum_id))


async def unanswered(forum_id: UUID) -> tuple[Question, ...]:
    """Published questions that nobody has answered yet, the most supported first."""
    sql = f"{QUESTION} WHERE {HEADS} AND q.answered_at IS NULL ORDER BY supports DESC, q.number"
    return tuple(_question(row) for row in await fetch(sql, forum_id))


async def ungrouped(forum_id: UUID, most: int = 2_000) -> list[Question]:
    """The published questions that groups may be made of."""
    return [
        _question(row) for row in await fetch(f"{QUESTION} WHERE {HEADS} ORDER BY q.number LIMIT $2", forum_id, most)
    ]


async def apart(forum_id: UUID) -> set[frozenset[UUID]]:
    """The pairs that a person found to differ."""
    sql = """SELECT a.question, a.other FROM forum_question_apart a
             JOIN forum_question q ON q.id = a.question WHERE q.forum = $1"""
    return {frozenset((row["question"], row["other"])) for row in await fetch(sql, forum_id)}


async def supported_by(mark: bytes, question_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these questions a browser supports."""
    sql = "SELECT question FROM forum_question_support WHERE mark = $1 AND question = ANY($2::uuid[])"
    return {row["question"] for row in await fetch(sql, mark, list(question_ids))}


async def waiting(at: datetime) -> int:
    """How many questions of forums that are not over wait for a check."""
    return int(
        await fetchval(
            """SELECT count(*) FROM forum_question q JOIN forum f ON f.id = q.forum
               WHERE q.state = 'submitted' AND f.state = 'published'
                 AND $1 < (SELECT max(s.ends_at) FROM forum_session s WHERE s.forum = f.id)""",
            at,
        )
    )


def _question(row: Any) -> Question:
    fields = dict(row)
    return Question(**fields | {"channel": Channel(row["channel"]), "state": State(row["state"])})
