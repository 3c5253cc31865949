"""The tables that Piccolo describes are the tables that the migrations make."""

from __future__ import annotations

import pytest
from piccolo.table import Table

from consult import storage
from consult.migrations.piccolo_app import APP_CONFIG
from tests.storage import rules

# Made by Piccolo and by procrastinate, who know their own columns.
FOREIGN_TABLES = "^(migration$|procrastinate_)"

# Piccolo makes a key of its own for a class that names none; these tables have none (consult_0272 says why).
WITHOUT_KEY = {"response_pending"}

COLUMNS = """
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS null,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY(i.indkey))
               AS primary_key
    FROM pg_attribute a WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""

Column = tuple[str, bool, bool]


async def columns_of(table: str) -> dict[str, Column]:
    return {row["name"]: (row["type"], row["null"], row["primary_key"]) for row in await storage.fetch(COLUMNS, table)}


async def described(table: type[Table]) -> dict[str, Column]:
    """What Piccolo says, with types as PostgreSQL writes them."""
    columns = table._meta.columns
    definitions = ", ".join(f'"{column._meta.db_column_name}" {column.column_type}' for column in columns)
    async with storage.transaction():
        await storage.execute(f"CREATE TEMP TABLE described ({definitions}) ON COMMIT DROP")
        types = {name: type_ for name, (type_, _, _) in (await columns_of("described")).items()}
    return {
        column._meta.db_column_name: (
            types[column._meta.db_column_name],
            bool(column._meta.null),
            bool(column._meta.primary_key) and table._meta.tablename not in WITHOUT_KEY,
        )
        for column in columns
    }


@pytest.mark.parametrize("table", APP_CONFIG.table_classes, ids=lambda table: table._meta.tablename)
async def test_table_is_as_described(db: None, table: type[Table]) -> None:
    """Each column: (type, may be null, primary key)."""
    assert await described(table) == await columns_of(table._meta.tablename)


async def test_every_table_is_described(db: None) -> None:
    tables = await storage.fetch(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        " AND relname !~ $1",
        FOREIGN_TABLES,
    )
    assert {row["relname"] for row in tables} == {table._meta.tablename for table in APP_CONFIG.table_classes}


async def test_tables_use_the_engine_of_this_program() -> None:
    assert [table for table in APP_CONFIG.table_classes if table._meta._db is not storage.DB] == []


async def test_rules_and_indexes_are_those_of_the_kept_list(db: None) -> None:
    """Whoever takes a check, a key, a trigger or an index away, or makes one, changes rules.txt too, and it is seen."""
    there = (await rules.rules()).splitlines()
    kept = rules.LIST.read_text().splitlines()
    gone, new = sorted(set(kept) - set(there)), sorted(set(there) - set(kept))
    assert (gone, new) == ([], []), f"if it is meant: {rules.ANEW}"
    assert there == kept
