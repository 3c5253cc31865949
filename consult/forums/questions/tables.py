"""The columns of questions. Checks, indexes and triggers are raw SQL in the migration consult_0220."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.forums.tables import ForumRow, ForumSessionRow
from consult.storage import DB


class ForumAskingRow(Table, db=DB, tablename="forum_asking"):
    """Whether a forum takes questions; without a row it does, and they are checked before they are shown."""

    forum = ForeignKey(references=ForumRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    is_open = Boolean(null=False)
    closes_at = Timestamptz(null=True, default=None)
    moderation = Text(null=False)


class ForumQuestionRow(Table, db=DB, tablename="forum_question"):
    """head names the question that a near-equal one stands under."""

    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    number = Integer(null=False)
    session = ForeignKey(references=ForumSessionRow, null=True, default=None, on_delete=OnDelete.set_null)
    head = UUID(null=True, default=None)
    language = Text(null=False)
    text = Text(null=False)
    name = Text(null=False)
    email = Text(null=False)
    channel = Text(null=False)
    state = Text(null=False)
    refusal = Text(null=False)
    asked_at = Timestamptz(null=False)
    published_at = Timestamptz(null=True, default=None)
    moderated_at = Timestamptz(null=True, default=None)
    moderated_by = UUID(null=True, default=None)
    shortlisted_at = Timestamptz(null=True, default=None)
    answer = JSONB(null=False)
    answered_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


class ForumQuestionSupportRow(Table, db=DB, tablename="forum_question_support"):
    """One browser's support: a keyed hash, unique for each question."""

    question = ForeignKey(references=ForumQuestionRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    mark = Bytea(primary_key=True, null=False)
    supported_at = Timestamptz(null=False)


class ForumQuestionApartRow(Table, db=DB, tablename="forum_question_apart"):
    """Two questions that a person found to differ: they are not proposed as a group again."""

    question = ForeignKey(references=ForumQuestionRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    other = ForeignKey(references=ForumQuestionRow, primary_key=True, null=False, on_delete=OnDelete.cascade)


class ForumStageRow(Table, db=DB, tablename="forum_stage"):
    """The question that the hall sees; none leaves the screen with the meeting's title."""

    forum = ForeignKey(references=ForumRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    question = UUID(null=True, default=None)
    changed_at = Timestamptz(null=False)
