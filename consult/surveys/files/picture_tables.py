"""The pictures of surveys."""

from __future__ import annotations

from piccolo.columns import UUID, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class SurveyImage(Table, db=DB, tablename="survey_image"):
    """A picture under the name that the survey's document uses; one that was published never changes."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    name = Text(null=False)
    digest = Text(null=False)
    content = Bytea(null=False)
    width = Integer(null=False)
    height = Integer(null=False)
    added_at = Timestamptz(null=False)
