"""A published survey, ready to be answered."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import anyio
import httpx
import pytest

from consult import storage
from consult.surveys import operations
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.conftest import NOON
from tests.surveys.makers import EVERYTHING


async def publish(definition: d.Definition | None = None, *, is_open: bool = True) -> UUID:
    """The id of a published survey, open from an hour ago to a week ahead."""
    definition = definition or load(EVERYTHING.read_bytes())
    survey_id = await operations.import_working_copy(definition=definition, at=NOON)
    await operations.publish(survey_id=survey_id, at=NOON)
    if is_open:
        await operations.schedule(
            survey_id=survey_id,
            opens_at=NOON - timedelta(hours=1),
            closes_at=NOON + timedelta(days=7),
            languages=definition.languages,
            at=NOON,
        )
    return survey_id


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the survey form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden"(?: form="survey")? name="([^"]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(html.unescape(value))
    return found


HOUSEKEEPERS = "select from pg_stat_activity where backend_type in ('autovacuum launcher', 'autovacuum worker')"


@pytest.fixture
async def in_order(db: None) -> AsyncIterator[None]:
    """Rows lie on disk in the order in which they come, and what is vacuumed is gone at once.

    Neither holds otherwise: tests empty tables by DELETE, so that a vacuum makes places in the midst of the file free
    again for the rows of the next test, and an autovacuum that looks at some table keeps rows deleted meanwhile in all.
    """
    await storage.execute("alter system set autovacuum = off")
    await storage.execute("select pg_reload_conf()")
    with anyio.fail_after(60):
        while await storage.fetch(HOUSEKEEPERS):  # noqa: ASYNC110 - it asks the database
            await anyio.sleep(0.005)
    async with storage.connection() as raw:
        await raw.execute("begin; set local session_replication_role = replica;"
                          " truncate response, response_pending, open_token cascade; commit")  # fmt: skip
    yield
    await storage.execute("alter system reset autovacuum")
    await storage.execute("select pg_reload_conf()")


class Resident:
    """Fills in a survey without JavaScript."""

    def __init__(self, client: httpx.AsyncClient, slug: str = "sample", language: str = "mk") -> None:
        self.client, self.path = client, f"/{language}/surveys/{slug}"
        self.fields: dict[str, Any] = {}

    async def open(self) -> httpx.Response:
        answer = await self.client.get(self.path)
        self.fields = hidden(answer.text)
        return answer

    async def send(self, values: Mapping[str, Any] | None = None, *, go: str = "next", **more: Any) -> httpx.Response:
        answer = await self.client.post(self.path, data={**self.fields, **(values or {}), "_go": go, **more})
        if 'id="survey"' in answer.text:
            self.fields = hidden(answer.text)
        return answer


@pytest.fixture
def resident(client: httpx.AsyncClient) -> Resident:
    return Resident(client)
