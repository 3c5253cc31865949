"""A browser, and the application on a real port, in the event loop of the tests (they share the database's pool)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright, expect

from consult.app import Application, build
from consult.settings import Settings
from tests import browsers
from tests.conftest import Clock, skopje
from tests.ports import free_port


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser; without one it is left out (tests.browsers has said so aloud)."""
    here = Path(__file__).parent
    mine = [item for item in items if here in item.path.parents]
    for item in mine:
        item.add_marker("browser")
    if browsers.find() is None:
        config.hook.pytest_deselected(items=mine)
        items[:] = [item for item in items if item not in mine]


@pytest.fixture(scope="session")
async def browser(anyio_backend: object) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        expect.set_options(timeout=60_000)  # a busy machine is not a fault of the page
        running = await playwright.chromium.launch(executable_path=str(browsers.find()), args=list(browsers.FLAGS))
        yield running
        await running.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return free_settings(tmp_path)


def free_settings(data: Path) -> Settings:
    """The settings of a site on a free port."""
    port = free_port()
    return Settings(port=port, base_url=f"http://127.0.0.1:{port}", data=data)


@pytest.fixture
async def site(db: None, settings: Settings, clock: Clock) -> AsyncIterator[str]:
    """The address of the running application, for Skopje; its tables are empty."""
    async for address in serve(build(replace(settings), skopje(), clock=clock), settings):
        yield address


async def serve(application: Application, settings: Settings) -> AsyncIterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(application.asgi, port=settings.port, log_config=None, access_log=False, lifespan="on")
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield settings.base_url
    server.should_exit = True
    await running
