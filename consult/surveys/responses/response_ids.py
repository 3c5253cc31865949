"""The response id that is issued with every form, signed, so that nobody can choose one.

43 letters: 16 random bytes (a UUID of version 4), the second of issue, 12 bytes of signature over both and over what
the form belongs to. The id makes sending idempotent; the second tells how long somebody took, and is stored nowhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.signed import keyed

LENGTH = 43
LONGEST_S = 14 * 24 * 3600


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Issued:
    id: UUID
    second: int


class Signer:
    """Issues and checks ids for one published version; a test has ids of its own."""

    def __init__(self, key: bytes, survey: UUID, version: int, *, is_test: bool) -> None:
        about = survey.bytes + version.to_bytes(4, "big") + (b"test" if is_test else b"real")
        self.seal = keyed(key, b"response-id", 12, about)

    def issue(self, second: int) -> bytes:
        raw = bytearray(os.urandom(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        return self.seal.write(bytes(raw) + second.to_bytes(4, "big")).encode()

    def read(self, token: str, second: int) -> Issued | None:
        """None for what was never issued here, was altered, or is older than two weeks."""
        content = self.seal.read(token) if len(token) == LENGTH else None
        if content is None:
            return None
        issued = int.from_bytes(content[16:], "big")
        return Issued(UUID(bytes=content[:16]), issued) if second - issued <= LONGEST_S else None


def second_of(moment: datetime) -> int:
    return int(moment.timestamp())
