"""The columns of moderation. Checks, indexes and triggers are raw SQL in consult_0195."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Real, Text, Timestamptz
from piccolo.table import Table

from consult.drafts.tables import Comment, Draft
from consult.storage import DB


class CommentRedaction(Table, db=DB, tablename="comment_redaction"):
    """Covered words of a comment; in force while nobody withdrew it."""

    id = UUID(primary_key=True, null=False)
    comment = ForeignKey(Comment, null=False)
    begins = Integer(null=False)
    ends = Integer(null=False)
    reason = Text(null=False)
    made_at = Timestamptz(null=False)
    made_by = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = UUID(null=True, default=None)


class ModerationAct(Table, db=DB, tablename="moderation_act"):
    """One thing that a moderator did to a comment; append-only."""

    id = UUID(primary_key=True, null=False)
    comment = ForeignKey(Comment, null=False)
    draft = ForeignKey(Draft, null=False)
    act = Text(null=False)
    reason = Text(null=False, default="")
    was_published_at = Timestamptz(null=True, default=None)
    at = Timestamptz(null=False)
    by = UUID(null=True, default=None)


class CommentGroup(Table, db=DB, tablename="comment_group"):
    """Comments of a draft that say the same. people: the different addresses that its authors had left."""

    id = UUID(primary_key=True, null=False)
    draft = ForeignKey(Draft, null=False)
    number = Integer(null=False)
    head = ForeignKey(Comment, null=False)
    state = Text(null=False)
    people = Integer(null=False, default=0)
    found_at = Timestamptz(null=False)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)


class CommentGroupMember(Table, db=DB, tablename="comment_group_member"):
    """wording 0 is that of the head; members with one number have equal words."""

    id = UUID(primary_key=True, null=False)
    comment_group = ForeignKey(CommentGroup, null=False)
    comment = ForeignKey(Comment, null=False)
    state = Text(null=False)
    wording = Integer(null=False)
    likeness = Real(null=False)


class CommentGrouping(Table, db=DB, tablename="comment_grouping"):
    """The last search for groups of a draft."""

    draft = ForeignKey(Draft, primary_key=True, null=False)
    asked_at = Timestamptz(null=False)
    asked_by = UUID(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    step = Text(null=False, default="waiting")
    texts = Integer(null=False, default=0)
    people = Integer(null=False, default=0)
    found = Integer(null=False, default=0)
    is_complete = Boolean(null=False, default=True)
    seen_until = Timestamptz(null=True, default=None)
