"""Writes: note an act in the audit trail, keep a unit, keep or remove an attachment."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec

from consult.i18n import Text
from consult.records import attachment, queries
from consult.storage import connection, execute, transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit trail, see `audit`."""

    actor: UUID | None
    kind: str
    record: str
    record_id: UUID | str
    at: dt.datetime
    before: object = None
    after: object = None
    reason: str | None = None
    on_behalf_of: UUID | None = None


async def audit(
    *,
    actor: UUID | None,
    kind: str,
    record: str,
    record_id: UUID | str,
    at: dt.datetime,
    before: object = None,
    after: object = None,
    reason: str | None = None,
    on_behalf_of: UUID | None = None,
) -> None:
    """Add an entry to the audit trail, inside the transaction of the act itself.

    actor    the person who did it; None for the machine and the command line.
    kind     what happened, as `record.verb_in_past`: "survey.published".
    before, after    only what changed, JSON-like; no passwords, links or answers.

    Entries form one chain, so from here to the commit other audited transactions wait: call it last.
    """
    entry = Entry(
        actor, kind, record, record_id, at=at, before=before, after=after, reason=reason, on_behalf_of=on_behalf_of
    )
    await audit_all([entry])


async def audit_all(entries: Sequence[Entry]) -> None:
    """Add many entries, in their order; see `audit`."""
    rows = [
        (
            uuid4(),
            entry.actor,
            entry.on_behalf_of,
            entry.at,
            entry.kind,
            entry.record,
            str(entry.record_id),
            _json(entry.before),
            _json(entry.after),
            entry.reason,
        )
        for entry in entries
    ]
    if rows:
        async with connection() as raw:
            await raw.executemany(
                """INSERT INTO audit_entry (id, actor, on_behalf_of, at, kind, record, record_id, before, after, reason)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
                rows,
            )


async def keep_unit(*, key: str, name: Text) -> UUID:
    """Add an organisation unit, or rename the one with this key."""
    unit_id = uuid4()
    async with transaction():
        await execute(
            "INSERT INTO unit (id, key, name) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET name = excluded.name",
            unit_id,
            key,
            name,
        )
        return (await queries.unit(key)).id


async def attach(
    *, record: str, record_id: UUID | str, name: str, content: bytes, by: UUID | None, at: dt.datetime
) -> UUID:
    """Keep a file with a record. Raises attachment.WrongFile."""
    media_type = attachment.check(name, content)
    attachment_id = uuid4()
    await execute(
        """INSERT INTO attachment (id, record, record_id, name, media_type, size, sha256, content, added_at, added_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        attachment_id,
        record,
        str(record_id),
        attachment.safe_name(name, media_type),
        media_type,
        len(content),
        hashlib.sha256(content).digest(),
        content,
        at,
        by,
    )
    return attachment_id


async def detach(*, attachment_id: UUID) -> None:
    """Remove an attachment; removing it twice changes nothing."""
    await execute("DELETE FROM attachment WHERE id = $1", attachment_id)


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
