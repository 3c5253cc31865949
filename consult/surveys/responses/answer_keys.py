"""The secret part of the address under which a respondent finds the own answers again.

It is derived from the response id by a key of the server, so it is stored nowhere and cannot be guessed; who has it may
read the answers and, where the survey says so, change them until it closes. It says nothing about who answered.
"""

from __future__ import annotations

from uuid import UUID

from consult.signed import keyed

LENGTH = 43


class AnswerKeys:
    """The keys of one survey's responses."""

    def __init__(self, key: bytes, survey: UUID) -> None:
        self.seal = keyed(key, b"answers", 16, survey.bytes)

    def key_of(self, response_id: UUID) -> bytes:
        return self.seal.write(response_id.bytes).encode()

    def read(self, key: str) -> UUID | None:
        """The response; None for what was never given out."""
        response_id = self.seal.read(key) if len(key) == LENGTH else None
        return None if response_id is None else UUID(bytes=response_id)
