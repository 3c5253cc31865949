"""The columns of what this domain keeps. Constraints are raw SQL in consult_0150_weighting."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class SurveyDesign(Table, db=DB, tablename="survey_design"):
    """How respondents were chosen, as staff declared it. No row: as the questionnaire says."""

    survey = UUID(primary_key=True)
    document = JSONB(null=False)
    declared_at = Timestamptz(null=False)
    declared_by = UUID(null=True)


class WeightSet(Table, db=DB, tablename="weight_set"):
    """The recipe of named weights; at most one of a survey's sets is the default of published results."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    key = Text(null=False)
    name = Text(null=False)
    document = JSONB(null=False)
    is_default = Boolean(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True)
