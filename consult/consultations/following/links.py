"""The one address in every letter to a follower: to confirm, to see what it is for, to end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from consult.errors import NotFound
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.signed import Seal, keyed
from consult.web import url


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links; they follow from the installation's secret, so that no table holds one."""

    base_url: str
    secret: bytes = field(repr=False)

    def following(self, locale: Locale, follower: UUID) -> str:
        return self.base_url + url(locale, "following", self._seal.write(follower.bytes))

    def page(self, locale: Locale, *path: str) -> str:
        return self.base_url + url(locale, *path)

    def read(self, token: str) -> UUID:
        """Raises NotFound for what we did not write."""
        follower = self._seal.read(token)
        if follower is None:
            raise NotFound
        return UUID(bytes=follower)

    @property
    def _seal(self) -> Seal:
        return keyed(self.secret, b"following", 12)


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))
