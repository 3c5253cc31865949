"""Columns of the messages; constraints stand in the migration."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class Notification(Table, db=DB, tablename="notification"):
    """One message to one person about one event; the three together are unique with the channel."""

    id = UUID(primary_key=True)
    recipient = Text(null=False)
    event = Text(null=False)
    channel = Text(null=False, default="email")
    language = Text(null=False)
    subject = Text(null=False)
    body_text = Text(null=True)
    body_html = Text(null=True)
    attachments = JSONB(null=True)
    state = Text(null=False, default="waiting")
    attempts = Integer(null=False, default=0)
    created_at = Timestamptz(null=False)
    sent_at = Timestamptz(null=True)
    last_error = Text(null=True)
    unsubscribe = Text(null=True)
