"""A real mail server for tests: it takes mail, or answers what a test tells it to."""

from __future__ import annotations

import email
import email.policy
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.ports import free_port


@dataclass
class Post:
    """What arrived, and the answers to give instead of taking it."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    answer_to_recipient: str = "250 OK"
    answer_to_data: str = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer_to_data.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append(mail)
            self.recipients += envelope.rcpt_tos
        return self.answer_to_data


class MailServer:
    """An aiosmtpd server on a port of its own; it may be stopped and started again."""

    def __init__(
        self, *, certificate: ssl.SSLContext | None = None, starttls: bool = False, login: bool = False
    ) -> None:
        self.post = Post()
        self.port = free_port()
        self.certificate = certificate
        self.starttls = starttls
        self.login = login
        self.running: Controller | None = None

    def start(self) -> None:
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": self.port}
        if self.starttls:
            options |= {"tls_context": self.certificate, "require_starttls": True}
        elif self.certificate is not None:
            options |= {"ssl_context": self.certificate}
        if self.login:
            options |= {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": self.starttls}
        self.running = Controller(self.post, ready_timeout=60, **options)
        self.running.start()

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop()
            self.running = None

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == b"secret"
        if right:
            self.post.logins.append(given.login.decode())
        return AuthResult(success=right, handled=False)
