"""The columns of what clerks key in. Checks are raw SQL in consult_0120."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, Text
from piccolo.table import Table

from consult.storage import DB


class EntrySetting(Table, db=DB, tablename="entry_setting"):
    survey = UUID(primary_key=True)
    is_double = Boolean(null=False)


class KeyedSheet(Table, db=DB, tablename="keyed_sheet"):
    """A sheet of paper on its way to a response."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    version = Integer(null=False)
    number = Text(null=False)
    channel = Text(null=False)
    language = Text(null=False)
    day = Date(null=False)
    state = Text(null=False)
    response = UUID(null=True)
    first = JSONB(null=True)
    second = JSONB(null=True)
    first_by = UUID(null=False)
    second_by = UUID(null=True)
