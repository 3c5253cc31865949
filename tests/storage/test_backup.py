"""Backup and restore of whatever the schema holds, and of rules that make restoring hard."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from consult import storage
from consult.storage.backup import (
    BackupDamaged,
    BackupExists,
    BackupOfOtherSchema,
    DatabaseNotEmpty,
    NotABackup,
    backup,
    restore,
)
from consult.storage.embedded import Embedded
from consult.storage.migrate import SchemaDiffers, migrate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HARD = """
    CREATE TABLE hen (id int PRIMARY KEY, egg int NOT NULL, note text, raw bytea, tags text[], content jsonb,
        at timestamptz, share float8, twice int GENERATED ALWAYS AS (id * 2) STORED);
    CREATE TABLE "Egg's" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hen int REFERENCES hen, parent int);
    ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES "Egg's";
    ALTER TABLE "Egg's" ADD CONSTRAINT egg_parent FOREIGN KEY (parent) REFERENCES "Egg's" (id);
    CREATE TABLE keyless (word text, n int);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'published'; END $$;
"""
FILL = """
    INSERT INTO "Egg's" (hen, parent) SELECT NULL, NULL FROM generate_series(1, 300);
    INSERT INTO hen SELECT n, n, E'tab\\t back\\\\slash\\nline ' || n, '\\x00ff0a5c', ARRAY['а', NULL, ''],
        '{"k": [1.50, null]}', '2026-03-29 02:30:00.123456+02', 'NaN' FROM generate_series(1, 300) n;
    INSERT INTO hen VALUES (301, 300, NULL, NULL, NULL, NULL, 'infinity', 1e-300);
    UPDATE "Egg's" SET hen = id, parent = 301 - id;
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
        SELECT 'mail', 'send', '{"n": 1}' FROM generate_series(1, 9);
    UPDATE procrastinate_jobs SET status = 'doing' WHERE id < 4;
    INSERT INTO keyless VALUES ('b', 2), ('a', NULL), ('a', 1), ('a', 1);
    CREATE TRIGGER hen_refuses BEFORE INSERT ON hen FOR EACH ROW EXECUTE FUNCTION refuse();
    CREATE TRIGGER keyless_refuses BEFORE INSERT ON keyless FOR EACH ROW EXECUTE FUNCTION refuse();
    ALTER TABLE keyless ENABLE ALWAYS TRIGGER keyless_refuses;
"""
RULES = """
    SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1
