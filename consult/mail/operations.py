"""Writes: put a message into the post, send what waits, forget what was sent long ago."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid4

from consult import jobs
from consult.i18n import Text
from consult.mail import queries
from consult.mail.delivery import MailDelayed, MailRefused, PostOffice, deliver
from consult.mail.message import MailAttachment, Message, check_subject, email_address
from consult.settings import Settings
from consult.storage import execute, fetchval, transaction

PATIENCE = dt.timedelta(days=5)
KEPT = dt.timedelta(days=180)


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
    """Send a message once: the same recipient and event again change nothing. Raises BadAddress, BadSubject.

    event          what the message is about, unique for it: "forum.registered:" and the registration's id.
    unsubscribe    an address where a POST ends such letters, for those that nobody asked for.

    It joins the caller's transaction: no message about what was rolled back. Returns the message's id if it is new.
    """
    recipient = email_address(recipient_email)
    parts = [
        {"name": part.name, "content_type": part.content_type, "content": base64.b64encode(part.content).decode()}
        for part in attachments
    ]
    async with transaction():
        notification_id = await fetchval(
            """INSERT INTO notification
                   (id, recipient, event, channel, language, subject, body_text, body_html, attachments,
                    state, attempts, created_at, unsubscribe)
               VALUES ($1, $2, $3, 'email', $4, $5, $6, $7, $8, 'waiting', 0, $9, $10)
               ON CONFLICT DO NOTHING RETURNING id""",
            uuid4(),
            recipient,
            event,
            language,
            check_subject(subject),
            body_text,
            body_html,
            parts,
            at,
            unsubscribe,
        )
        if notification_id is None:
            return None
        await jobs.enqueue("mail.send", {"notification": notification_id})
        return UUID(str(notification_id))


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


async def send_test_mail(settings: Settings, to: str, *, sender_names: Text, at: dt.datetime) -> str:
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
