"""The columns of what is decided about a survey in the field. Checks and the erasure are raw SQL in consult_0105."""

from __future__ import annotations

from piccolo.columns import UUID, DoublePrecision, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class SurveyRetention(Table, db=DB, tablename="survey_retention"):
    """Answers are erased so many days after the survey has closed."""

    survey = UUID(primary_key=True)
    days = Integer(null=False)
    decided_at = Timestamptz(null=False)
    decided_by = UUID(null=True)


class SurveyEligibility(Table, db=DB, tablename="survey_eligibility"):
    """The share of eligible people among those of unknown eligibility, and why it is taken for that."""

    survey = UUID(primary_key=True)
    share = DoublePrecision(null=False)
    reason = Text(null=False)
    decided_at = Timestamptz(null=False)
    decided_by = UUID(null=True)
