"""The columns of the translation ledger and of certificates. Checks and triggers are raw SQL in consult_0112."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class SurveyTranslation(Table, db=DB, tablename="survey_translation"):
    """A statement that a translation says what its source says."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    source_language = Text(null=False)
    language = Text(null=False)
    source = Text(null=False)
    value = Text(null=False)
    source_hash = Text(null=False)
    value_hash = Text(null=False)
    made_at = Timestamptz(null=False)
    made_by = UUID(null=True)
    approved_at = Timestamptz(null=True)
    approved_by = UUID(null=True)


class SurveyCertificate(Table, db=DB, tablename="survey_certificate"):
    """That a browser decided a version's conditions like the server, or that this was not tried."""

    version = UUID(primary_key=True)
    kind = Text(null=False)
    browser = Text(null=False)
    content_hash = Text(null=False)
    cases = Integer(null=False)
    decisions = Integer(null=False)
    made_at = Timestamptz(null=False)
    made_by = UUID(null=True)
