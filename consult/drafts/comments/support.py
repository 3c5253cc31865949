"""Support for a comment: who counts once, and the link in the letter that confirms an address. No I/O.

Nobody's address and no cookie is kept, only keyed hashes made for one comment. The letter's link carries all that is
needed, signed, so that an address that is never confirmed leaves nothing behind.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from consult.signed import Seal, labelled

VALID = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a letter's link says: this address supports this comment, asked for by this browser, until that day."""

    comment: UUID
    email: bytes
    browser: bytes
    until: date

    def is_valid(self, at: datetime) -> bool:
        return at.astimezone(UTC).date() <= self.until


def email_mark(secret: bytes, comment: UUID, address: str) -> bytes:
    """32 bytes that stand for this address and this comment alone."""
    return labelled(secret, b"support-email:").of(comment.bytes + address.lower().encode())


def ticket(secret: bytes, *, comment: UUID, address: str, browser: bytes, at: datetime) -> str:
    """The last part of the link."""
    until = (at.astimezone(UTC) + VALID).date()
    said = comment.bytes + email_mark(secret, comment, address) + browser + until.toordinal().to_bytes(4, "big")
    return _tickets(secret).write(said)


def read_ticket(secret: bytes, written: str) -> Ticket | None:
    """None for what was not made by `ticket`."""
    said = _tickets(secret).read(written)
    if said is None:
        return None
    return Ticket(UUID(bytes=said[:16]), said[16:48], said[48:80], date.fromordinal(int.from_bytes(said[80:], "big")))


def _tickets(secret: bytes) -> Seal:
    return labelled(secret, b"support-ticket:", 16)
