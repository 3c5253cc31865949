from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
import ssl
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from consult.jobs import worker
from consult.mail import delivery, jobs, operations, queries
from consult.mail.delivery import MailDelayed, MailRefused, NoPostOffice, PostOffice
from consult.mail.message import BadAddress, BadSubject, MailAttachment
from consult.settings import Settings
from consult.storage import execute, fetch, fetchrow, fetchval, transaction
from consult.storage.embedded import Embedded
from tests.mail.conftest import TOWN
from tests.mail.server import MailServer
from tests.ports import free_port

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


async def notify(event: str = "forum.registered:1", recipient: str = "ana@example.org", **more: object) -> UUID | None:
    given: dict[str, object] = {"language": "mk", "subject": "Пријава", "body_text": "Примена.\n", "at": NOON, **more}
    return await operations.notify(recipient_email=recipient, event=event, **given)  # type: ignore[arg-type]


async def the_row() -> dict[str, object]:
    return dict(await fetchrow("SELECT * FROM notification"))


async def test_one_event_is_told_once_to_each_person(db: None) -> None:
    assert await notify() is not None
    assert await notify() is None
    assert await notify(recipient="ANA@example.org") is None
    assert await notify(recipient="eva@example.org") is not None
    assert await notify("forum.registered:2") is not None
    assert await fetchval("SELECT count(*) FROM notification") == 3
    assert await fetchval("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail.send'") == 3


async def test_nothing_is_told_of_what_was_rolled_back(db: None) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await notify()
            raise ZeroDivisionError
    assert await fetch("SELECT id FROM notification UNION ALL SELECT NULL FROM procrastinate_jobs") == []


async def test_injected_headers_are_refused_before_anything_is_written(db: None) -> None:
    with pytest.raises(BadAddress):
        await notify(recipient="ana@example.org\r\nBcc: all@example.org")
    with pytest.raises(BadSubject):
        await notify(subject="Forum\r\nBcc: all@example.org")
    assert await fetchval("SELECT count(*) FROM notification") == 0


