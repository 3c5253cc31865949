"""The columns of assignments and effects. Checks, indexes and triggers are raw SQL in consult_0200."""

from piccolo.columns import UUID, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.drafts.tables import Article, Comment, DraftVersion
from consult.people.tables import PersonRow
from consult.records.tables import Unit
from consult.storage import DB


class CommentAssignment(Table, db=DB, tablename="comment_assignment"):
    """Which unit answers a comment. due_on is there only where staff set another day than the one promised."""

    comment = ForeignKey(Comment, primary_key=True, null=False)
    unit = ForeignKey(Unit, null=False)
    person = ForeignKey(PersonRow, null=True, default=None)
    due_on = Date(null=True, default=None)
    due_reason = Text(null=False, default="")
    assigned_at = Timestamptz(null=False)
    assigned_by = UUID(null=True, default=None)


class CommentEffect(Table, db=DB, tablename="comment_effect"):
    """The words of a version that a comment led to; place counts the changed passages of the article.

    before and after are the unchanged words on either side.
    """

    id = UUID(primary_key=True, null=False)
    comment = ForeignKey(Comment, null=False)
    version = ForeignKey(DraftVersion, null=False)
    article = ForeignKey(Article, null=False)
    place = Integer(null=False)
    before = Text(null=False)
    deleted = Text(null=False)
    inserted = Text(null=False)
    after = Text(null=False)
    noted_at = Timestamptz(null=False)
    noted_by = UUID(null=True, default=None)
