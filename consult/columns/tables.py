"""The columns of the column store's own tables. Triggers and checks are raw SQL in consult_0140."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Integer
from piccolo.table import Table

from consult.storage import DB


class ResponsePending(Table, db=DB, tablename="response_pending"):
    """A response that the files have to look at again. The table itself has no key, see consult_0272."""

    survey = UUID(null=False)
    response = UUID(null=False)
    is_new = Boolean(null=False)
    id = UUID(primary_key=True)


class ColumnStore(Table, db=DB, tablename="column_store"):
    """A survey whose answers are in files."""

    survey = UUID(primary_key=True)
    generation = UUID(null=False)


class ColumnSegment(Table, db=DB, tablename="column_segment"):
    """One of those files."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    rows = Integer(null=False)
    digest = Bytea(null=False)
