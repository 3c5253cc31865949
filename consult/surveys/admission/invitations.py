"""Personal invitations: what a token looks like, how it is derived, and under which hash it is kept.

A token is derived from the installation's secret, the survey and the contact. So a reminder or a letter that is printed
again carries the same one, and nobody has to store it: the database holds hashes only, and they are keyed, because
twelve letters alone could be guessed from a stolen copy of the table.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b
from uuid import UUID

from consult.surveys.survey import LETTERS

LENGTH = 12
FORGIVEN = str.maketrans("OIL", "011", " -–—\u00a0\t_.")


def key(secret: bytes) -> bytes:
    """The key of all invitations of an installation, from its secret."""
    return blake2b(key=secret[:64], digest_size=32, person=b"invitations").digest()


def token_of(key: bytes, survey: UUID, contact: UUID) -> str:
    """The token of a contact; always the same one. 55 bits, and a letter that finds misread ones."""
    bits = blake2b(survey.bytes + contact.bytes, key=key, digest_size=8, person=b"token").digest()
    return _written(int.from_bytes(bits, "big") >> 9)


def random_token() -> str:
    """A token that belongs to nobody: for letters without names."""
    return _written(secrets.randbits(55))


def hashed(key: bytes, survey: UUID, token: str) -> bytes:
    """What is kept of a token: worth nothing without the key."""
    return blake2b(survey.bytes + token.encode(), key=key, digest_size=16, person=b"open-token").digest()


def read(written: str) -> str | None:
    """The token that somebody typed; small letters, O, I, L and dashes are forgiven. None for what cannot be one."""
    letters = written.upper().translate(FORGIVEN)
    if len(letters) != LENGTH or any(letter not in LETTERS for letter in letters):
        return None
    return letters if letters[-1] == _check_letter(letters[:-1]) else None


def spaced(token: str) -> str:
    """As it is printed: 7K3M-92QF-HDXA."""
    return "-".join(token[place : place + 4] for place in range(0, LENGTH, 4))


def _written(bits: int) -> str:
    letters = "".join(LETTERS[bits >> shift & 31] for shift in range(50, -1, -5))
    return letters + _check_letter(letters)


def _check_letter(letters: str) -> str:
    return LETTERS[blake2b(letters.encode(), digest_size=1, person=b"check").digest()[0] & 31]
