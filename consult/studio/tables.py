"""The columns of what the studio keeps. Constraints are raw SQL in the migrations."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class SurveyRevision(Table, db=DB, tablename="survey_revision"):
    """One of the last states of a working copy, and which states undo and redo lead to."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    number = Integer(null=False)
    document = JSONB(null=False)
    said = Text(null=False)
    parameters = JSONB(null=False)
    undo = Integer(null=True)
    redo = Integer(null=True)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True)
