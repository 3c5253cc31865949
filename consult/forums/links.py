"""Addresses that only one resident knows, and the receipt that a slip page shows. No I/O but reading the secret."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from consult.errors import NotFound
from consult.forums.forum import Forum
from consult.forums.registration import Placed, State
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.signed import Seal, labelled, letters, raw_of
from consult.web import url


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links. A party's link follows from the installation's secret, so that every mail can hold the same one."""

    base_url: str
    secret: bytes = field(repr=False)

    def token(self, party: UUID) -> str:
        return letters(labelled(self.secret, b"forum-party:").of(party.bytes))

    def manage(self, locale: Locale, party: UUID) -> str:
        return self.base_url + url(locale, "registrations", self.token(party))

    def forum(self, locale: Locale, forum: Forum) -> str:
        return self.base_url + url(locale, "forums", forum.slug)

    def receipt(self, placed: Iterable[Placed]) -> str:
        """What the slip page says, in its address: nobody can write one, and it names nobody."""
        words = ",".join(f"{one.session.hex}.{one.state}.{one.position or 0}" for one in placed).encode()
        return f"{letters(words)}.{letters(self._receipts.of(words))}"

    def read_receipt(self, receipt: str) -> list[Placed]:
        """Raises NotFound for anything that we did not write."""
        written, _, signature = receipt.partition(".")
        words, given = raw_of(written), raw_of(signature)
        if words is None or given is None or not self._receipts.fits(words, given):
            raise NotFound
        parts = [part.split(".") for part in words.decode().split(",")]
        return [Placed(UUID(session), State(state), int(number) or None) for session, state, number in parts]

    @property
    def _receipts(self) -> Seal:
        return labelled(self.secret, b"forum-receipt:", 16)


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))


def token_hash(token: str) -> bytes:
    """What the database keeps of a link; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
