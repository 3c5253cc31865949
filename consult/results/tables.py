"""The columns of what this domain keeps. Constraints are raw SQL in consult_0075_results."""

from __future__ import annotations

from piccolo.columns import UUID, Array, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class ResultsPublication(Table, db=DB, tablename="results_publication"):
    """That staff made the results of a survey public. No row: they are not."""

    survey = UUID(primary_key=True)
    published_at = Timestamptz(null=False)
    published_by = UUID(null=True)
    without = Array(base_column=Text(), null=False)
