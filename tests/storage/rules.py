"""rules.txt, the list of all rules and indexes of the database: `python -m tests.storage.rules` writes it anew.

It is made from the database after all migrations, so that one which a migration leaves out, or takes away again, shows
as a change of the list. Tables of libraries are theirs.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from consult import storage
from consult.storage import embedded
from consult.storage.embedded import Options
from consult.storage.migrate import migrate

LIST = Path(__file__).with_name("rules.txt")
ANEW = "python -m tests.storage.rules"
RULES = """
    with ours as (
        select oid, relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            and relname !~ '^(migration$|procrastinate_)'
    )
    select relname || ': ' || conname || ' ' || pg_get_constraintdef(c.oid) as line
        from pg_constraint c join ours on ours.oid = c.conrelid where contype in ('c', 'f', 'p', 'u', 'x')
    union all
    select relname || ': ' || replace(pg_get_indexdef(i.indexrelid), ' public.', ' ')
        from pg_index i join ours on ours.oid = i.indrelid
        where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
    union all
    select relname || ': ' || replace(pg_get_triggerdef(t.oid), ' public.', ' ')
        from pg_trigger t join ours on ours.oid = t.tgrelid where not tgisinternal
"""


async def rules() -> str:
    """A line for each rule: its table, its name, and what it says."""
    lines = sorted(" ".join(row["line"].split()) for row in await storage.fetch(RULES))
    return "".join(f"{line}\n" for line in lines)


async def write() -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder), Options(durable=False)) as server:
        await migrate(server.dsn)
        await storage.connect(server.dsn)
        LIST.write_text(await rules())
        await storage.disconnect()


if __name__ == "__main__":
    asyncio.run(write())
