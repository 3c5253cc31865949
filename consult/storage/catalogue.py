"""What PostgreSQL's catalogue says of our tables and sequences."""

from __future__ import annotations

from typing import Any

import msgspec

# Piccolo's history; it belongs to the schema, not to the data.
HISTORY = "migration"


class Table(msgspec.Struct, frozen=True):
    """A table with its own columns (not those that PostgreSQL computes) and those of its primary key."""

    name: str
    columns: list[str]
    key: list[str]

    @property
    def quoted(self) -> str:
        return quote(self.name)

    @property
    def selection(self) -> str:
        """The query for all rows in the order of the key."""
        columns = ", ".join(map(quote, self.columns))
        return f"SELECT {columns} FROM {self.quoted} ORDER BY {', '.join(map(quote, self.key)) or columns}"  # noqa: S608


class Sequence(msgspec.Struct, frozen=True):
    name: str
    last: int
    is_called: bool


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def tables(connection: Any) -> list[Table]:
    """All tables but the history, by name."""
    rows = await connection.fetch(
        """
        SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns, coalesce((
            SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))
            FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY(i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary), '{}') AS key
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> $1
            AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        GROUP BY c.oid, c.relname ORDER BY c.relname COLLATE "C"
        """,
        HISTORY,
    )
    return [Table(row["name"], row["columns"], row["key"]) for row in rows]


async def sequences(connection: Any) -> list[Sequence]:
    """All sequences but the history's, by name."""
    rows = await connection.fetch(
        """
        SELECT relname AS name FROM pg_class c
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.refobjid = to_regclass($1) AND d.deptype IN ('a', 'i'))
        ORDER BY relname COLLATE "C"
        """,
        HISTORY,
    )
    found = []
    for row in rows:
        state = await connection.fetchrow(f"SELECT last_value, is_called FROM {quote(row['name'])}")  # noqa: S608
        found.append(Sequence(quote(row["name"]), state["last_value"], state["is_called"]))
    return found


async def filled(connection: Any, among: list[Table]) -> list[str]:
    """Those of the tables that have rows."""
    questions = [f"SELECT {_literal(t.name)} AS name WHERE EXISTS (SELECT FROM {t.quoted})" for t in among]  # noqa: S608
    return [row["name"] for row in await connection.fetch(" UNION ALL ".join(questions))] if questions else []


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
