"""Backups: one file with all rows, made and restored by COPY, the same for every PostgreSQL.

The file is a compressed tar archive:

    header.json             format, the migrations of the schema, the tables with their columns
    tables/NAME.copy        the rows in PostgreSQL's text format, in the order of the primary key
    manifest.json           rows and SHA-256 of each table, and the sequences; its absence tells a file that was cut off

Rows are read in one snapshot. They are ordered by key, so the file does not tell in which order they came in, and two
backups of the same rows are equal byte by byte (but for the time in the header). A backup holds personal data: only its
owner may read the file. It does not hold `secret` from the data folder, but a mark by which that is known again.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import asyncpg
import msgspec

from consult.errors import N_, ConsultError
from consult.storage import hosts
from consult.storage.catalogue import Sequence, Table, filled, sequences, tables
from consult.storage.loading import without_rules
from consult.storage.migrate import LOCK, SchemaDiffers, history, migrate
from consult.storage.sql import APP

FORMAT = 1
CHUNK = 2**18
COMPRESSION = 5

# Called with the share that is done, in [0, 1], and the table at work.
Progress = Callable[[float, str], None]


class BackupExists(ConsultError):
    message = N_("The file %(file)s exists already. Choose another name, or move it away.")


class NoFolder(ConsultError):
    message = "There is no folder %(folder)s. Make it, readable for its owner alone, or correct the name."


class NotABackup(ConsultError):
    message = N_("The file %(file)s is not a backup made by Consult.")


class BackupDamaged(ConsultError):
    message = N_("The backup %(file)s is damaged or incomplete (%(reason)s). Nothing was changed. Use another backup.")


class BackupOfOtherSchema(ConsultError):
    message = N_(
        "The backup was made by another version of Consult: its schema ends with %(backup)s, "
        "this one's with %(program)s. Restore it with the version that made it, then upgrade."
    )


class DatabaseNotEmpty(ConsultError):
    message = N_("The database holds data already (%(tables)s). A backup is restored into an empty database only.")


class _Header(msgspec.Struct):
    format: int
    made_at: datetime
    migrations: list[str]
    tables: list[Table]
    secret: str = ""


class _Content(msgspec.Struct):
    rows: int
    sha256: str


class _Manifest(msgspec.Struct):
    tables: dict[str, _Content]
    sequences: list[Sequence]


@dataclass(frozen=True, slots=True)
class Report:
    """What a backup holds: rows by table, and the mark of the secret they belong to (see secret_mark)."""

    rows: dict[str, int]
    secret: str = ""

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def _no_progress(share: float, table: str) -> None:
    """Show nothing."""


async def backup(dsn: str, file: Path, *, at: datetime, secret: str = "", progress: Progress = _no_progress) -> Report:
    """Write all rows of a database to a new file; secret is the mark of the one they belong to.

    Raises BackupExists, NoFolder, SchemaDiffers.
    """
    part = _begin(file)
    try:
        with part.open("wb") as raw:
            async with _connected(dsn) as connection:
                manifest = await _write(connection, raw, file.parent, at, secret, progress)
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Report({name: content.rows for name, content in manifest.tables.items()})


def _begin(file: Path) -> Path:
    """An empty file to be renamed at the end."""
    if file.exists():
        raise BackupExists(file=file)
    if not file.parent.is_dir():
        raise NoFolder(folder=file.parent)
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    return part


async def _size(connection: Any, table: Table) -> int:
    return int(await connection.fetchval("SELECT pg_table_size($1::text::regclass)", table.quoted))


async def _write(
    connection: Any, raw: IO[bytes], spool: Path, at: datetime, secret: str, progress: Progress
) -> _Manifest:
    compressed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=COMPRESSION, mtime=0)
    with compressed, tarfile.open(fileobj=compressed, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", LOCK)
            found = await tables(connection)
            migrations = await _migrations(connection)
            if migrations != list(history()):
                raise SchemaDiffers(database=_last(migrations), program=_last(list(history())))
            header = _Header(FORMAT, at, migrations, found, secret)
            _add(archive, "header.json", msgspec.json.encode(header))
            sizes = {table.name: await _size(connection, table) for table in found}
            contents: dict[str, _Content] = {}
            for table in found:
                with tempfile.TemporaryFile(dir=spool) as rows:
                    done = sum(sizes[name] for name in contents)
                    size, total = sizes[table.name], max(1, sum(sizes.values()))

                    def tell(written: int, done: int = done, size: int = size, name: str = table.name) -> None:
                        progress((done + min(written, size)) / total, name)  # noqa: B023

                    contents[table.name] = await _write_table(connection, table, rows, tell)
                    _add(archive, f"tables/{table.name}.copy", rows)
            manifest = _Manifest(contents, await sequences(connection))
            _add(archive, "manifest.json", msgspec.json.encode(manifest))
    progress(1.0, "")
    return manifest


async def _write_table(connection: Any, table: Table, rows: IO[bytes], tell: Callable[[int], None]) -> _Content:
    digest = hashlib.sha256()

    async def write(chunk: bytes) -> None:
        digest.update(chunk)
        rows.write(chunk)
        tell(rows.tell())

    status = await connection.copy_from_query(table.selection, output=write)
    return _Content(int(status.split()[-1]), digest.hexdigest())


def _add(archive: tarfile.TarFile, name: str, content: bytes | IO[bytes]) -> None:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    entry = tarfile.TarInfo(name)
    entry.size = file.seek(0, io.SEEK_END)
    entry.mode = 0o600
    file.seek(0)
    archive.addfile(entry, file)


async def restore(dsn: str, file: Path, *, progress: Progress = _no_progress) -> Report:
    """Fill an empty database from a backup, all of it or nothing. The schema is made if it is missing.

    Raises NotABackup, BackupDamaged, BackupOfOtherSchema, DatabaseNotEmpty.
    """
    with file.open("rb") as raw:
        size = os.fstat(raw.fileno()).st_size
        header, archive = _open(file, raw)
        if header.migrations != list(history()):
            raise BackupOfOtherSchema(backup=_last(header.migrations), program=_last(list(history())))
        await migrate(dsn)
        async with _connected(dsn) as connection:

            def tell(table: str) -> None:
                progress(min(1.0, raw.tell() / max(1, size)), table)

            try:
                async with connection.transaction():
                    manifest = await _read(connection, header, archive, tell)
            except _DAMAGE as error:
                raise BackupDamaged(file=file, reason=str(error) or type(error).__name__) from error
            await connection.execute("ANALYZE")
    progress(1.0, "")
    return Report({name: content.rows for name, content in manifest.tables.items()}, header.secret)


class _Wrong(ValueError):
    """The content of the archive contradicts its manifest."""


_DAMAGE = (
    _Wrong,
    tarfile.TarError,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    msgspec.MsgspecError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
)


def _open(file: Path, raw: IO[bytes]) -> tuple[_Header, tarfile.TarFile]:
    """The header, and the archive standing after it."""
    try:
        archive = tarfile.open(fileobj=raw, mode="r|gz")  # noqa: SIM115 - read while `raw` is open
        entry = archive.next()
        content = archive.extractfile(entry) if entry is not None and entry.name == "header.json" else None
        header = msgspec.json.decode(content.read(), type=_Header) if content is not None else None
    except _DAMAGE as error:
        raise NotABackup(file=file) from error
    if header is None or header.format != FORMAT:
        raise NotABackup(file=file)
    return header, archive


async def _read(connection: Any, header: _Header, archive: tarfile.TarFile, tell: Callable[[str], None]) -> _Manifest:
    there = await tables(connection)
    if there != header.tables:
        raise _Wrong("its tables are not those of its schema")
    if there:
        await connection.execute(f"LOCK TABLE {', '.join(table.quoted for table in there)}")
    if full := await filled(connection, there):
        raise DatabaseNotEmpty(tables=", ".join(full))
    contents: dict[str, _Content] = {}
    async with without_rules(connection):
        for table in there:
            contents[table.name] = await _read_table(connection, table, archive, tell)
    manifest = msgspec.json.decode(_member(archive, "manifest.json").read(), type=_Manifest)
    for name, content in contents.items():
        if manifest.tables.get(name) != content:
            raise _Wrong(f"table {name}")
    for sequence in manifest.sequences:
        await connection.execute("SELECT setval($1::text::regclass, $2, $3)", *msgspec.structs.astuple(sequence))
    return manifest


async def _read_table(connection: Any, table: Table, archive: tarfile.TarFile, tell: Callable[[str], None]) -> _Content:
    digest = hashlib.sha256()
    rows = _member(archive, f"tables/{table.name}.copy")

    async def chunks() -> AsyncIterator[bytes]:
        while chunk := rows.read(CHUNK):
            digest.update(chunk)
            tell(table.name)
            yield chunk

    status = await connection.copy_to_table(table.name, source=chunks(), columns=table.columns)
    return _Content(int(status.split()[-1]), digest.hexdigest())


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    entry = archive.next()
    content = archive.extractfile(entry) if entry is not None and entry.name == name else None
    if content is None:
        raise _Wrong(f"{name} is missing")
    return content


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Any]:
    settings = {"application_name": "consult backup", "TimeZone": "UTC"}
    connection = await hosts.connect(dsn, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


async def _migrations(connection: Any) -> list[str]:
    if await connection.fetchval("SELECT to_regclass('migration')") is None:
        return []
    rows = await connection.fetch("SELECT name FROM migration WHERE app_name = $1 ORDER BY name", APP)
    return [row["name"] for row in rows]


def _last(migrations: list[str]) -> str:
    return migrations[-1] if migrations else "-"
