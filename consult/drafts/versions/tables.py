"""The columns of what became of each article with a version. Checks and triggers are raw SQL in consult_0185."""

from piccolo.columns import JSONB, UUID, ForeignKey, Text
from piccolo.table import Table

from consult.drafts.tables import Article, DraftVersion
from consult.storage import DB


class ArticleChange(Table, db=DB, tablename="article_change"):
    """One row for each article of a version and of the one before. related: where words came from or went."""

    id = UUID(primary_key=True, null=False)
    version = ForeignKey(DraftVersion, null=False)
    article = ForeignKey(Article, null=False)
    what = Text(null=False)
    number_before = Text(null=True, default=None)
    number = Text(null=True, default=None)
    changed_in = JSONB(null=False)
    related = ForeignKey(Article, null=True, default=None)
