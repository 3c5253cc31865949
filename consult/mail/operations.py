"""Writes: put a message into the post, send what waits, forget what was sent long ago."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec

from consult import jobs
from consult.i18n import Text
from consult.mail import queries
from consult.mail.delivery import MailDelayed, MailRefused, PostOffice, deliver
from consult.mail.message import MailAttachment, Message, check_subject, email_address
from consult.settings import Settings
from consult.storage import execute, fetch, transaction

PATIENCE = dt.timedelta(days=5)
KEPT = dt.timedelta(days=180)
INSERT = """INSERT INTO notification
        (id, recipient, event, language, subject, body_text, body_html, attachments, created_at, unsubscribe,
         channel, state, attempts)
    SELECT t.id, recipient, event, language, subject, body_text, body_html, attachments::jsonb, created_at, unsubscribe,
           'email', 'waiting', 0
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::timestamptz[], $10::text[])
        AS t (id, recipient, event, language, subject, body_text, body_html, attachments, created_at, unsubscribe)
    ON CONFLICT DO NOTHING RETURNING id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to be sent once: the same recipient and event again change nothing.

    event          what the message is about, unique for it: "forum.registered:" and the registration's id.
    unsubscribe    an address where a POST ends such letters, for those that nobody asked for.
    """

    recipient_email: str
    event: str
    language: str
    subject: str
    body_text: str
    at: dt.datetime
    body_html: str | None = None
    attachments: Sequence[MailAttachment] = ()
    unsubscribe: str | None = None


async def notify(
    *,
    recipient_email: str,
    event: str,
    language: str,
    subject: str,
    body_text: str,
    at: dt.datetime,
    body_html: str | None = None,
    attachments: Sequence[MailAttachment] = (),
    unsubscribe: str | None = None,
) -> UUID | None:
    """Send a message once, see Notice. Returns its id if it is new. Raises BadAddress, BadSubject."""
    notice = Notice(
        recipient_email=recipient_email,
        event=event,
        language=language,
        subject=subject,
        body_text=body_text,
        at=at,
        body_html=body_html,
        attachments=attachments,
        unsubscribe=unsubscribe,
    )
    found = await notify_all([notice])
    return found[0] if found else None


async def notify_all(notices: Sequence[Notice]) -> list[UUID]:
    """Send many messages with two statements; gives the ids of the new ones. Raises BadAddress, BadSubject.

    They join the caller's transaction: no message about what was rolled back.
    """
    if not notices:
        return []
    columns = list(zip(*(_columns(notice) for notice in notices), strict=True))
    async with transaction():
        rows = await fetch(INSERT, *columns)
        ids = [UUID(str(row["id"])) for row in rows]
        await jobs.enqueue_all("mail.send", [{"notification": one} for one in ids])
    return ids


def _columns(notice: Notice) -> tuple[object, ...]:
    parts = [
        {"name": part.name, "content_type": part.content_type, "content": base64.b64encode(part.content).decode()}
        for part in notice.attachments
    ]
    return (
        uuid4(),
        email_address(notice.recipient_email),
        notice.event,
        notice.language,
        check_subject(notice.subject),
        notice.body_text,
        notice.body_html,
        msgspec.json.encode(parts).decode(),
        notice.at,
        notice.unsubscribe,
    )


async def send(*, notification_id: UUID, post: PostOffice, at: dt.datetime) -> None:
    """Send a message that waits; one that does not wait changes nothing. Raises MailDelayed when it must be repeated.

    The row stays locked while the mail server answers, so two workers never send one message. Only a crash between
    the server's yes and our commit can repeat it, with the same Message-ID.
    """
    delayed: MailDelayed | None = None
    async with transaction():
        message = await queries.claim(notification_id)
        if message is None:
            return
        try:
            await deliver(message, post)
        except MailRefused as refused:
            await _give_up(notification_id, str(refused))
        except MailDelayed as fault:
            if at - message.created_at >= PATIENCE:
                await _give_up(notification_id, str(fault))
            else:
                delayed = fault
                await execute(
                    "UPDATE notification SET attempts = attempts + 1, last_error = $2 WHERE id = $1",
                    notification_id,
                    str(fault),
                )
        else:
            await execute(
                """UPDATE notification SET state = 'sent', sent_at = $2, attempts = attempts + 1, last_error = NULL,
                          body_text = NULL, body_html = NULL, attachments = NULL, unsubscribe = NULL WHERE id = $1""",
                notification_id,
                at,
            )
    if delayed is not None:
        raise delayed


async def forget(*, at: dt.datetime) -> None:
    """Delete messages whose fate was decided long ago, with their recipients' addresses."""
    await execute("DELETE FROM notification WHERE state <> 'waiting' AND created_at < $1", at - KEPT)


async def send_test_mail(*, settings: Settings, to: str, sender_names: Text, at: dt.datetime) -> str:
    """Send a mail at once, past the queue, and say where it went. Raises BadAddress, MailDelayed, MailRefused."""
    post = PostOffice(settings, sender_names)
    message = Message(
        id=uuid4(),
        recipient=email_address(to),
        language="en",
        subject="Test mail from Consult",
        body_text="This installation of Consult can send mail.\n",
        created_at=at,
    )
    await deliver(message, post)
    return settings.smtp_host or str(post.outbox)


async def _give_up(notification_id: UUID, error: str) -> None:
    await execute(
        """UPDATE notification SET state = 'failed', attempts = attempts + 1, last_error = $2,
                  body_text = NULL, body_html = NULL, attachments = NULL WHERE id = $1""",
        notification_id,
        error,
    )
