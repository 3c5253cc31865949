"""One browser, one support: a random cookie that a browser gets when it first supports something, never by looking.

What a domain keeps is not the cookie but `mark`: a keyed hash of the cookie and of the thing. The same browser has the
same mark for the same thing, so a unique index lets it count once; marks for two things cannot be linked.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from litestar import Response

from consult.signed import labelled
from consult.web.pages import AnyRequest, shell

COOKIE = "supporter"
LASTS_S = 365 * 24 * 3600
TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Supporter:
    """A browser that supports something."""

    token: str = field(repr=False)
    is_new: bool = False

    def mark(self, secret: bytes, thing: UUID) -> bytes:
        """32 bytes that stand for this browser and this thing."""
        return labelled(secret, b"supporter:").of(thing.bytes + self.token.encode())


def cookie_name(request: AnyRequest) -> str:
    """Over HTTPS a name that browsers let no other host and no unencrypted page set."""
    return f"__Host-{COOKIE}" if shell(request).settings.base_url.startswith("https://") else COOKIE


def known(request: AnyRequest) -> Supporter | None:
    """The browser, if it has supported something before: for pages that only show."""
    token = request.cookies.get(cookie_name(request)) or request.cookies.get(COOKIE, "")  # given before the prefix
    return Supporter(token) if TOKEN.fullmatch(token) else None


def supporter(request: AnyRequest) -> Supporter:
    """The browser that acts. Its answer must be handed to `remember`."""
    return known(request) or Supporter(secrets.token_urlsafe(32), is_new=True)


def remember(answer: Response[Any], request: AnyRequest, acted: Supporter) -> None:
    """Put the cookie on the answer to an act, where the browser has none yet."""
    if acted.is_new:
        name = cookie_name(request)
        answer.set_cookie(
            name, acted.token, path="/", max_age=LASTS_S, secure=name != COOKIE, httponly=True, samesite="lax"
        )
