"""Addresses in letters: the one to answer at, and the way out of further letters. No I/O but reading the secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.signed import Seal, keyed
from consult.surveys.admission import invitations
from consult.surveys.survey import Survey
from consult.web import url


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
        return self.base_url + url(locale, "opt-out", self._ways_out.write(contact.bytes))

    def read_way_out(self, token: str) -> UUID:
        """Raises NotFound for what we did not write."""
        contact = self._ways_out.read(token)
        if contact is None:
            raise NotFound
        return UUID(bytes=contact)

    def address_hash(self, email: str) -> bytes:
        """How an address that wants no letters is remembered."""
        return keyed(self.secret, b"no-letters", 24).of(email.lower().encode())

    @property
    def _ways_out(self) -> Seal:
        return keyed(self.secret, b"opt-out", 12)


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))
