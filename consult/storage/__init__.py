"""The way to PostgreSQL: connections, transactions, migrations, the embedded server, backups. Knows no domain.

Start reading at engine.py. What other packages use is exported here:

    connect, disconnect                 once for each process, by the app, the worker and the command line
    DB                                  for tables: `class Unit(Table, db=DB, tablename="unit")`
    transaction()                       `async with transaction():`, one for each operation; an inner one joins it
    fetch, fetchrow, fetchval, execute  raw SQL with $1, $2; they use the current transaction if there is one
    connection()                        the raw asyncpg connection, for COPY, cursors and batches
    AWAY, is_away(error)                what is raised while the database cannot be reached
    STORED_TWICE                        what is raised where two wrote the same at one moment
    Slice                               one page of a long list
    sql_migration                       makes a migration of SQL text

JSONB columns give and take Python objects, in raw SQL and in Piccolo alike (never use Piccolo's `load_json`: it has
happened already). A text that is passed for a JSONB value counts as JSON that is already encoded.

Migrations are files in consult/migrations/piccolo_migrations, named like their ID and run in the order of their names:

    # consult_0010_records.py
    from consult.storage import sql_migration

    ID = "consult_0010_records"
    VERSION = "1.38.0"
    DESCRIPTION = "Audit trail, attachments, organisation units."

    forwards = sql_migration(ID, DESCRIPTION, '''
        CREATE TABLE unit (
            id uuid PRIMARY KEY,
            key text NOT NULL CONSTRAINT unit_key_unique UNIQUE,
            name jsonb NOT NULL
        );
    ''')

Write plain SQL with named constraints, say NULL or NOT NULL of every column, and describe the same columns in the
domain's tables.py (tests/storage/test_schema.py compares the two); name that module in
consult/migrations/piccolo_app.py. All migrations that are due run in one transaction, so no statement may refuse to run
in one (CREATE INDEX CONCURRENTLY). They insert no rows that tests would miss: tests begin with empty tables.
"""

from consult.storage.engine import (
    AWAY,
    DB,
    STORED_TWICE,
    NotConnected,
    connect,
    connection,
    disconnect,
    execute,
    fetch,
    fetchrow,
    fetchval,
    is_away,
    transaction,
)
from consult.storage.paging import Slice
from consult.storage.sql import sql_migration

__all__ = [
    "AWAY",
    "DB",
    "STORED_TWICE",
    "NotConnected",
    "Slice",
    "connect",
    "connection",
    "disconnect",
    "execute",
    "fetch",
    "fetchrow",
    "fetchval",
    "is_away",
    "sql_migration",
    "transaction",
]
