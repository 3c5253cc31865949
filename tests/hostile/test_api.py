"""The JSON API, asked whatever schemathesis can think of: every answer is one that its description has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.hostile import proving
from tests.portal.makers import a_town
from tests.portal.test_api import SLUGS

TRICKS = ("%00", "..%2f..%2fetc", "%F0%9F%91%8D", "' OR 1=1 --", "<zqtag>", "%ED%A0%80", "a" * 900, "\u202ezq")
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
HOST = "http://consult.test"


async def description(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/api/openapi.json")).json()
    return found


def cases_of(operation: Operation, most: int, modes: Sequence[GenerationMode]) -> list[Case[Any]]:
    """Questions that keep to the description, or do not; the same in every run."""
    made: list[Case[Any]] = []
    for mode in modes:

        @settings(
            max_examples=most,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: Case[Any]) -> None:
            made.append(case)

        with suppress(Unsatisfiable):  # where anything keeps to the description, nothing can be against it
            collect()
    return made


async def asked(client: httpx.AsyncClient, most: int, *modes: GenerationMode) -> list[str]:
    """What is wrong with the answers."""
    schema = schemathesis.openapi.from_dict(await description(client))
    faults: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        for case in cases_of(operation, most, modes):
            sent = case.as_transport_kwargs(base_url=HOST)
            answer = await client.request(
                sent["method"], sent["url"], params=sent.get("params"), headers=dict(sent["headers"])
            )
            faults += judged(f"{operation.label} {answer.request.url}", answer, operation)
    return faults


def judged(what: str, answer: httpx.Response, operation: Operation) -> list[str]:
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    found += proving.headers(list(answer.headers.multi_items()), "consult.test")
    if answer.content and not answer.is_redirect:
        found += proving.answer(answer.headers.get("content-type", ""), answer.content)
    if not found and answer.status_code == 200 and "json" in answer.headers["content-type"]:
        operation.validate_response(schemathesis.Response.from_any(answer))
    return [f"{what}: {fault}" for fault in found]


async def test_no_question_makes_the_api_fail(client: httpx.AsyncClient) -> None:
    await a_town()
    assert await asked(client, 1, GenerationMode.POSITIVE) == []


async def test_tricks_in_addresses_of_the_api_are_answered_with_a_problem(client: httpx.AsyncClient) -> None:
    await a_town()
    for path in (await description(client))["paths"]:
        for trick in TRICKS:
            address = path
            for name in ("slug", "name", "number", "key", "language", "to"):
                address = address.replace(f"{{{name}}}", trick)
            answer = await client.get(f"{address}?lang={trick}&page={trick}&from={trick}&{trick}={trick}")
            assert answer.status_code < 500, (answer.request.url, answer.text)
            assert "<zqtag" not in answer.text or "json" in answer.headers["content-type"]


@pytest.mark.slow
async def test_many_questions_do_not_make_the_api_fail(client: httpx.AsyncClient) -> None:
    await a_town()
    assert set(SLUGS)
    assert await asked(client, 40, GenerationMode.POSITIVE, GenerationMode.NEGATIVE) == []
