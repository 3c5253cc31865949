"""The address under which somebody sees and cancels a request; it follows from the installation's secret."""

import base64
import hashlib
import hmac
from uuid import UUID

from consult.forums.links import Links
from consult.i18n import Locale
from consult.web import url


def token(links: Links, request_id: UUID) -> str:
    signed = hmac.new(links.secret, b"slot-request:" + request_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def manage(links: Links, locale: Locale, request_id: UUID) -> str:
    return links.base_url + url(locale, "appointments", token(links, request_id))
