"""The columns of what this domain keeps. Constraints are raw SQL in consult_0170_reports."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class ReportText(Table, db=DB, tablename="report_text"):
    """What staff write for a survey's report, by language. No row: nothing yet."""

    survey = UUID(primary_key=True)
    introduction = JSONB(null=False)
    conclusions = JSONB(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True)
