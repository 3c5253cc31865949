"""Emptying the database between tests, quickly: most tests touch few tables."""

from __future__ import annotations

from consult import storage
from consult.surveys import tally

KEPT = ("migration",)


async def empty() -> None:
    """Delete all rows of all tables, whatever their triggers say, and begin all numbering anew."""
    await (
        tally.drain()
    )  # what the test before has counted would be written meanwhile, and lock the tables the other way
    tables = await storage.fetch(
        "SELECT quote_ident(relname) AS name FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> ALL($1)",
        KEPT,
    )
    if not tables:
        return
    questions = [f"SELECT '{row['name']}' AS name WHERE EXISTS (SELECT FROM {row['name']})" for row in tables]
    filled = [row["name"] for row in await storage.fetch(" UNION ALL ".join(questions))]
    if filled:
        async with storage.transaction():
            await storage.execute("SET LOCAL session_replication_role = replica")
            await storage.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
