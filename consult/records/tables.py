"""Columns of the audit trail, the organisation units and the attachments; constraints stand in the migration."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class AuditEntry(Table, db=DB, tablename="audit_entry"):
    """One act of a member of staff. Rows are added, never changed: a trigger refuses."""

    id = UUID(primary_key=True)
    number = BigInt(null=False, unique=True)
    actor = UUID(null=True)
    on_behalf_of = UUID(null=True)
    at = Timestamptz(null=False)
    kind = Text(null=False)
    record = Text(null=False)
    record_id = Text(null=False)
    before = JSONB(null=True)
    after = JSONB(null=True)
    reason = Text(null=True)
    previous = Bytea(null=False)
    hash = Bytea(null=False, unique=True)


class Unit(Table, db=DB, tablename="unit"):
    """A part of the town hall that answers for something."""

    id = UUID(primary_key=True)
    key = Text(null=False, unique=True)
    name = JSONB(null=False)


class Attachment(Table, db=DB, tablename="attachment"):
    """A file that belongs to a record; its type was read from its content."""

    id = UUID(primary_key=True)
    record = Text(null=False)
    record_id = Text(null=False)
    name = Text(null=False)
    media_type = Text(null=False)
    size = Integer(null=False)
    sha256 = Bytea(null=False)
    content = Bytea(null=False)
    added_at = Timestamptz(null=False)
    added_by = UUID(null=True)
