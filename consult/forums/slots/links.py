"""The address under which somebody sees and cancels a request; it follows from the installation's secret."""

from uuid import UUID

from consult.forums.links import Links
from consult.i18n import Locale
from consult.signed import labelled, letters
from consult.web import url


def token(links: Links, request_id: UUID) -> str:
    return letters(labelled(links.secret, b"slot-request:").of(request_id.bytes))


def manage(links: Links, locale: Locale, request_id: UUID) -> str:
    return links.base_url + url(locale, "appointments", token(links, request_id))