"""


class Databases:
    """Two databases with the schema: `old` has rows, `new` none."""

    def __init__(self, dsn: str) -> None:
        self.old = dsn.replace("/consult?", "/old?")
        self.new = dsn.replace("/consult?", "/new?")

    async def run(self, dsn: str, sql: str) -> list[str]:
        connection = await asyncpg.connect(dsn)
        try:
            return (
                [str(row[0]) for row in await connection.fetch(sql)]
                if sql.lstrip()[:6] == "SELECT"
                else [await connection.execute(sql)]
            )
        finally:
            await connection.close()


@pytest.fixture
async def databases(db: None, database: Embedded) -> AsyncIterator[Databases]:
    both = Databases(database.dsn)
    await storage.disconnect()
    for name, dsn in (("old", both.old), ("new", both.new)):
        await both.run(database.dsn, f"CREATE DATABASE {name}")
        await migrate(dsn)
        await both.run(dsn, HARD)
    await both.run(both.old, FILL)
    # The same rules in both; a restored database keeps its own.
    await both.run(both.new, "\n".join(line for line in FILL.splitlines() if "TRIGGER" in line))
    yield both
    for name in ("old", "new"):
        await both.run(database.dsn, f"DROP DATABASE {name}")
    await storage.connect(database.dsn, max_size=8)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_restored_database_gives_the_same_backup_again(databases: Databases, tmp_path: Path) -> None:
    first = await backup(databases.old, tmp_path / "first", at=NOON)
    assert await restore(databases.new, tmp_path / "first") == first
    await backup(databases.new, tmp_path / "second", at=NOON)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
    assert {name: first.rows[name] for name in ("hen", "Egg's", "keyless")} == {"hen": 301, "Egg's": 300, "keyless": 4}


async def test_restored_database_keeps_its_rules_and_counts_on(databases: Databases, tmp_path: Path) -> None:
    rules = await databases.run(databases.new, RULES)
    await backup(databases.old, tmp_path / "file", at=NOON)
    await restore(databases.new, tmp_path / "file")
    assert await databases.run(databases.new, RULES) == rules
    with pytest.raises(asyncpg.RaiseError, match="published"):
        await databases.run(databases.new, "INSERT INTO keyless VALUES ('c', 3)")
    await databases.run(databases.new, """INSERT INTO "Egg's" (hen) VALUES (NULL)""")
    assert await databases.run(databases.new, """SELECT max(id) FROM "Egg's" """) == ["301"]


async def test_restoring_needs_no_superuser(databases: Databases, tmp_path: Path) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    await databases.run(databases.new, "CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
    try:
        await databases.run(
            databases.new,
            """
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT oid::regclass FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                LOOP EXECUTE 'ALTER TABLE ' || name || ' OWNER TO clerk'; END LOOP;
            END $$
            """,
        )
        await databases.run(databases.new, "GRANT ALL ON SCHEMA public TO clerk")
        password = databases.new.partition("consult:")[2].partition("@")[0]
        dsn = databases.new.replace(f"consult:{password}@", "clerk:clerk@")
        assert (await restore(dsn, tmp_path / "file")).rows["hen"] == 301
    finally:
        await databases.run(databases.new, "REASSIGN OWNED BY clerk TO consult; DROP OWNED BY clerk; DROP ROLE clerk")


async def test_order_of_arrival_is_not_in_the_backup(databases: Databases, tmp_path: Path) -> None:
    await databases.run(databases.old, "UPDATE hen SET note = 'moved to the end' WHERE id = 5")
    await backup(databases.old, tmp_path / "file", at=NOON)
    with tarfile.open(tmp_path / "file") as archive:
        rows = archive.extractfile("tables/hen.copy")
        assert rows is not None
        assert [int(line.split(b"\t")[0]) for line in rows] == list(range(1, 302))


async def test_backup_is_for_its_owner_only_and_never_overwrites(databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "file"
    await backup(databases.old, file, at=NOON)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupExists, match=str(file)):
        await backup(databases.old, file, at=NOON)
    assert names(tmp_path) == ["file"]


async def test_progress_rises_to_the_end(databases: Databases, tmp_path: Path) -> None:
    shares: list[float] = []

    def note(share: float, table: str) -> None:
        shares.append(share)

    await backup(databases.old, tmp_path / "file", at=NOON, progress=note)
    assert (shares, shares[-1]) == (sorted(shares), 1.0)
    shares.clear()
    await restore(databases.new, tmp_path / "file", progress=note)
    assert (shares, shares[-1]) == (sorted(shares), 1.0)


async def test_database_with_rows_is_not_overwritten(databases: Databases, tmp_path: Path) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    with pytest.raises(DatabaseNotEmpty, match="Egg's, hen, keyless"):
        await restore(databases.old, tmp_path / "file")


def with_header(file: Path, **changes: object) -> Path:
    """A copy of a backup whose header says something else."""
    changed = file.with_name("changed")
    with tarfile.open(file) as old, tarfile.open(changed, "w:gz") as new:
        for entry in old:
            member = old.extractfile(entry)
            assert member is not None
            content = member.read()
            if entry.name == "header.json":
                content = json.dumps(json.loads(content) | changes).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return changed


async def test_backup_of_another_schema_is_refused(databases: Databases, tmp_path: Path) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    older = with_header(tmp_path / "file", migrations=["consult_0001_other"])
    with pytest.raises(BackupOfOtherSchema, match="consult_0001_other"):
        await restore(databases.new, older)


async def test_backup_of_a_later_format_is_refused(databases: Databases, tmp_path: Path) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    with pytest.raises(NotABackup):
        await restore(databases.new, with_header(tmp_path / "file", format=9))


async def test_backup_of_an_unfinished_schema_is_refused(databases: Databases, tmp_path: Path) -> None:
    await databases.run(databases.old, "INSERT INTO migration (name, app_name) VALUES ('consult_9999_x', 'consult')")
    with pytest.raises(SchemaDiffers, match="consult migrate"):
        await backup(databases.old, tmp_path / "file", at=NOON)
    assert names(tmp_path) == []


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
async def test_file_that_was_cut_off_changes_nothing(databases: Databases, tmp_path: Path, share: float) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises((BackupDamaged, NotABackup), match="cut"):
        await restore(databases.new, tmp_path / "cut")
    assert await databases.run(databases.new, "SELECT count(*) FROM hen") == ["0"]


async def test_changed_row_is_noticed(databases: Databases, tmp_path: Path) -> None:
    await backup(databases.old, tmp_path / "file", at=NOON)
    content = gzip.decompress((tmp_path / "file").read_bytes())
    (tmp_path / "forged").write_bytes(gzip.compress(content.replace(b"slash\\nline 7\t", b"slash\\nline 8\t")))
    with pytest.raises(BackupDamaged, match="table hen"):
        await restore(databases.new, tmp_path / "forged")
    assert await databases.run(databases.new, "SELECT count(*) FROM hen") == ["0"]


async def test_any_other_file_is_no_backup(databases: Databases, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear mayor")
    with pytest.raises(NotABackup, match="letter"):
        await restore(databases.new, tmp_path / "letter")
