"""The columns of drafts, comments and answers. Checks, indexes and triggers are raw SQL in consult_0060 and 0190."""

from typing import Any

from piccolo.columns import JSONB, UUID, Boolean, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.consultations.tables import Consultation
from consult.storage import DB


class Draft(Table, db=DB, tablename="draft"):
    id = UUID(primary_key=True, null=False)
    slug = Text(unique=True, null=False)
    consultation = ForeignKey(Consultation, null=True, default=None)
    title = JSONB(null=False)
    summary = JSONB(null=False)
    authentic_language = Text(null=False)
    moderation = Text(null=False)
    closes_at = Timestamptz(null=True, default=None)
    is_demo = Boolean(null=False, default=False)
    created_at = Timestamptz(null=False)


class DraftWorking(Table, db=DB, tablename="draft_working"):
    """The working copy: the only text of a draft that may change."""

    draft = ForeignKey(Draft, primary_key=True, null=False)
    texts = JSONB(null=False)
    memorandum = JSONB(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True, default=None)


class DraftVersion(Table, db=DB, tablename="draft_version"):
    id = UUID(primary_key=True, null=False)
    draft = ForeignKey(Draft, null=False)
    number = Integer(null=False)
    preamble = JSONB(null=False)
    memorandum = JSONB(null=False)
    reason = JSONB(null=False)
    published_at = Timestamptz(null=False)
    published_by = UUID(null=True, default=None)


class Article(Table, db=DB, tablename="article"):
    """The identity of an article over all versions; its words stand in ArticleText."""

    id = UUID(primary_key=True, null=False)
    draft = ForeignKey(Draft, null=False)
    created_at = Timestamptz(null=False)


class ArticleText(Table, db=DB, tablename="article_text"):
    id = UUID(primary_key=True, null=False)
    version = ForeignKey(DraftVersion, null=False)
    article = ForeignKey(Article, null=False)
    position = Integer(null=False)
    number = Text(null=False)
    label = JSONB(null=False)
    chapter = JSONB(null=False)
    heading = JSONB(null=False)
    body = JSONB(null=False)
    plain_words = JSONB(null=False)


class CommentNumber(Table, db=DB, tablename="comment_number"):
    year = Integer(primary_key=True, null=False)
    last = Integer(null=False)


class Comment(Table, db=DB, tablename="comment"):
    id = UUID(primary_key=True, null=False)
    number = Text(unique=True, null=False)
    draft = ForeignKey(Draft, null=False)
    version = ForeignKey(DraftVersion, null=False)
    article = ForeignKey(Article, null=True, default=None)
    language = Text(null=False)
    kind = Text(null=False)
    text = Text(null=False)
    name = Text(null=False, default="")
    email = Text(null=False, default="")
    state = Text(null=False)
    refusal = Text(null=False, default="")
    supports = Integer(null=False, default=0)
    submitted_at = Timestamptz(null=False)
    published_at = Timestamptz(null=True, default=None)
    moderated_at = Timestamptz(null=True, default=None)
    moderated_by = UUID(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
    quote = Text(null=False, default="")
    quote_before = Text(null=False, default="")
    quote_after = Text(null=False, default="")
    quote_language = Text(null=False, default="")
    letters_in = Text(null=False, default="")
    channel = Text(null=False, default="web")
    received_on = Date(null=True, default=None)
    entered_by = UUID(null=True, default=None)
    postal = Text(null=False, default="")
    reply_to = UUID(null=True, default=None)


class ReasonedAnswer(Table, db=DB, tablename="reasoned_answer"):
    """An answer: prepared, sent, reviewed, released. is_current marks the one that stands for its comment."""

    id = UUID(primary_key=True, null=False)
    comment = ForeignKey(Comment, null=False)
    decision = Text(null=False)
    reason = JSONB(null=False)
    decided_at = Timestamptz(null=False)
    decided_by = UUID(null=True, default=None)
    released_at = Timestamptz(null=True, default=None)
    is_current = Boolean(null=False, default=True)
    together = UUID(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    sent_by = UUID(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)
    note = Text(null=False, default="")
    corrects: ForeignKey[Any] = ForeignKey("self", null=True, default=None)
    correction = JSONB(null=False)
