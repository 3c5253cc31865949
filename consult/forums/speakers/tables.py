"""The columns of the speakers' list. Checks and indexes are raw SQL in the migration consult_0220."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.forums.tables import ForumSessionRow
from consult.storage import DB


class ForumSpeakingRow(Table, db=DB, tablename="forum_speaking"):
    """How long one speaks in a session, and whether the sides take turns."""

    session = ForeignKey(references=ForumSessionRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    limit_s = Integer(null=False)
    alternates = Boolean(null=False)


class ForumSpeakerRow(Table, db=DB, tablename="forum_speaker"):
    """used_s holds the time before started_at; the clock runs only while somebody speaks."""

    id = UUID(primary_key=True, null=False)
    session = ForeignKey(references=ForumSessionRow, null=False, on_delete=OnDelete.cascade)
    position = Integer(null=False)
    name = Text(null=False)
    side = Text(null=False)
    question = UUID(null=True, default=None)
    state = Text(null=False)
    limit_s = Integer(null=False)
    used_s = Integer(null=False, default=0)
    started_at = Timestamptz(null=True, default=None)
    first_started_at = Timestamptz(null=True, default=None)
    joined_at = Timestamptz(null=False)
