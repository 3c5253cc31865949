"""What handlers may ask for by name: locale, now, profile, settings, page_number."""

from __future__ import annotations

from datetime import datetime

from litestar.di import Provide

from consult.i18n import Locale, locale
from consult.profile import Profile
from consult.settings import Settings
from consult.web.failures import language_of
from consult.web.forms import read_query
from consult.web.pages import AnyRequest, shell


async def provide_locale(request: AnyRequest) -> Locale:
    code = request.path_params.get("language")
    return locale(code) if code is not None else language_of(request)


async def provide_now(request: AnyRequest) -> datetime:
    return shell(request).clock()


async def provide_profile(request: AnyRequest) -> Profile:
    return shell(request).profile


async def provide_settings(request: AnyRequest) -> Settings:
    return shell(request).settings


async def provide_page_number(request: AnyRequest) -> int:
    """The `page` of the address, which is 1 for whatever is no such number."""
    return read_query(request).page_number()


dependencies = {
    "locale": Provide(provide_locale),
    "now": Provide(provide_now),
    "page_number": Provide(provide_page_number),
    "profile": Provide(provide_profile),
    "settings": Provide(provide_settings),
}
