"""Columns of followers; constraints stand in the migration consult_0206."""

from __future__ import annotations

from piccolo.columns import UUID, ForeignKey, Text, Timestamptz
from piccolo.table import Table

from consult.consultations.tables import Consultation
from consult.storage import DB


class FollowerRow(Table, db=DB, tablename="follower"):
    id = UUID(primary_key=True, null=False)
    email = Text(null=False)
    language = Text(null=False)
    consultation = ForeignKey(Consultation, null=True, default=None)
    asked_at = Timestamptz(null=False)
    confirmed_at = Timestamptz(null=True, default=None)