async def test_a_message_is_sent_through_smtp_and_its_text_erased(
    db: None, post: PostOffice, mail_server: MailServer
) -> None:
    calendar = MailAttachment("meeting.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    sent = await notify(body_html="<p>Примена.</p>", attachments=[calendar])
    assert sent is not None
    await operations.send(notification_id=sent, post=post, at=NOON)
    await operations.send(notification_id=sent, post=post, at=NOON)
    (mail,) = mail_server.post.mails
    assert mail_server.post.recipients == ["ana@example.org"]
    assert mail["From"] == "Град Скопје <consult@skopje.example>"
    assert mail["Message-ID"] == f"<{sent}@consult.example.org>"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["meeting.ics"]
    row = await the_row()
    assert (row["state"], row["sent_at"], row["attempts"]) == ("sent", NOON, 1)
    assert (row["body_text"], row["body_html"], row["attachments"]) == (None, None, None)


async def test_two_workers_send_one_message_once(db: None, post: PostOffice, mail_server: MailServer) -> None:
    sent = await notify()
    assert sent is not None
    await asyncio.gather(*(operations.send(notification_id=sent, post=post, at=NOON) for _ in range(4)))
    assert len(mail_server.post.mails) == 1


async def test_a_mail_server_that_is_away_gets_everything_once_when_it_is_back(
    db: None, database: Embedded, post: PostOffice, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jobs.STUBBORN.wait_s(200) == 1800
    monkeypatch.setattr(delivery, "_office", post)
    mail_server.stop()
    for number in range(3):
        await notify(f"forum.registered:{number}", at=dt.datetime.now(dt.UTC))
    for _ in range(3):
        await execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        await worker.run_waiting(database.dsn)
    rows = await fetch("SELECT state, attempts, last_error FROM notification")
    assert {(row["state"], row["attempts"]) for row in rows} == {("waiting", 3)}
    assert all("cannot be reached" in row["last_error"] for row in rows)
    assert (await queries.mail_state()).waiting == 3

    mail_server.start()
    await execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    await worker.run_waiting(database.dsn)
    await worker.run_waiting(database.dsn)
    assert len({mail["Message-ID"] for mail in mail_server.post.mails}) == len(mail_server.post.mails) == 3
    assert await fetchval("SELECT count(*) FROM notification WHERE state = 'sent'") == 3
    assert await fetchval("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_patience_ends_after_days(db: None, post: PostOffice, mail_server: MailServer) -> None:
    sent = await notify()
    assert sent is not None
    mail_server.stop()
    almost = NOON + operations.PATIENCE - dt.timedelta(minutes=1)
    with pytest.raises(MailDelayed):
        await operations.send(notification_id=sent, post=post, at=almost)
    await operations.send(notification_id=sent, post=post, at=NOON + operations.PATIENCE)
    row = await the_row()
    assert (row["state"], row["attempts"], row["body_text"]) == ("failed", 2, None)
    assert (await queries.mail_state()).failed == 1


@pytest.mark.parametrize(
    ("to_recipient", "to_data", "state"),
    [
        ("550 no such user ana@example.org", "250 OK", "failed"),
        ("450 greylisted", "250 OK", "waiting"),
        ("250 OK", "554 looks like spam", "failed"),
        ("250 OK", "452 disk full", "waiting"),
    ],
)
async def test_a_final_no_ends_and_a_later_please_repeats(
    db: None, post: PostOffice, mail_server: MailServer, to_recipient: str, to_data: str, state: str
) -> None:
    mail_server.post.answer_to_recipient = to_recipient
    mail_server.post.answer_to_data = to_data
    sent = await notify()
    assert sent is not None
    if state == "waiting":
        with pytest.raises(MailDelayed) as delayed:
            await operations.send(notification_id=sent, post=post, at=NOON)
        assert "@" not in str(delayed.value)
    else:
        await operations.send(notification_id=sent, post=post, at=NOON)
    row = await the_row()
    assert row["state"] == state
    assert "@" not in str(row["last_error"])


async def test_without_a_mail_server_mails_become_files(db: None, tmp_path: Path) -> None:
    post = PostOffice(Settings(data=tmp_path), TOWN)
    sent = await notify()
    assert sent is not None
    await operations.send(notification_id=sent, post=post, at=NOON)
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.name == f"{sent}.eml"
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["From"] == "Град Скопје <noreply@localhost>"
    assert (await the_row())["state"] == "sent"


async def test_a_test_mail_arrives_at_once(post: PostOffice, mail_server: MailServer, tmp_path: Path) -> None:
    where = await operations.send_test_mail(settings=post.settings, to="op@example.org", sender_names=TOWN, at=NOON)
    assert where == "127.0.0.1"
    assert mail_server.post.recipients == ["op@example.org"]
    where = await operations.send_test_mail(
        settings=Settings(data=tmp_path), to="op@example.org", sender_names=TOWN, at=NOON
    )
    assert where == str(tmp_path / "outbox")
    nowhere = replace(post.settings, smtp_port=free_port())
    with pytest.raises(MailDelayed, match="cannot be reached"):
        await operations.send_test_mail(settings=nowhere, to="op@example.org", sender_names=TOWN, at=NOON)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_untrusted_certificate_sends_no_mail(
    post: PostOffice, tmp_path: Path, security: str, certificate: ssl.SSLContext
) -> None:
    server = MailServer(certificate=certificate, starttls=security == "starttls")
    server.start()
    try:
        settings = replace(post.settings, smtp_port=server.port, smtp_security=security)  # type: ignore[arg-type]
        with pytest.raises(MailDelayed):
            await operations.send_test_mail(settings=settings, to="op@example.org", sender_names=TOWN, at=NOON)
    finally:
        server.stop()
    assert server.post.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_trusted_server_gets_name_password_and_mail_encrypted(
    post: PostOffice, security: str, certificate: ssl.SSLContext, trusted: None
) -> None:
    server = MailServer(certificate=certificate, starttls=security == "starttls", login=True)
    server.start()
    try:
        settings = replace(
            post.settings,
            smtp_port=server.port,
            smtp_security=security,  # type: ignore[arg-type]
            smtp_user="consult",
            smtp_password="secret",
        )
        await operations.send_test_mail(settings=settings, to="op@example.org", sender_names=TOWN, at=NOON)
        wrong = replace(settings, smtp_password="guess")
        with pytest.raises(MailDelayed, match="name and password"):
            await operations.send_test_mail(settings=wrong, to="op@example.org", sender_names=TOWN, at=NOON)
    finally:
        server.stop()
    assert server.post.logins == ["consult"]
    assert len(server.post.mails) == 1


async def test_a_server_without_the_encryption_we_ask_for_gets_no_mail(
    post: PostOffice, mail_server: MailServer
) -> None:
    settings = replace(post.settings, smtp_security="starttls")
    with pytest.raises(MailDelayed):
        await operations.send_test_mail(settings=settings, to="op@example.org", sender_names=TOWN, at=NOON)
    assert mail_server.post.mails == []


async def test_old_messages_are_forgotten_and_waiting_ones_are_not(db: None) -> None:
    for number in range(3):
        await notify(f"event:{number}")
    await execute("UPDATE notification SET state = 'failed', body_text = NULL WHERE event <> 'event:2'")
    await execute("UPDATE notification SET created_at = $1 WHERE event = 'event:1'", NOON + dt.timedelta(days=2))
    await operations.forget(at=NOON + operations.KEPT + dt.timedelta(days=1))
    assert {row["event"] for row in await fetch("SELECT event FROM notification")} == {"event:1", "event:2"}


async def test_the_database_keeps_states_honest(db: None) -> None:
    await notify()
    for change in ("state = 'sent'", "body_text = NULL", "state = 'lost'", "subject = E'a\\nb'", "channel = 'sms'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(f"UPDATE notification SET {change}")


def test_forgetting_to_configure_the_post_is_a_clear_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_office", None)
    with pytest.raises(NoPostOffice):
        delivery.office()
    assert delivery.configure(Settings(), TOWN) is delivery.office()


def test_refusals_have_their_own_kind() -> None:
    assert not issubclass(MailRefused, MailDelayed)


def test_a_silent_mail_server_is_asked_by_one_mail_a_minute() -> None:
    silence = delivery._Silence()
    silence.failed(after_s=0.1)  # refused at once: the next may try
    silence.check()
    silence.failed(after_s=delivery.TIMEOUT_S)
    with pytest.raises(MailDelayed, match="not answered lately"):
        silence.check()
    silence.next_try = 0.0  # a minute later
    silence.check()
    with pytest.raises(MailDelayed, match="not answered lately"):
        silence.check()
