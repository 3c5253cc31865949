"""The one address in every letter to a follower: to confirm, to see what it is for, to end it."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.web import url

SIGNATURE = 12


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links; they follow from the installation's secret, so that no table holds one."""

    base_url: str
    secret: bytes = field(repr=False)

    def following(self, locale: Locale, follower: UUID) -> str:
        signed = follower.bytes + self._sign(follower.bytes)
        return self.base_url + url(locale, "following", base64.urlsafe_b64encode(signed).decode().rstrip("="))

    def page(self, locale: Locale, *path: str) -> str:
        return self.base_url + url(locale, *path)

    def read(self, token: str) -> UUID:
        """Raises NotFound for what we did not write."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as fault:
            raise NotFound from fault
        if len(raw) != 16 + SIGNATURE or not hmac.compare_digest(raw[16:], self._sign(raw[:16])):
            raise NotFound
        return UUID(bytes=raw[:16])

    def _sign(self, words: bytes) -> bytes:
        return blake2b(words, key=self.secret[:64], digest_size=SIGNATURE, person=b"following").digest()


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))
