"""Reads: what waits to be sent."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.mail.message import MailAttachment, Message
from consult.storage import fetchrow, fetchval


@dataclass(frozen=True, slots=True)
class MailState:
    """How the post is doing, for `doctor` and the metrics."""

    waiting: int
    failed: int
    oldest_waiting: dt.datetime | None


async def claim(notification_id: UUID) -> Message | None:
    """Lock a message that waits, until the transaction ends; None when it is sent, given up or just being sent."""
    row = await fetchrow(
        """SELECT id, recipient, language, subject, body_text, body_html, attachments, created_at, unsubscribe
           FROM notification
           WHERE id = $1 AND state = 'waiting' FOR UPDATE SKIP LOCKED""",
        notification_id,
    )
    return None if row is None else _message(row)


async def sent_since(recipient: str, event: str, moment: dt.datetime) -> int:
    """How many messages about events that begin so went to an address since a moment."""
    return int(
        await fetchval(
            "SELECT count(*) FROM notification WHERE recipient = $1 AND starts_with(event, $2) AND created_at > $3",
            recipient,
            event,
            moment,
        )
    )


async def mail_state() -> MailState:
    row = await fetchrow(
        """SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
                  count(*) FILTER (WHERE state = 'failed') AS failed,
                  min(created_at) FILTER (WHERE state = 'waiting') AS oldest FROM notification"""
    )
    return MailState(waiting=row["waiting"], failed=row["failed"], oldest_waiting=row["oldest"])


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        id=row["id"],
        recipient=row["recipient"],
        language=row["language"],
        subject=row["subject"],
        body_text=row["body_text"],
        body_html=row["body_html"],
        created_at=row["created_at"],
        unsubscribe=row["unsubscribe"],
        attachments=tuple(
            MailAttachment(part["name"], part["content_type"], base64.b64decode(part["content"]))
            for part in row["attachments"] or []
        ),
    )
