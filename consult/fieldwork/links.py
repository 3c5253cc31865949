"""Addresses in letters: the one to answer at, and the way out of further letters. No I/O but reading the secret."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.surveys import invitations
from consult.surveys.survey import Survey
from consult.web import url

SIGNATURE = 12


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links; all of them follow from the installation's secret, so that no table holds one."""

    base_url: str
    secret: bytes = field(repr=False)

    @property
    def key(self) -> bytes:
        """The key of the invitations."""
        return invitations.key(self.secret)

    def token(self, survey: Survey, contact: UUID) -> str:
        return invitations.token_of(self.key, survey.id, contact)

    def answering(self, locale: Locale, survey: Survey, token: str) -> str:
        return self.base_url + url(locale, "surveys", survey.slug, "i", token)

    def short(self, survey: Survey) -> str:
        """What one types from paper: without https://."""
        return f"{self.base_url}/s/{survey.code}".partition("://")[2]

    def way_out(self, locale: Locale, contact: UUID) -> str:
        signed = contact.bytes + self._sign(contact.bytes)
        return self.base_url + url(locale, "opt-out", base64.urlsafe_b64encode(signed).decode().rstrip("="))

    def read_way_out(self, token: str) -> UUID:
        """Raises NotFound for what we did not write."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as fault:
            raise NotFound from fault
        if len(raw) != 16 + SIGNATURE or not hmac.compare_digest(raw[16:], self._sign(raw[:16])):
            raise NotFound
        return UUID(bytes=raw[:16])

    def address_hash(self, email: str) -> bytes:
        """How an address that wants no letters is remembered."""
        return blake2b(email.lower().encode(), key=self.secret[:64], digest_size=24, person=b"no-letters").digest()

    def _sign(self, words: bytes) -> bytes:
        return blake2b(words, key=self.secret[:64], digest_size=SIGNATURE, person=b"opt-out").digest()


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))
