"""Columns of compiled reports; constraints and triggers stand in the migration consult_0210."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, ForeignKey, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.consultations.tables import Consultation
from consult.storage import DB


class ProceedingsRow(Table, db=DB, tablename="proceedings"):
    id = UUID(primary_key=True, null=False)
    consultation = ForeignKey(Consultation, null=False)
    number = Integer(null=False)
    data = Bytea(null=False)
    sha256 = Bytea(null=False)
    reason = JSONB(null=False)
    compiled_at = Timestamptz(null=False)
    compiled_by = UUID(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    published_by = UUID(null=True, default=None)


class ProceedingsFile(Table, db=DB, tablename="proceedings_file"):
    id = UUID(primary_key=True, null=False)
    proceedings = ForeignKey(ProceedingsRow, null=False)
    language = Text(null=False)
    format = Text(null=False)
    content = Bytea(null=False)
    sha256 = Bytea(null=False)
    made_at = Timestamptz(null=False)
