"""The response id that is issued with every form, signed, so that nobody can choose one.

43 letters: 16 random bytes (a UUID of version 4), the second of issue, 12 bytes of signature over both and over what
the form belongs to. The id makes sending idempotent; the second tells how long somebody took, and is stored nowhere.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

LENGTH = 43
LONGEST_S = 14 * 24 * 3600


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Issued:
    id: UUID
    second: int


class Signer:
    """Issues and checks ids for one published version; a test has ids of its own."""

    def __init__(self, key: bytes, survey: UUID, version: int, *, is_test: bool) -> None:
        self.base = blake2b(key=key[:64], digest_size=12, person=b"response-id")
        self.base.update(survey.bytes + version.to_bytes(4, "big") + (b"test" if is_test else b"real"))

    def _signature(self, content: bytes) -> bytes:
        mac = self.base.copy()
        mac.update(content)
        return mac.digest()

    def issue(self, second: int) -> bytes:
        raw = bytearray(os.urandom(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        content = bytes(raw) + second.to_bytes(4, "big")
        return urlsafe_b64encode(content + self._signature(content))[:LENGTH]

    def read(self, token: str, second: int) -> Issued | None:
        """None for what was never issued here, was altered, or is older than two weeks."""
        if len(token) != LENGTH or not token.isascii():
            return None
        try:
            raw = urlsafe_b64decode(token + "=")
        except ValueError:
            return None
        content, signature = raw[:20], raw[20:]
        issued = int.from_bytes(content[16:], "big")
        if not compare_digest(signature, self._signature(content)) or second - issued > LONGEST_S:
            return None
        return Issued(UUID(bytes=content[:16]), issued)


def second_of(moment: datetime) -> int:
    return int(moment.timestamp())
