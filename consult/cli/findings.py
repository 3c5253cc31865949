"""What `consult doctor` finds beside the pages: the secret, background work, backups, mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from consult.errors import ConsultError
from consult.jobs.state import given_up, job_state
from consult.mail.delivery import MailDelayed, MailRefused, greet
from consult.mail.operations import send_test_mail
from consult.mail.queries import mail_state
from consult.profile import Profile
from consult.settings import Settings, secret_key
from consult.storage.measures import last_backup
from consult.storage.secret_mark import RESTORED, mark_of, restored

LATE_S = 900
OLD = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Finding:
    """state is ok, warning or wrong; remedy says what to do about it."""

    what: str
    state: str
    found: str
    remedy: str = ""


def secret(settings: Settings) -> Iterator[Finding]:
    """Whether the secret is that of the backup which was restored here; nothing where none was."""
    mark = restored(settings.data)
    if not mark:
        return
    if mark == mark_of(secret_key(settings)):
        yield Finding("secret", "ok", "that of the backup which was restored")
        return
    remedy = (
        f"Open invitations, links in letters and second factors do not work. Put the old one in its place "
        f"(CONSULT_SECRET, else {settings.data / 'secret'}); if it was changed on purpose, remove "
        f"{settings.data / RESTORED}."
    )
    yield Finding("secret", "wrong", "another one than that of the backup which was restored", remedy)


async def work() -> Finding:
    """Whether somebody does the background work, and whether all of it could be done."""
    state = await job_state()
    if not state.workers:
        late = f"; the oldest job is {_ago(state.late_s)} late" if state.late_s > LATE_S else ""
        remedy = "Start it: systemctl start consult-worker, or `consult worker`. Until then no mail goes out."
        return Finding("work", "warning", f"no worker has been heard of within a minute{late}", remedy)
    if state.late_s > LATE_S:
        remedy = "Look into the worker's journal; a long list of letters may simply take its time."
        return Finding("work", "warning", f"the oldest job is {_ago(state.late_s)} late", remedy)
    if failed := await given_up():
        named = ", ".join(f"{task} ({number})" for task, number in failed.items())
        remedy = "The worker's journal has the reason. They are forgotten after 30 days."
        return Finding("work", "warning", f"given up: {named}", remedy)
    return Finding("work", "ok", f"{state.workers} at work, {state.jobs['waiting']} jobs wait")


def backups(data: Path, at: datetime) -> Finding:
    """How old the last backup is that was made with this data folder."""
    remedy = "Make one every night: consult backup --into FOLDER --keep 14; see “Back up” in the runbook."
    last = last_backup(data)
    if not last:
        return Finding("backup", "warning", "none was ever made from here", remedy)
    age_s = max(0.0, at.timestamp() - last)
    state = "warning" if age_s > OLD.total_seconds() else "ok"
    return Finding("backup", state, f"the last one is {_ago(age_s)} old", remedy if state == "warning" else "")


async def mail(settings: Settings, profile: Profile, mail_to: str | None) -> list[Finding]:
    """Whether the mail server lets us in, and what waits for it; with mail_to, whether it takes a mail."""
    found = [await _server(settings)]
    state, at = await mail_state(), datetime.now(UTC)
    if state.oldest_waiting and at - state.oldest_waiting > timedelta(hours=1):
        remedy = "Is `consult worker` running?"
        found.append(Finding("post", "warning", f"{state.waiting} mails wait for over an hour", remedy))
    if state.failed:
        remedy = "See notification.last_error."
        found.append(Finding("post", "warning", f"{state.failed} mails were refused for good", remedy))
    if mail_to:
        try:
            where = await send_test_mail(settings=settings, to=mail_to, sender_names=profile.name, at=at)
            found.append(Finding("test mail", "ok", f"handed to {where}"))
        except (MailDelayed, MailRefused, ConsultError, OSError) as fault:
            remedy = "Check CONSULT_SMTP_* and that the server accepts mail from this machine."
            found.append(Finding("test mail", "wrong", str(fault), remedy))
    return found


async def _server(settings: Settings) -> Finding:
    if settings.smtp_host is None:
        remedy = f"Set CONSULT_SMTP_HOST; until then mails are written into {settings.data / 'outbox'}."
        return Finding("mail", "warning", "no mail server is set", remedy)
    where = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security})"
    try:
        await greet(settings)
    except MailDelayed as fault:
        remedy = "Start it, or correct CONSULT_SMTP_*; mail waits meanwhile."
        return Finding("mail", "wrong", f"{where}: {fault}", remedy)
    return Finding("mail", "ok", f"{where} answers")


def _ago(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours / 24:,.0f} days" if hours > 48 else f"{hours:,.1f} h"
