"""Rows in numbers: everything that is in the database several times over, so that a page which asks once a row is seen.

Triggers and foreign keys are off meanwhile: what is copied is whole as far as its identities go, and nothing more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from consult.storage import connection, fetch

UNTOUCHED = ("migration", "procrastinate_%", "column_%", "response_pending", "survey_saved")
UPPER = (
    "survey", "survey_version", "draft", "draft_version", "article", "article_text", "forum", "forum_official",
    "consultation", "person", "one_time_link", "unit", "code_frame", "code", "evidence", "standing_index",
)  # fmt: skip
ROOTS = ((), UPPER, (*UPPER, "forum_session", "forum_minutes", "contact", "comment"))
"""What stays as it is each time, so that what hangs on it becomes more."""

COLUMNS = """SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type, f.refers
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN LATERAL (SELECT k.confrelid::regclass::text AS refers FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey[1] = a.attnum LIMIT 1) f ON true
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attgenerated = ''
        AND NOT c.relname LIKE ANY($1) ORDER BY c.relname, a.attnum"""
UNIQUE = """SELECT c.relname AS table, array_agg(a.attname::text ORDER BY k.place) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum = k.number
        OR (k.number = 0 AND a.attnum IN (SELECT d.refobjsubid FROM pg_depend d
            WHERE d.objid = i.indexrelid AND d.refobjid = c.oid)))
    WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname, i.indexrelid"""
DEFERRABLE = """SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
    WHERE condeferrable AND contype IN ('u', 'x') AND connamespace = 'public'::regnamespace"""
OTHERWISE = {
    "bytea": "substring(sha256({0} || int4send(k)) FOR length({0}))",
    "timestamp with time zone": "{0} + k * interval '1 second'",
    "date": "{0} + k",
    "integer": "{0} + 1000 * k",
    "bigint": "{0} + 1000 * k",
    "text": "{0} || '-' || k",
}
"""Another key by the type of its column; the first that a key has is changed."""
OWN_WAYS = {
    ("comment", "number"): "left({0}, 5) || substr({0}, 6)::integer + 1000 * k",
    ("survey", "code"): "substr(md5({0} || k), 1, 6)",
    ("forum_photo", "hash"): "md5({0} || k)",
    ("survey_quota", "key"): "{0} || '_' || k",
    ("registration", "email"): "k || {0}",
    ("forum_slot_request", "email"): "k || {0}",
    ("notification", "event"): "{0} || '-' || k",
    ("forum_slot", "starts_at"): "{0} + k * interval '30 days'",
    ("forum_slot", "ends_at"): "{0} + k * interval '30 days'",
}
TOGETHER = {("registration", "party"): "forum", ("registration", "token_hash"): "forum"}
"""What several rows of one thing share: copied with that thing, the same within it."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    refers: str | None


async def multiply(
    times: int, *, rounds: Sequence[tuple[str, ...]] = ROOTS, only: Collection[str] | None = None
) -> None:
    """Copy everything with all that belongs to it; then what hangs on a survey, a draft, a meeting, once more there.

    rounds  the tables whose rows stay as they are, each time; only: the tables whose rows are copied.
    """
    async with connection() as raw:
        await raw.execute("SET session_replication_role = replica")
        try:
            for number, roots in enumerate(rounds):
                await _copied(raw, range(number * times + 1, (number + 1) * times + 1), roots, only)
        finally:
            await raw.execute("SET session_replication_role = origin")
            await raw.execute("ANALYZE")


async def _copied(raw: Any, copies: range, roots: Iterable[str], only: Collection[str] | None) -> None:
    tables: dict[str, list[Column]] = {}
    for row in await fetch(COLUMNS, list(UNTOUCHED)):
        tables.setdefault(row["table"], []).append(Column(row["name"], row["type"], row["refers"]))
    unique: dict[str, list[list[str]]] = {}
    for row in await fetch(UNIQUE):
        unique.setdefault(row["table"], []).append(row["columns"])
    deferrable = {row["name"] for row in await fetch(DEFERRABLE)}
    for table, columns in tables.items():
        if table in roots or (only is not None and table not in only):
            continue
        copied = _expressions(table, columns, unique.get(table, []), set(roots))
        names = ", ".join(f'"{column.name}"' for column in columns)
        await raw.execute(
            f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE SELECT {", ".join(copied)}'
            f' FROM "{table}" r, generate_series({copies[0]}, {copies[-1]}) k'
            + ("" if table in deferrable else " ON CONFLICT DO NOTHING")
        )


def _expressions(table: str, columns: list[Column], unique: list[list[str]], roots: set[str]) -> list[str]:
    """What stands in a copy: identities that follow from the old ones, and other keys where these alone would clash."""
    by_name = {column.name: column for column in columns}
    kinds = list(OTHERWISE)
    own = {column.name for column in columns if column.type == "uuid" and column.refers not in roots}
    shared = {name for (place, name), whole in TOGETHER.items() if place == table and whole in roots}
    own -= shared
    changed = own | {name for place, name in (*OWN_WAYS, *TOGETHER) if place == table and name not in shared}
    for key in unique:
        free = [name for name in key if by_name[name].refers is None and by_name[name].type in kinds]
        if free and not changed & set(key):
            changed.add(min(free, key=lambda name: kinds.index(by_name[name].type)))
    return [_expression(table, column, column.name in own, column.name in changed) for column in columns]


def _expression(table: str, column: Column, is_identity: bool, is_changed: bool) -> str:
    value = f'r."{column.name}"'
    if is_identity:
        return f"md5({value}::text || k)::uuid"
    return OWN_WAYS.get((table, column.name), OTHERWISE.get(column.type, "")).format(value) if is_changed else value
