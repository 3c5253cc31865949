"""Reading minutes, promises and attendance. Records come out, never table rows; lists take one statement each."""

# ruff: noqa: S608 - statements are put together from the constants of this module only

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consult.forums.afterwards.minutes import Entry, EntryKind, Item, Minutes, Promise, PromiseState, Standing
from consult.storage import Slice, fetch, fetchval

PROMISE = """SELECT e.id, f.id AS forum, f.slug AS forum_slug, f.title AS forum_title, e.text, e.unit,
    u.name AS unit_name, e.due_on, e.first_due_on, e.state, e.note, e.settled_on,
    (SELECT min(s.starts_at) FROM forum_session s WHERE s.forum = f.id) AS given_at
    FROM minutes_entry e JOIN minutes_item i ON i.id = e.item JOIN forum f ON f.id = i.forum
    JOIN forum_minutes m ON m.forum = f.id JOIN unit u ON u.id = e.unit"""
PUBLIC = "m.published_at IS NOT NULL AND f.published_at IS NOT NULL"
STANDS: Mapping[Standing, str] = {
    Standing.OPEN: "e.state = 'open' AND e.due_on >= $1",
    Standing.LATE: "e.state = 'open' AND e.due_on < $1",
    Standing.KEPT: "e.state = 'kept' AND $1::date IS NOT NULL",
    Standing.WITHDRAWN: "e.state = 'withdrawn' AND $1::date IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Attendance:
    """People at one forum, all sessions together; wrongly are those recorded as wrongly admitted.

    voters  those who were entitled to vote at a gathering.
    """

    registered: int = 0
    came: int = 0
    walk_ins: int = 0
    wrongly: int = 0
    missing: int = 0
    voters: int = 0

    @property
    def present(self) -> int:
        return self.came + self.walk_ins


async def minutes_of(forum_ids: Sequence[UUID], *, public: bool = True) -> dict[UUID, Minutes]:
    """The minutes of forums, those that are public unless said otherwise. Three statements for any number."""
    heads = await fetch(
        "SELECT forum, summary, published_at, corrected_at FROM forum_minutes "
        "WHERE forum = ANY($1::uuid[]) AND (published_at IS NOT NULL OR NOT $2)",
        list(forum_ids),
        public,
    )
    held: dict[UUID, dict[UUID, tuple[Any, list[Entry]]]] = {row["forum"]: {} for row in heads}
    if not held:
        return {}
    sql = "SELECT id, forum, heading FROM minutes_item WHERE forum = ANY($1::uuid[]) ORDER BY position"
    for row in await fetch(sql, list(held)):
        held[row["forum"]][row["id"]] = (row["heading"], [])
    for entry in await _entries(list(held)):
        held[entry["forum"]][entry["item"]][1].append(_entry(entry))
    return {
        row["forum"]: Minutes(
            **dict(row),
            items=tuple(Item(key, heading, tuple(found)) for key, (heading, found) in held[row["forum"]].items()),
        )
        for row in heads
    }


async def _entries(forum_ids: Sequence[UUID]) -> Sequence[Any]:
    return await fetch(
        """SELECT e.id, i.forum, e.item, e.kind, e.text, e.unit, e.due_on, e.first_due_on, e.state, e.note,
               e.settled_on, u.name AS unit_name, f.slug AS forum_slug, f.title AS forum_title,
               (SELECT min(s.starts_at) FROM forum_session s WHERE s.forum = f.id) AS given_at
           FROM minutes_entry e JOIN minutes_item i ON i.id = e.item JOIN forum f ON f.id = i.forum
           LEFT JOIN unit u ON u.id = e.unit
           WHERE i.forum = ANY($1::uuid[]) ORDER BY i.position, e.position""",
        list(forum_ids),
    )


async def promise(promise_id: UUID) -> Promise | None:
    rows = await fetch(f"{PROMISE} WHERE e.kind = 'promise' AND e.id = $1", promise_id)
    return _promise(rows[0]) if rows else None


async def ledger(
    today: date, *, standing: Standing | None = None, unit: UUID | None = None, number: int = 1, size: int = 20
) -> Slice[Promise]:
    """The public promises, one kind of standing or all: late ones first, then by their day; settled ones last."""
    where = f"WHERE e.kind = 'promise' AND {PUBLIC} AND ($2::uuid IS NULL OR e.unit = $2) AND " + (
        STANDS[standing] if standing else "$1::date IS NOT NULL"
    )
    total = await fetchval(
        f"SELECT count(*) FROM minutes_entry e JOIN minutes_item i ON i.id = e.item JOIN forum f ON f.id = i.forum "
        f"JOIN forum_minutes m ON m.forum = f.id {where}",
        today,
        unit,
    )
    rows = await fetch(
        f"{PROMISE} {where} ORDER BY (e.state <> 'open'), CASE WHEN e.state = 'open' THEN e.due_on END, "
        "e.settled_on DESC, e.id LIMIT $3 OFFSET $4",
        today,
        unit,
        size,
        Slice.offset(number, size),
    )
    return Slice(items=[_promise(row) for row in rows], number=number, total=int(total), size=size)


async def standings(today: date) -> dict[Standing, int]:
    """How many public promises stand in each way."""
    counted = ", ".join(f"count(*) FILTER (WHERE {says}) AS {key.value}" for key, says in STANDS.items())
    rows = await fetch(
        f"SELECT {counted} FROM minutes_entry e JOIN minutes_item i ON i.id = e.item JOIN forum f ON f.id = i.forum "
        f"JOIN forum_minutes m ON m.forum = f.id WHERE e.kind = 'promise' AND {PUBLIC}",
        today,
    )
    return {standing: int(rows[0][standing.value]) for standing in Standing}


async def open_promises(before: datetime, *, besides: UUID | None = None, most: int = 50) -> list[Promise]:
    """Public promises of meetings before a moment that are not kept yet, the oldest day first: for the next meeting."""
    rows = await fetch(
        f"""{PROMISE} WHERE e.kind = 'promise' AND e.state = 'open' AND {PUBLIC} AND ($2::uuid IS NULL OR f.id <> $2)
            AND (SELECT min(s.starts_at) FROM forum_session s WHERE s.forum = f.id) < $1
            ORDER BY e.due_on, e.id LIMIT $3""",
        before,
        besides,
        most,
    )
    return [_promise(row) for row in rows]


async def promises_between(since: date, until: date) -> list[Promise]:
    """Public promises that were kept in these days, and open ones whose day passed in them."""
    rows = await fetch(
        f"""{PROMISE} WHERE e.kind = 'promise' AND {PUBLIC} AND ((e.state = 'kept' AND e.settled_on >= $1
            AND e.settled_on < $2) OR (e.state = 'open' AND e.due_on >= $1 AND e.due_on < $2))
            ORDER BY e.state, e.due_on, e.id""",
        since,
        until,
    )
    return [_promise(row) for row in rows]


async def units_with_promises() -> list[tuple[UUID, dict[str, str]]]:
    rows = await fetch(
        f"""SELECT DISTINCT u.id, u.key, u.name FROM minutes_entry e JOIN minutes_item i ON i.id = e.item
            JOIN forum f ON f.id = i.forum JOIN forum_minutes m ON m.forum = f.id JOIN unit u ON u.id = e.unit
            WHERE {PUBLIC} ORDER BY u.key"""
    )
    return [(row["id"], row["name"]) for row in rows]


async def promises_to_settle(today: date) -> int:
    """How many public promises are late: staff say what became of them."""
    return (await standings(today))[Standing.LATE]


async def forums_without_minutes(at: datetime) -> int:
    """How many meetings of the last 60 days are over and have no public minutes yet."""
    return int(
        await fetchval(
            """SELECT count(*) FROM forum f WHERE f.state = 'published'
               AND (SELECT max(s.ends_at) FROM forum_session s WHERE s.forum = f.id)
                   BETWEEN $1::timestamptz - interval '60 days' AND $1
               AND NOT EXISTS (SELECT 1 FROM forum_minutes m WHERE m.forum = f.id AND m.published_at IS NOT NULL)""",
            at,
        )
    )


async def attendance_of(forum_ids: Sequence[UUID]) -> dict[UUID, Attendance]:
    """Who came to forums; a forum at which nothing was entered is not in it. One statement for any number."""
    rows = await fetch(
        """SELECT s.forum, sum(r.registered) AS registered, sum(r.came) AS came, sum(r.missing) AS missing,
               sum(w.walk_ins) AS walk_ins, sum(w.wrongly) AS wrongly, sum(w.voters) AS voters
           FROM forum_session s
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(g.seats) FILTER (WHERE g.state IN ('confirmed', 'attended', 'no_show')), 0)
                       AS registered,
                   coalesce(sum(coalesce(a.people, g.seats)) FILTER (WHERE g.state = 'attended'), 0) AS came,
                   coalesce(sum(g.seats) FILTER (WHERE g.state = 'no_show'), 0) AS missing
               FROM registration g LEFT JOIN arrival a ON a.registration = g.id AND a.undone_at IS NULL
               WHERE g.session = s.id) r
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(a.people) FILTER (
                       WHERE g.id IS NULL OR g.state IN ('cancelled', 'expired', 'waitlisted')), 0) AS walk_ins,
                   coalesce(sum(a.people) FILTER (WHERE a.is_wrong), 0) AS wrongly,
                   coalesce(sum(a.voters) FILTER (
                       WHERE NOT a.is_wrong AND coalesce(g.state, '') NOT IN ('confirmed', 'no_show')), 0) AS voters
               FROM arrival a LEFT JOIN registration g ON g.id = a.registration
               WHERE a.session = s.id AND a.undone_at IS NULL) w
           WHERE s.forum = ANY($1::uuid[]) GROUP BY s.forum
           HAVING sum(r.came) + sum(r.missing) + sum(w.walk_ins) > 0""",
        list(forum_ids),
    )
    return {row["forum"]: Attendance(**{key: int(row[key]) for key in Attendance.__slots__}) for row in rows}


def _entry(row: Any) -> Entry:
    fields = dict(row)
    kind = EntryKind(fields["kind"])
    return Entry(
        fields["id"], fields["item"], kind, fields["text"], _promise(row) if kind is EntryKind.PROMISE else None
    )


def _promise(row: Any) -> Promise:
    fields = {key: value for key, value in dict(row).items() if key not in {"item", "kind"}}
    return Promise(**fields | {"state": PromiseState(fields["state"])})
