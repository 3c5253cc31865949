"""Emptying the database between tests, quickly: most tests touch few tables, and few rows of them."""

from __future__ import annotations

from consult import storage
from consult.surveys.responses import daily_totals

KEPT = ("migration",)
LARGE = 4_000_000
"""Bytes from which emptying a table as a whole is quicker than deleting its rows."""
SEQUENCES = """SELECT quote_ident(t.relname) AS name, s.oid::regclass::text AS sequence FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid
    WHERE s.relkind = 'S' AND t.relnamespace = 'public'::regnamespace"""


async def empty() -> None:
    """Delete all rows of all tables, whatever their triggers say, and begin all numbering anew."""
    await (
        daily_totals.drain()
    )  # what the test before has counted would be written meanwhile, and lock the tables the other way
    tables = await storage.fetch(
        "SELECT quote_ident(relname) AS name FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> ALL($1)",
        KEPT,
    )
    if not tables:
        return
    questions = [
        f"SELECT '{row['name']}' AS name, pg_relation_size('{row['name']}') AS size"
        f" WHERE EXISTS (SELECT FROM {row['name']})"
        for row in tables
    ]
    filled = {row["name"]: row["size"] for row in await storage.fetch(" UNION ALL ".join(questions))}
    if not filled:
        return
    acts = [f"DELETE FROM {name}" for name, size in filled.items() if size < LARGE]
    large = [name for name, size in filled.items() if size >= LARGE]
    if large:
        acts.append(f"TRUNCATE {', '.join(large)} CASCADE")
    for row in await storage.fetch(SEQUENCES):
        if row["name"] in filled:
            acts.append(f"SELECT setval('{row['sequence']}', 1, false)")
    async with storage.connection() as raw:
        await raw.execute("; ".join(["BEGIN", "SET LOCAL session_replication_role = replica", *acts, "COMMIT"]))
