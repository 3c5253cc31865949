"""Handing a mail to the town's mail server; without one, to files that a developer can open."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib

from consult.i18n import Text, pick
from consult.mail.message import Message, wire
from consult.settings import Settings

TIMEOUT_S = 60
GREETING_S = 10
SLOW_S = 5
PAUSE_S = 60
REFUSED_RECIPIENT = "the mail server refused the recipient"
NOT_LET_IN = "the mail server refused our name and password (%s)"
NOT_REACHED = "the mail server cannot be reached (%s)"


class MailDelayed(Exception):
    """The server did not take the mail now; it is tried again. Names no address: the text gets into logs."""


class Unreached(MailDelayed):
    """There was no conversation with the server, or it broke off."""


class MailRefused(Exception):
    """The server will never take this mail, because of its recipient or its content."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Where mail goes, and in whose name."""

    settings: Settings
    sender_names: Text

    @property
    def host(self) -> str:
        name = urlsplit(self.settings.base_url).hostname or "localhost"
        return name.encode("idna").decode()

    @property
    def sender(self) -> str:
        return self.settings.mail_from or f"noreply@{self.host}"

    @property
    def outbox(self) -> Path:
        """The folder for .eml files, used while no mail server is set."""
        return self.settings.data / "outbox"


_office: PostOffice | None = None


class NoPostOffice(Exception):
    """`configure` was not called at start-up."""


def configure(settings: Settings, sender_names: Text) -> PostOffice:
    """Say once, at start-up, where mail goes. sender_names is the municipality's name in its languages."""
    global _office
    _office = PostOffice(settings, sender_names)
    return _office


def office() -> PostOffice:
    if _office is None:
        raise NoPostOffice("call consult.mail.delivery.configure first")
    return _office


async def deliver(message: Message, post: PostOffice) -> None:
    """Send one message. Raises MailDelayed, MailRefused."""
    name, _ = pick(post.sender_names, message.language)
    mail = wire(message, sender_name=name, sender=post.sender, host=post.host)
    if post.settings.smtp_host is None:
        await asyncio.to_thread(_file, mail, post.outbox, str(message.id))
    else:
        await _send(mail, post.settings)


@dataclass
class _Silence:
    """What is known of a mail server that leaves us without an answer.

    Every mail would wait a minute for it, and mails that wait would fill all places of the queue. So one mail a minute
    tries, and the others are put off at once.
    """

    is_silent: bool = False
    next_try: float = 0.0

    def check(self) -> None:
        """Let this mail try, or raise MailDelayed."""
        if not self.is_silent:
            return
        if time.monotonic() < self.next_try:
            raise MailDelayed("the mail server has not answered lately")
        self.next_try = time.monotonic() + TIMEOUT_S + PAUSE_S

    def failed(self, after_s: float) -> None:
        """A server that refuses quickly keeps nobody waiting."""
        self.is_silent = after_s > SLOW_S
        self.next_try = time.monotonic() + PAUSE_S


_silences: dict[tuple[str | None, int], _Silence] = {}


async def _send(mail: EmailMessage, settings: Settings) -> None:
    silence = _silences.setdefault((settings.smtp_host, settings.smtp_port), _Silence())
    silence.check()
    began = time.monotonic()
    try:
        await _converse(mail, settings)
    except Unreached as fault:
        silence.failed(time.monotonic() - began)
        raise MailDelayed(str(fault)) from None
    silence.is_silent = False


async def greet(settings: Settings) -> None:
    """Knock at the mail server and sign in, as for a mail, and send none. Raises MailDelayed."""
    server = aiosmtplib.SMTP(**_ways(settings), timeout=GREETING_S)
    try:
        async with server:
            await server.noop()
    except aiosmtplib.SMTPAuthenticationError as fault:
        raise MailDelayed(NOT_LET_IN % fault.code) from None
    except aiosmtplib.SMTPResponseException as fault:
        raise MailDelayed(f"the mail server answered {fault.code}") from None
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise Unreached(NOT_REACHED % type(fault).__name__) from None


def _ways(settings: Settings) -> dict[str, Any]:
    return {
        "hostname": settings.smtp_host,
        "port": settings.smtp_port,
        "username": settings.smtp_user,
        "password": settings.smtp_password,
        "use_tls": settings.smtp_security == "tls",
        "start_tls": settings.smtp_security == "starttls",
    }


async def _converse(mail: EmailMessage, settings: Settings) -> None:
    refused: str | None = None
    delayed: str | None = None
    try:
        await aiosmtplib.send(
            mail.as_bytes(),
            sender=str(mail["From"].addresses[0].addr_spec),
            recipients=[str(one.addr_spec) for one in mail["To"].addresses],
            **_ways(settings),
            timeout=TIMEOUT_S,
        )
    except aiosmtplib.SMTPAuthenticationError as fault:
        delayed = NOT_LET_IN % fault.code
    except aiosmtplib.SMTPRecipientsRefused as fault:
        codes = {one.code for one in fault.recipients}
        if all(code >= 500 for code in codes):
            refused = f"{REFUSED_RECIPIENT} ({max(codes)})"
        else:
            delayed = f"the mail server put the recipient off ({min(codes)})"
    except aiosmtplib.SMTPResponseException as fault:
        if fault.code >= 500 and isinstance(fault, aiosmtplib.SMTPDataError):
            refused = f"the mail server refused the mail ({fault.code})"
        else:
            delayed = f"the mail server answered {fault.code}"
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise Unreached(NOT_REACHED % type(fault).__name__) from None
    if refused is not None:
        raise MailRefused(refused)
    if delayed is not None:
        raise MailDelayed(delayed)


def _file(mail: EmailMessage, outbox: Path, name: str) -> None:
    outbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = outbox / f"{name}.eml"
    unfinished = path.with_suffix(f".{os.getpid()}")
    with contextlib.ExitStack() as undo:
        undo.callback(unfinished.unlink, missing_ok=True)
        unfinished.write_bytes(mail.as_bytes())
        unfinished.replace(path)
