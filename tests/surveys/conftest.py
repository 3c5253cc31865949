"""A published survey, ready to be answered."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from consult.surveys import definition as d
from consult.surveys import operations
from consult.surveys.reading import load
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
