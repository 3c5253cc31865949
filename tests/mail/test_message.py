from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from uuid import UUID

import pytest

from consult.mail.message import BadAddress, BadSubject, MailAttachment, Message, check_subject, email_address, wire

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LETTER = Message(
    id=UUID("11111111-1111-4111-8111-111111111111"),
    recipient="ana@example.org",
    language="mk",
    subject="Град Скопје: вашата пријава за средба со градоначалникот е примена",
    body_text="Почитувана Ана,\n\nвашата пријава е примена.\n",
    created_at=NOON,
)


def arrived(message: Message, **sender: str) -> EmailMessage:
    sent = wire(
        message, **{"sender_name": "Град Скопје", "sender": "c@skopje.example", "host": "consult.example", **sender}
    )
    read = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_headers_say_who_writes_in_which_language_and_that_it_is_automatic() -> None:
    mail = arrived(LETTER)
    assert mail["From"] == "Град Скопје <c@skopje.example>"
    assert mail["To"] == "ana@example.org"
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == "<11111111-1111-4111-8111-111111111111@consult.example>"
    assert mail["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "mk"
    assert mail.get_content().replace("\r\n", "\n") == LETTER.body_text


def sender_of(message: Message, name: str) -> str:
    """What a plain reader makes of From: Python 3.11's newer parser puts spaces into names encoded in parts."""
    sent = wire(message, sender_name=name, sender="c@skopje.example", host="consult.example")
    return str(make_header(decode_header(email.message_from_bytes(sent.as_bytes())["From"])))


@pytest.mark.parametrize(
    "subject",
    [
        "Град Скопје: изберете нова лозинка",
        "თელავის მუნიციპალიტეტი: თქვენი რეგისტრაცია მოქალაქეთა ფორუმზე დადასტურებულია",
        "Draft decision on street trees and green areas: the answer to your comment number 17 is published",
        "a = b? & “quotes”, commas; <angles>",
        "х" * 200,
        "а б " * 50,
    ],
)
def test_no_space_and_no_letter_of_a_subject_or_a_name_is_lost(subject: str) -> None:
    subject = subject.strip()
    for start in range(12):
        words = "м" * start + subject
        mail = arrived(replace(LETTER, subject=words[:200]))
        assert mail["Subject"] == words[:200]
        assert str(mail["Message-ID"]).endswith("@consult.example>")
        assert sender_of(replace(LETTER, subject="x"), words[:80].strip()) == f"{words[:80].strip()} <c@skopje.example>"
    raw = wire(replace(LETTER, subject=subject), sender_name=subject[:80], sender="c@skopje.example", host="x.example")
    assert all(len(line) <= 78 for line in raw.as_bytes().split(b"\r\n"))
    assert raw.as_bytes().isascii()


def test_the_same_message_is_the_same_mail() -> None:
    assert arrived(LETTER).as_bytes() == arrived(LETTER).as_bytes()


def test_html_and_a_calendar_travel_along() -> None:
    calendar = MailAttachment("meeting.ics", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR\r\nСредба\r\n".encode())
    picture = MailAttachment("code.png", "image/png", b"\x89PNG")
    mail = arrived(replace(LETTER, body_html="<p>Примена</p>", attachments=(calendar, picture)))
    assert mail["Content-Language"] == "mk"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Примена" in html.get_content()
    ics, png = mail.iter_attachments()
    assert (ics.get_content_type(), ics.get_filename(), ics.get_param("method")) == (
        "text/calendar",
        "meeting.ics",
        "PUBLISH",
    )
    assert "Средба" in ics.get_content()
    assert (png.get_content_type(), png.get_content()) == ("image/png", b"\x89PNG")


def test_names_after_the_at_sign_may_be_in_any_script() -> None:
    assert email_address(" Ana@Пример.мкд ") == "Ana@пример.мкд"
    assert arrived(replace(LETTER, recipient="ana@пример.мкд"))["To"] == "ana@xn--e1afmkfd.xn--d1alf"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@localhost",
        "ana@example.org\nBcc: all@example.org",
        "ana\r\n@example.org",
        "ana@exa mple.org",
        "a na@example.org",
        "ана@example.org",
        "ana@@example.org",
        ".ana@example.org",
        "a..na@example.org",
        "ana@-example.org",
        "ana@example..org",
        "ana@127.0.0.1",
        "<ana@example.org>",
        "ana@example.org, eva@example.org",
        "a" * 65 + "@example.org",
        "ana@" + "a" * 64 + ".org",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress) as refused:
        email_address(written, "contact")
    assert refused.value.problems[0].place == "contact"


@pytest.mark.parametrize("subject", ["", "a\nBcc: all@example.org", "a\r\n", "a\x00", "a\u2028b", "x" * 201])
def test_a_subject_cannot_become_a_header(subject: str) -> None:
    with pytest.raises(BadSubject):
        check_subject(subject)
    with pytest.raises(BadSubject):
        arrived(replace(LETTER, subject=subject))


def test_an_encoded_line_end_in_a_subject_makes_no_header() -> None:
    mail = wire(
        replace(LETTER, subject="=?utf-8?q?a=0D=0ABcc:_all@example.org?="),
        sender_name="City",
        sender="c@skopje.example",
        host="consult.example",
    )
    assert not any(line.lower().startswith(b"bcc") for line in mail.as_bytes().splitlines())


def test_a_sender_name_cannot_become_a_header() -> None:
    mail = arrived(LETTER, sender_name="City\r\nBcc: all@example.org")
    assert mail["Bcc"] is None
