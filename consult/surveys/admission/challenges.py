"""What is asked for when unusually much arrives at once: a little work by the browser, or a little patience.

The work is ALTCHA's: the browser looks for a number whose PBKDF2 hash begins with a zero byte, about a second on a
cheap phone, and the server checks it with one hash. Without JavaScript the same page is a wait: its button is good
after some seconds. Both are bound to the response id that is going to be stored, so that a solution is worth one
answer.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

import altcha

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000
GOOD_FOR = timedelta(minutes=30)
WAIT_S = 15
LONGEST_PAYLOAD = 4_000


@dataclass(frozen=True, slots=True)
class Challenges:
    """Makes and checks challenges under the installation's secret."""

    secret: bytes

    def _key(self, purpose: bytes) -> bytes:
        return blake2b(key=self.secret[:64], digest_size=32, person=purpose).digest()

    def work(self, response: UUID, at: datetime) -> str:
        """A task for the browser, as JSON."""
        made = altcha.create_challenge(
            ALGORITHM,
            COST,
            data={"response": str(response), "until": int((at + GOOD_FOR).timestamp())},
            hmac_secret=self._key(b"altcha"),
        )
        return json.dumps(made.to_dict(), separators=(",", ":"))

    def is_solved(self, response: UUID, payload: str, at: datetime) -> bool:
        """Whether a payload is the solution of a task that was set for this response."""
        if not 0 < len(payload) <= LONGEST_PAYLOAD:
            return False
        try:
            found = altcha.Payload.from_dict(json.loads(b64decode(payload, validate=True)))
            parameters = found.challenge.parameters
            told = parameters.data or {}
            is_ours = (parameters.algorithm, parameters.cost, told["response"]) == (ALGORITHM, COST, str(response))
            if not is_ours or at.timestamp() > int(told["until"]):
                return False
            key = self._key(b"altcha")
            return bool(altcha.verify_solution(found, key).verified)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return False

    def wait(self, response: UUID, at: datetime) -> str:
        """A note of when somebody began to wait."""
        second = int(at.timestamp())
        return f"{second}.{self._mac(response, second)}"

    def seconds_left(self, response: UUID, note: str, at: datetime) -> int | None:
        """How long is still to be waited, 0 when it was enough; None for a note that is not ours or too old."""
        written, _, mac = note.partition(".")
        if not (written.isascii() and written.isdigit() and len(written) < 12 and mac.isascii()):
            return None
        waited = int(at.timestamp()) - int(written)
        if not compare_digest(mac, self._mac(response, int(written))) or not 0 <= waited <= GOOD_FOR.total_seconds():
            return None
        return max(0, WAIT_S - waited)

    def _mac(self, response: UUID, second: int) -> str:
        content = response.bytes + second.to_bytes(8, "big")
        return blake2b(content, key=self._key(b"wait"), digest_size=12).hexdigest()
