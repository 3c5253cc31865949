"""What the portal keeps: the evidence on articles."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class Evidence(Table, db=DB, tablename="evidence"):
    id = UUID(primary_key=True, null=False)
    draft = UUID(null=False)
    article = UUID(null=False)
    survey = UUID(null=False)
    query = Text(null=False)
    position = Integer(null=False)
    attached_at = Timestamptz(null=False)
    attached_by = UUID(null=True)
    frozen_at = Timestamptz(null=True)
    snapshot = Text(null=False)
    chart = JSONB(null=True)
    kind = Text(null=False)
