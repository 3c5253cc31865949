"""What an address or a field of a form carries and nobody else can write: bytes, signed, in letters of an address.

Each purpose has a label of its own; deploy/keys.md lists them all. Nothing that is made here is stored anywhere: it
follows from the installation's secret.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seal:
    """Signs for one purpose, and knows its own signatures again; made by `keyed` or `labelled`."""

    size: int
    made: Callable[[bytes], bytes] = field(repr=False)

    def of(self, words: bytes) -> bytes:
        """The signature alone, of `size` bytes."""
        return self.made(words)[: self.size]

    def fits(self, words: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(signature, self.of(words))

    def write(self, words: bytes) -> str:
        """The words and their signature."""
        return letters(words + self.of(words))

    def read(self, written: str) -> bytes | None:
        """The words; None for what was not written with this seal."""
        raw = raw_of(written)
        if raw is None or len(raw) < self.size or not self.fits(raw[: -self.size], raw[-self.size :]):
            return None
        return raw[: -self.size]


def keyed(secret: bytes, label: bytes, size: int, about: bytes = b"") -> Seal:
    """Signs with keyed BLAKE2b under a label of 16 letters at most; `about` is what all its words belong to."""
    base = hashlib.blake2b(about, key=secret[:64], digest_size=size, person=label)

    def made(words: bytes) -> bytes:
        one = base.copy()
        one.update(words)
        return one.digest()

    return Seal(size, made)


def labelled(secret: bytes, label: bytes, size: int = 32) -> Seal:
    """Signs with HMAC-SHA-256; the label stands before the words and ends with a colon."""
    return Seal(size, lambda words: hmac.new(secret, label + words, hashlib.sha256).digest())


def letters(raw: bytes) -> str:
    """Letters, digits, - and _: four for three bytes."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw_of(written: str) -> bytes | None:
    """The bytes; None where the letters are none."""
    try:
        return urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except ValueError:
        return None
