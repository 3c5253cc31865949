"""What a message is, which addresses can get one, and how it looks on the wire."""

from __future__ import annotations

import datetime as dt
import email.policy
import re
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from consult.errors import N_, Invalid, Problem, Refused

LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Wire(email.policy.EmailPolicy):
    """Mail for any server: plain ASCII, lines of 76.

    Subject and names are folded by the older Header class: the policy's own way (seen in Python 3.11) loses a space
    where a line breaks inside words that are not ASCII.
    """

    def fold(self, name: str, value: Any) -> str:
        if name.lower() == "subject":
            return f"{name}: {_encoded(str(value), len(name) + 2)}\r\n"
        if name.lower() == "list-unsubscribe":  # an address is never folded or encoded
            return f"{name}: {value}\r\n"
        if name.lower() in {"from", "to"}:
            (one,) = value.addresses
            words = _encoded(one.display_name, len(name) + 2) if one.display_name else ""
            return f"{name}: {words}\r\n <{one.addr_spec}>\r\n" if words else f"{name}: {one.addr_spec}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = Wire(linesep="\r\n", cte_type="7bit", max_line_length=76)


class BadAddress(Invalid):
    message = N_("This is not an e-mail address.")


class BadSubject(Refused):
    message = N_("A subject is one line of at most 200 characters.")


@dataclass(frozen=True, slots=True)
class MailAttachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it waits to be sent; id stays the same through all attempts."""

    id: UUID
    recipient: str
    language: str
    subject: str
    body_text: str
    created_at: dt.datetime
    body_html: str | None = None
    attachments: tuple[MailAttachment, ...] = field(default=())
    unsubscribe: str | None = None


def email_address(written: str, place: str = "email") -> str:
    """Return an address in the form we keep: trimmed, the part after @ in small letters. Raises BadAddress.

    Names after @ may be in any script; before it, only what every mail server takes.
    """
    local, at, domain = written.strip().rpartition("@")
    try:
        host = domain.lower().encode("idna").decode()
    except UnicodeError:
        host = ""
    wrong_dots = local.startswith(".") or local.endswith(".") or ".." in local
    is_shown = domain.isprintable()  # letters that Unicode does not have are let through by the encoding
    if not at or wrong_dots or not is_shown or not LOCAL_PART.fullmatch(local) or not HOST.fullmatch(host):
        message = N_("Write an e-mail address like %(example)s.")
        raise BadAddress([Problem(place, message, {"example": "name@example.com"})])
    return f"{local}@{domain.lower()}"


def check_subject(subject: str) -> str:
    """Refuse what could become a header of its own. Raises BadSubject."""
    if CONTROL.search(subject) or not 0 < len(subject) <= 200:
        raise BadSubject
    return subject


def wire(message: Message, *, sender_name: str, sender: str, host: str) -> EmailMessage:
    """Build the mail. The same message always gets the same Message-ID and Date, so that a repeat is recognised."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(sender, sender_name)
    mail["To"] = _address(message.recipient)
    mail["Subject"] = check_subject(message.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe is not None:  # RFC 8058: the reader's own mail program may offer the way out
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.body_text)
    if message.body_html is not None:
        mail.add_alternative(message.body_html, subtype="html")
    for part in message.attachments:
        main, _, sub = part.content_type.partition(";")[0].partition("/")
        if main == "text":
            parameters = {"method": "PUBLISH"} if sub == "calendar" else {}
            text = part.content.decode()
            mail.add_attachment(text, subtype=sub, filename=part.name, params=parameters)
        else:
            mail.add_attachment(part.content, maintype=main, subtype=sub, filename=part.name)
    mail["Content-Language"] = message.language  # last: a part that is added takes all Content- headers with it
    return mail


def _address(written: str, name: str = "") -> Address:
    local, _, domain = written.rpartition("@")
    return Address(display_name=CONTROL.sub(" ", name), username=local, domain=domain.encode("idna").decode())


def _encoded(text: str, taken: int) -> str:
    """Write words as ASCII; `taken` characters of the first line are gone already."""
    plain = text.isascii() and text.replace(" ", "").isalnum()
    return Header(text, "us-ascii" if plain else "utf-8", maxlinelen=75, header_name="x" * (taken - 2)).encode(
        linesep="\r\n"
    )
