"""What all tests share: one event loop, one database server."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import hypothesis
import msgspec
import pytest
from litestar import Litestar

from consult import storage
from consult.app import Application, build, routes
from consult.columns.folder import configure as column_store
from consult.profile import Profile, StaffRules, load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.storage.embedded import Embedded, Options
from consult.storage.migrate import migrate
from consult.surveys.admission import waiting_page
from tests.storage.emptying import empty


def pytest_configure(config: pytest.Config) -> None:
    """Every `async def test_...` runs on anyio's event loop without being marked."""
    config.option.anyio_mode = "auto"
    hypothesis.settings.load_profile("ci")  # no time limit for an example, and the same examples each time


DEAR = ("tests/browser/", "tests/cli/", "tests/test_", "tests/demo/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first: what is left for the end is then short, and no worker waits for another."""
    items.sort(key=lambda item: not item.nodeid.startswith(DEAR))


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One kind of event loop; with session scope also one loop for whatever lives as long as `database`."""
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """No survey looks how busy this machine is: the other tests would make people wait at its door."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting_page, "TICK_S", 3600.0)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Embedded]:
    """An empty PostgreSQL server, quick because it forgets when the machine stops."""
    folder = Path(tempfile.mkdtemp(prefix="consult-test-"))
    with embedded.start(folder, Options(durable=False)) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def database(anyio_backend: object, server: Embedded) -> AsyncIterator[Embedded]:
    """The server with the schema, connected."""
    await storage.connect(server.dsn, max_size=8)
    await migrate(server.dsn)
    yield server
    await storage.disconnect()


@pytest.fixture
async def db(anyio_backend: object, database: Embedded, tmp_path: Path) -> None:
    """A connected database with all tables and no rows: `async def test_x(db: None) -> None`."""
    column_store(tmp_path)
    await empty()


NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


class Clock:
    """The time that the application believes: `clock.now` may be set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(base_url="http://consult.test", data=tmp_path)


@pytest.fixture(scope="session")
def ways_in() -> Litestar:
    """All routes, made once: each test furnishes them anew."""
    return routes()


def skopje() -> Profile:
    """Skopje, but for translators, who sign in with a password alone: what comes after that has to be tried, too."""
    profile = load_profile(resource("profiles", "skopje.toml"))
    roles = tuple(role for role in profile.staff.second_factor if role != "translator")
    return msgspec.structs.replace(profile, staff=StaffRules(second_factor=roles))


@pytest.fixture
def application(db: None, settings: Settings, clock: Clock, ways_in: Litestar) -> Application:
    """The whole web application for Skopje on the test database."""
    return build(settings, skopje(), clock=clock, bare=ways_in)


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: it asks the guarded application itself, in the tests' own event loop."""
    transport = httpx.ASGITransport(app=application.asgi, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        yield browser
