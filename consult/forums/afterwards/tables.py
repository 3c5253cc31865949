"""The columns of minutes, promises and photos. Checks, indexes and triggers stand in the migration consult_0225."""

from piccolo.columns import JSONB, UUID, Bytea, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.forums.tables import ForumRow
from consult.records.tables import Unit
from consult.storage import DB


class ForumMinutes(Table, db=DB, tablename="forum_minutes"):
    forum = UUID(primary_key=True, null=False)
    summary = JSONB(null=False)
    published_at = Timestamptz(null=True, default=None)
    corrected_at = Timestamptz(null=True, default=None)


class MinutesItem(Table, db=DB, tablename="minutes_item"):
    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumMinutes, null=False, on_delete=OnDelete.cascade)
    position = Integer(null=False)
    heading = JSONB(null=False)


class MinutesEntry(Table, db=DB, tablename="minutes_entry"):
    """One piece of an item; the columns from unit on are a promise's."""

    id = UUID(primary_key=True, null=False)
    item = ForeignKey(references=MinutesItem, null=False, on_delete=OnDelete.cascade)
    position = Integer(null=False)
    kind = Text(null=False)
    text = JSONB(null=False)
    unit = ForeignKey(references=Unit, null=True, default=None, on_delete=OnDelete.restrict)
    due_on = Date(null=True, default=None)
    first_due_on = Date(null=True, default=None)
    state = Text(null=True, default=None)
    note = JSONB(null=False)
    settled_on = Date(null=True, default=None)


class ForumPhoto(Table, db=DB, tablename="forum_photo"):
    """A picture, drawn anew as WebP and addressed by its hash, with what it shows in each language."""

    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    position = Integer(null=False)
    hash = Text(null=False)
    content = Bytea(null=False)
    width = Integer(null=False)
    height = Integer(null=False)
    shows = JSONB(null=False)
    added_at = Timestamptz(null=False)
