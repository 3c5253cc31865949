"""A mail server, and settings that use it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.mail.delivery import PostOffice
from consult.settings import Settings
from tests.mail.server import MailServer

CERTIFICATE = Path(__file__).with_name("server.pem")
TOWN = {"mk": "Град Скопје", "ka": "ქალაქი სკოპიე", "en": "City of Skopje"}


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def post(mail_server: MailServer, tmp_path: Path) -> PostOffice:
    settings = Settings(
        base_url="https://consult.example.org",
        data=tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
        mail_from="consult@skopje.example",
    )
    return PostOffice(settings, TOWN)


@pytest.fixture
def certificate() -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody trusts, with its key: they protect nothing but these tests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the certificate, as an operator would."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
