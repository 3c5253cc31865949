"""Reads: the audit trail and its check, units, attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Text
from consult.records.attachment import Attachment
from consult.records.audit import ChainState, Entry, Filter
from consult.storage import Slice, fetch, fetchrow, fetchval

ENTRY = "id, number, actor, on_behalf_of, at, kind, record, record_id, before, after, reason"
MATCHES = """($1::uuid IS NULL OR actor = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR record = $3)
    AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)"""


@dataclass(frozen=True, slots=True)
class Unit:
    id: UUID
    key: str
    name: Text


async def history(record: str, record_id: UUID | str) -> list[Entry]:
    """What was done to one record, oldest first."""
    sql = f"SELECT {ENTRY} FROM audit_entry WHERE record = $1 AND record_id = $2 ORDER BY number"  # noqa: S608 - fixed columns
    return [_entry(row) for row in await fetch(sql, record, str(record_id))]


async def entries(wanted: Filter, *, number: int = 1, size: int = 50) -> Slice[Entry]:
    """One page of the audit trail, newest first."""
    limits = (wanted.actor, wanted.kind, wanted.record, wanted.since, wanted.until)
    total = await fetchval(f"SELECT count(*) FROM audit_entry WHERE {MATCHES}", *limits)  # noqa: S608 - fixed text
    rows = await fetch(
        f"SELECT {ENTRY} FROM audit_entry WHERE {MATCHES} ORDER BY number DESC LIMIT $6 OFFSET $7",  # noqa: S608 - fixed text
        *limits,
        size,
        (number - 1) * size,
    )
    return Slice(items=[_entry(row) for row in rows], number=number, total=int(total), size=size)


async def kinds() -> list[str]:
    """Every kind of act there is in the trail, in order."""
    return [row["kind"] for row in await fetch("SELECT DISTINCT kind FROM audit_entry ORDER BY kind")]


async def verify_chain() -> ChainState:
    """Compute every hash again and follow the chain from the first entry."""
    row = await fetchrow(
        """SELECT count(*) AS entries, min(number) FILTER (WHERE NOT fits) AS broken_at,
                  (SELECT encode(hash, 'hex') FROM audit_entry ORDER BY number DESC LIMIT 1) AS head
           FROM (SELECT number,
                        number = row_number() OVER inorder
                        AND previous = coalesce(lag(hash) OVER inorder, '\\x'::bytea)
                        AND hash = audit_entry_hash(e) AS fits
                 FROM audit_entry e WINDOW inorder AS (ORDER BY number)) AS checked"""
    )
    return ChainState(entries=row["entries"], head=row["head"] or "", broken_at=row["broken_at"])


async def unit(key: str) -> Unit:
    row = await fetchrow("SELECT id, key, name FROM unit WHERE key = $1", key)
    if row is None:
        raise NotFound
    return Unit(row["id"], row["key"], row["name"])


async def units() -> list[Unit]:
    rows = await fetch("SELECT id, key, name FROM unit ORDER BY key")
    return [Unit(row["id"], row["key"], row["name"]) for row in rows]


async def attachments(record: str, record_id: UUID | str) -> list[Attachment]:
    """The files of a record, oldest first, without their bytes."""
    rows = await fetch(
        """SELECT id, record, record_id, name, media_type, size, added_at FROM attachment
           WHERE record = $1 AND record_id = $2 ORDER BY added_at, id""",
        record,
        str(record_id),
    )
    return [Attachment(**dict(row)) for row in rows]


async def attachments_of(record: str, record_ids: Iterable[UUID | str]) -> dict[str, tuple[Attachment, ...]]:
    """The files of many records of one kind, by record, oldest first, without their bytes."""
    rows = await fetch(
        """SELECT id, record, record_id, name, media_type, size, added_at FROM attachment
           WHERE record = $1 AND record_id = ANY($2::text[]) ORDER BY added_at, id""",
        record,
        [str(one) for one in record_ids],
    )
    found: dict[str, tuple[Attachment, ...]] = {}
    for row in rows:
        found[row["record_id"]] = (*found.get(row["record_id"], ()), Attachment(**dict(row)))
    return found


async def attachment(attachment_id: UUID) -> tuple[Attachment, bytes]:
    """One file with its bytes. Raises NotFound."""
    row = await fetchrow(
        "SELECT id, record, record_id, name, media_type, size, added_at, content FROM attachment WHERE id = $1",
        attachment_id,
    )
    if row is None:
        raise NotFound
    fields = dict(row)
    content = bytes(fields.pop("content"))
    return Attachment(**fields), content


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**dict(row))
