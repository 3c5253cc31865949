"""The columns of what this domain keeps. Constraints are raw SQL in consult_0155_indices."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Date, DoublePrecision, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class StandingIndex(Table, db=DB, tablename="standing_index"):
    id = UUID(primary_key=True)
    key = Text(null=False, unique=True)
    created_at = Timestamptz(null=False)


class StandingIndexVersion(Table, db=DB, tablename="standing_index_version"):
    """What an index consists of; never changed."""

    id = UUID(primary_key=True)
    standing_index = UUID(null=False)
    number = Integer(null=False)
    document = JSONB(null=False)
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True)


class StandingIndexMeasurement(Table, db=DB, tablename="standing_index_measurement"):
    """What an index was worth at one wave; never changed. Without a survey it was measured elsewhere (origin)."""

    id = UUID(primary_key=True)
    standing_index = UUID(null=False)
    number = Integer(null=False)
    survey = UUID(null=True)
    on_day = Date(null=False)
    label = JSONB(null=False)
    value = DoublePrecision(null=False)
    low = DoublePrecision(null=True)
    high = DoublePrecision(null=True)
    people = Integer(null=False)
    snapshot = Text(null=False)
    origin = Text(null=False)
    measured_at = Timestamptz(null=False)
    measured_by = UUID(null=True)
