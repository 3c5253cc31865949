"""The second factor: codes from an app (TOTP, RFC 6238), and recovery codes for when the phone is gone. No database.

The app and we share a secret. It is kept encrypted with a key that follows from DATA/secret, so that a copy of the
database alone makes no codes. A code is taken once: the newest 30 seconds whose code was used are kept, and neither
they nor earlier ones count again.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

import anyio
import pyotp
import segno
from argon2.low_level import Type, hash_secret_raw

from consult.errors import N_, Refused

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""How many steps the clock of a phone may be off, either way."""
RECOVERY_CODES = 10
RECOVERY_DIGITS = 16
NONCE = 12
SALT = 16

_at_once = anyio.CapacityLimiter(2)


class SecretChanged(Refused):
    message = N_(
        "The second factor of this account cannot be checked any more, because the key of this installation was "
        "replaced. Ask an administrator to reset it."
    )


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts with the key of this installation (AES-256-GCM), each thing for one account or purpose alone."""

    secret: bytes = field(repr=False)

    def seal(self, shared: str, person_id: UUID) -> bytes:
        return self.seal_bytes(shared.encode(), person_id.bytes)

    def open(self, sealed: bytes, person_id: UUID) -> str:
        """Raises SecretChanged for what was sealed elsewhere, for somebody else, or altered."""
        return self.open_bytes(sealed, person_id.bytes).decode()

    def seal_bytes(self, content: bytes, purpose: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # megabytes that few processes ever need

        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, purpose)

    def open_bytes(self, sealed: bytes, purpose: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(sealed) <= NONCE:
            raise SecretChanged
        try:
            return AESGCM(self._key).decrypt(sealed[:NONCE], sealed[NONCE:], purpose)
        except InvalidTag as fault:
            raise SecretChanged from fault

    @property
    def _key(self) -> bytes:
        return hmac.new(self.secret, b"second-factor", sha256).digest()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds of somebody's second factor."""

    sealed: bytes = field(repr=False)
    since: dt.datetime
    last_step: int
    recovery_salt: bytes = field(repr=False)
    recovery_hashes: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Fresh recovery codes; they are shown once, and only salt and hashes are kept."""

    codes: tuple[str, ...] = field(repr=False)
    salt: bytes
    hashes: tuple[bytes, ...]


def new_shared() -> str:
    """160 bits in the letters of base 32, as apps want them."""
    return pyotp.random_base32()


def step_of(at: dt.datetime) -> int:
    return int(at.timestamp()) // STEP_S


def matching_step(shared: str, code: str, at: dt.datetime, after: int = -1) -> int | None:
    """The step whose code this is, not before or at `after`; None if it is none of those that count now.

    Every step is compared, whichever fits: the time that it takes says nothing.
    """
    codes = pyotp.HOTP(shared, digits=DIGITS)
    now = step_of(at)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(codes.at(step), code) and step > after:
            found = step
    return found


def digits_of(typed: str) -> str:
    """What was typed without the spaces and hyphens that codes are shown with; anything else makes it no code."""
    plain = "".join(typed.split()).replace("-", "")
    return plain if plain.isascii() and plain.isdigit() else ""


def is_app_code(typed: str) -> bool:
    return len(digits_of(typed)) == DIGITS


def is_recovery_code(typed: str) -> bool:
    return len(digits_of(typed)) == RECOVERY_DIGITS


def address_of(shared: str, *, email: str, town: str) -> str:
    """The address that stands in the square: apps read from it whose code it is and how it is made."""
    return pyotp.TOTP(shared, digits=DIGITS, interval=STEP_S).provisioning_uri(
        name=email, issuer_name=town.replace(":", " ")
    )


def square_of(address: str) -> str:
    """The address as a QR code in SVG, dark on white whatever the page is, as an address for <img>."""
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_data_uri(scale=5, border=4, dark="#000", light="#fff", encode_minimal=False))


def grouped(letters: str, size: int = 4) -> str:
    """In groups that can be read aloud and typed."""
    return " ".join(letters[start : start + size] for start in range(0, len(letters), size))


async def new_recovery() -> Recovery:
    codes = tuple("".join(secrets.choice("0123456789") for _ in range(RECOVERY_DIGITS)) for _ in range(RECOVERY_CODES))
    salt = secrets.token_bytes(SALT)
    hashes = await anyio.to_thread.run_sync(
        lambda: tuple(recovery_hash(code, salt) for code in codes), limiter=_at_once
    )
    return Recovery(codes, salt, hashes)


async def matching_recovery(kept: Kept, code: str) -> bytes | None:
    """The kept hash that a typed recovery code fits."""
    made = await anyio.to_thread.run_sync(recovery_hash, code, kept.recovery_salt, limiter=_at_once)
    found = None
    for one in kept.recovery_hashes:
        if hmac.compare_digest(one, made):
            found = one
    return found


def recovery_hash(code: str, salt: bytes) -> bytes:
    """Argon2id with 19 MiB and two passes: 53 random bits behind it, and ten of them are made at once."""
    return hash_secret_raw(
        code.encode(), salt, time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )


def as_field(sealed: bytes) -> str:
    """Sealed bytes as the value of a hidden field."""
    return base64.urlsafe_b64encode(sealed).decode()


def from_field(written: str) -> bytes:
    """Raises SecretChanged."""
    try:
        return base64.b64decode(written.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise SecretChanged from fault
