"""The columns of feedback on meetings. Checks stand in the migration consult_0225."""

from __future__ import annotations

from piccolo.columns import UUID, Integer, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class ForumFeedback(Table, db=DB, tablename="forum_feedback"):
    """Which survey those who came to a meeting are asked to answer; letters counts those who were written to."""

    forum = UUID(primary_key=True, null=False)
    survey = UUID(null=False)
    chosen_at = Timestamptz(null=False)
    chosen_by = UUID(null=True)
    first_sent_at = Timestamptz(null=True)
    letters = Integer(null=False, default=0)
