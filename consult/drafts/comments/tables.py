"""The columns of support for comments; the comment itself stands in drafts/tables.py."""

from piccolo.columns import UUID, Bytea, Date, ForeignKey
from piccolo.table import Table

from consult.drafts.tables import Comment
from consult.storage import DB


class CommentSupport(Table, db=DB, tablename="comment_support"):
    """One person's support for one comment: browser and email are keyed hashes made for this comment alone."""

    id = UUID(primary_key=True, null=False)
    comment = ForeignKey(Comment, null=False)
    browser = Bytea(null=True, default=None)
    email = Bytea(null=True, default=None)
    supported_on = Date(null=False)
