"""Languages, so that letters and accounts have one to speak; an installation with a sign-in service."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import pytest
from litestar import Litestar

from consult import i18n
from consult.app import Application, build
from consult.profile import load_profile
from consult.settings import Settings, resource
from tests.conftest import Clock, skopje
from tests.people.service import CLIENT, SECRET, Provider, running


@pytest.fixture(autouse=True)
def spoken() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture
def served(db: None, provider: Provider, settings: Settings, clock: Clock, ways_in: Litestar) -> Application:
    """An installation with a sign-in service; the service's clock is the machine's."""
    clock.now = dt.datetime.now(dt.UTC)
    settings = replace(settings, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    return build(settings, skopje(), clock=clock, bare=ways_in)


@pytest.fixture
async def browser(served: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=served.asgi, raise_app_exceptions=False)
    headers = {"accept-language": "en", "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test", headers=headers) as client:
        yield client
