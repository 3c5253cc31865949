"""Addresses that only one resident knows, and the receipt that a slip page shows. No I/O but reading the secret."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from consult.errors import NotFound
from consult.forums.forum import Forum
from consult.forums.registration import Placed, State
from consult.i18n import Locale
from consult.settings import Settings, secret_key
from consult.web import url


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links. A party's link follows from the installation's secret, so that every mail can hold the same one."""

    base_url: str
    secret: bytes = field(repr=False)

    def token(self, party: UUID) -> str:
        return _letters(self._sign(b"forum-party:" + party.bytes))

    def manage(self, locale: Locale, party: UUID) -> str:
        return self.base_url + url(locale, "registrations", self.token(party))

    def forum(self, locale: Locale, forum: Forum) -> str:
        return self.base_url + url(locale, "forums", forum.slug)

    def receipt(self, placed: Iterable[Placed]) -> str:
        """What the slip page says, in its address: nobody can write one, and it names nobody."""
        words = ",".join(f"{one.session.hex}.{one.state}.{one.position or 0}" for one in placed).encode()
        return f"{_letters(words)}.{_letters(self._sign(b'forum-receipt:' + words)[:16])}"

    def read_receipt(self, receipt: str) -> list[Placed]:
        """Raises NotFound for anything that we did not write."""
        written, _, signature = receipt.partition(".")
        try:
            words = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
            given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        except ValueError as fault:
            raise NotFound from fault
        if not hmac.compare_digest(given, self._sign(b"forum-receipt:" + words)[:16]):
            raise NotFound
        parts = [part.split(".") for part in words.decode().split(",")]
        return [Placed(UUID(session), State(state), int(number) or None) for session, state, number in parts]

    def _sign(self, words: bytes) -> bytes:
        return hmac.new(self.secret, words, hashlib.sha256).digest()


def links_of(settings: Settings) -> Links:
    return Links(settings.base_url, secret_key(settings))


def token_hash(token: str) -> bytes:
    """What the database keeps of a link; a fast hash is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
