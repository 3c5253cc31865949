"""Loading rows that were checked when they were first written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

ENABLE = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}


@asynccontextmanager
async def without_rules(connection: Any) -> AsyncIterator[None]:
    """Inside a transaction: no foreign keys and no triggers until the end, when foreign keys are checked for all rows.

    A trigger that forbids changes to a published text would forbid its restoring, and tables that refer to each other
    have no order in which they could be loaded. Needs only the tables' owner, no superuser.
    """
    triggers = await connection.fetch(
        """
        SELECT quote_ident(c.relname) AS "table", quote_ident(t.tgname) AS name, t.tgenabled::text AS state
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = 'public'::regnamespace
        """
    )
    keys = await connection.fetch(
        """
        SELECT quote_ident(c.relname) AS "table", quote_ident(k.conname) AS name, pg_get_constraintdef(k.oid) AS rule
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2
        """
    )
    for trigger in triggers:
        await connection.execute(f"ALTER TABLE {trigger['table']} DISABLE TRIGGER {trigger['name']}")
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['table']} DROP CONSTRAINT {key['name']}")
    yield
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['table']} ADD CONSTRAINT {key['name']} {key['rule']}")
    for trigger in triggers:
        await connection.execute(f"ALTER TABLE {trigger['table']} {ENABLE[trigger['state']]} {trigger['name']}")
