"""What all tests share: one event loop, one database server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from consult import storage
from consult.storage import embedded
from consult.storage.embedded import Embedded, Options
from consult.storage.migrate import migrate
from tests.storage.emptying import empty


def pytest_configure(config: pytest.Config) -> None:
    """Every `async def test_...` runs on anyio's event loop without being marked."""
    config.option.anyio_mode = "auto"


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One kind of event loop; with session scope also one loop for whatever lives as long as `database`."""
    return ("asyncio", {"use_uvloop": True})


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
async def db(anyio_backend: object, database: Embedded) -> None:
    """A connected database with all tables and no rows: `async def test_x(db: None) -> None`."""
    await empty()
