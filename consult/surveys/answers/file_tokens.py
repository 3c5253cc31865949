"""What stands in a form for a file that has been sent already: its id, kind, size and name, signed.

The signature keeps others from showing a respondent words of their own as the name of a file. That a file may be
attached is decided by the database, when the answers are stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from consult.signed import keyed, letters, raw_of

SIGNATURE = 12
FIXED = 16 + 4
LONGEST = 400
SHAPE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits for its answers."""

    id: UUID
    size: int
    name: str


def id_in(token: str) -> UUID | None:
    """The id alone; None for what has not the form of a token."""
    raw = _raw(token)
    return None if raw is None else UUID(bytes=raw[:16])


def _raw(token: str) -> bytes | None:
    if len(token) > LONGEST or not SHAPE.fullmatch(token):
        return None
    raw = raw_of(token)
    return raw if raw is not None and len(raw) >= FIXED + SIGNATURE else None


class FileSigner:
    """Signs and reads tokens of one survey's files."""

    def __init__(self, key: bytes, survey: UUID, *, is_test: bool) -> None:
        self.seal = keyed(key, b"survey-file", SIGNATURE, survey.bytes + (b"test" if is_test else b"real"))

    def issue(self, question: str, sent: Sent) -> str:
        content = sent.id.bytes + sent.size.to_bytes(4, "big") + sent.name.encode()
        return letters(content + self.seal.of(_of(question, content)))

    def read(self, question: str, token: str) -> Sent | None:
        """None for what was never issued for this question, or was altered."""
        raw = _raw(token)
        if raw is None:
            return None
        content, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
        if not self.seal.fits(_of(question, content), signature):
            return None
        return Sent(UUID(bytes=raw[:16]), int.from_bytes(raw[16:FIXED], "big"), content[FIXED:].decode())


def _of(question: str, content: bytes) -> bytes:
    """What is signed: a token is good for one question."""
    return question.encode() + b"\0" + content
