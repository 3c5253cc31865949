"""The secret part of the address under which a respondent finds the own answers again.

It is derived from the response id by a key of the server, so it is stored nowhere and cannot be guessed; who has it may
read the answers and, where the survey says so, change them until it closes. It says nothing about who answered.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

LENGTH = 43


class AnswerKeys:
    """The keys of one survey's responses."""

    def __init__(self, key: bytes, survey: UUID) -> None:
        self.base = blake2b(key=key[:64], digest_size=16, person=b"answers")
        self.base.update(survey.bytes)

    def _signature(self, response_id: bytes) -> bytes:
        mac = self.base.copy()
        mac.update(response_id)
        return mac.digest()

    def key_of(self, response_id: UUID) -> bytes:
        return urlsafe_b64encode(response_id.bytes + self._signature(response_id.bytes))[:LENGTH]

    def read(self, key: str) -> UUID | None:
        """The response; None for what was never given out."""
        if len(key) != LENGTH or not key.isascii():
            return None
        try:
            raw = urlsafe_b64decode(key + "=")
        except ValueError:
            return None
        return UUID(bytes=raw[:16]) if compare_digest(raw[16:], self._signature(raw[:16])) else None
