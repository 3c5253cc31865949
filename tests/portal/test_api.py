"""The JSON API as a whole: its description lists every way in, and every way answers as described."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import httpx
import pytest
from litestar.routes import HTTPRoute

from consult.app import Application
from consult.drafts.operations import publish_version
from tests.conftest import NOON
from tests.drafts.makers import a_comment
from tests.portal.makers import a_town

SLUGS = {"consultations": "trees", "drafts": "tree-rows", "forums": "citizens-forum", "surveys": "trees"}


async def description(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def filled(path: str) -> str:
    path = path.replace("{name}", "q")
    return re.sub(r"\{[^}]+\}", lambda _: SLUGS[path.split("/")[3]], path)


def faults(value: Any, schema: dict[str, Any], whole: dict[str, Any], place: str = "") -> list[str]:
    """Where a value differs from its schema: types, required and unknown fields."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return faults(value, whole["components"]["schemas"][name], whole, place)
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        tried = [faults(value, choice, whole, place) for choice in choices]
        return [] if [] in tried else min(tried, key=len)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_a(value, kind) for kind in kinds):
        return [f"{place}: {value!r} is no {kinds}"]
    found: list[str] = []
    if isinstance(value, list) and "items" in schema:
        for at, each in enumerate(value):
            found += faults(each, schema["items"], whole, f"{place}[{at}]")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        rest = schema.get("additionalProperties")
        for name, each in value.items():
            if name in properties:
                found += faults(each, properties[name], whole, f"{place}.{name}")
            elif isinstance(rest, dict):
                found += faults(each, rest, whole, f"{place}.{name}")
            elif properties:
                found.append(f"{place}.{name} is not described")
    return found


def is_a(value: object, kind: str) -> bool:
    known: dict[str, type | tuple[type, ...]] = {
        "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float),
        "integer": int,
    }  # fmt: skip
    return isinstance(value, known[kind]) and (kind == "boolean" or not isinstance(value, bool))


async def test_the_description_lists_every_way_in_and_only_reading(
    application: Application, client: httpx.AsyncClient
) -> None:
    routes = {
        re.sub(r":\w+\}", "}", route.path)
        for route in application.litestar.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/v1/")
    }
    described = (await description(client))["paths"]
    assert set(described) == routes
    assert {method for ways in described.values() for method in ways} == {"get"}
    kinds = {path.split("/")[3] for path in described}
    assert kinds == {"consultations", "drafts", "forums", "surveys", "results"}


async def test_the_description_holds_together(client: httpx.AsyncClient) -> None:
    whole = await description(client)
    assert whole["openapi"].startswith("3.1")
    assert whole["info"]["title"] and whole["info"]["version"]
    named = set(re.findall(r"#/components/schemas/([\w.]+)", str(whole["paths"]) + str(whole["components"])))
    assert named <= set(whole["components"]["schemas"])
    operations = [way for ways in whole["paths"].values() for way in ways.values()]
    assert len({way["operationId"] for way in operations}) == len(operations)
    for path, ways in whole["paths"].items():
        way = ways["get"]
        assert way.get("summary") or way.get("description"), path
        assert way["tags"], path
        assert "application/json" in way["responses"]["200"]["content"], path
        assert {p["name"] for p in way.get("parameters", []) if p["in"] == "path"} == set(re.findall(r"\{(\w+)", path))


async def test_each_way_answers_as_described(client: httpx.AsyncClient) -> None:
    town = await a_town()
    await a_comment(town.draft, article=town.articles[0].id, published=True)
    await publish_version(town.draft.id, reason={"mk": "Ништо не е изменето."}, actor=None, at=NOON)
    whole = await description(client)
    for path, ways in whole["paths"].items():
        answer = await client.get(filled(path))
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "application/json"
        schema = ways["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert faults(answer.json(), schema, whole, path) == []
        assert answer.json(), path
        assert "@example" not in answer.text


async def test_unknown_things_are_problem_documents(client: httpx.AsyncClient) -> None:
    for path in (await description(client))["paths"]:
        if "{" in path:
            answer = await client.get(re.sub(r"\{[^}]+\}", "none", path))
            assert answer.status_code == 404, path
            assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/v1/drafts/tree-rows", "/api/v1/consultations"])
async def test_answers_are_packed_for_the_wire(client: httpx.AsyncClient, path: str) -> None:
    await a_town()
    packed = await client.get(path, headers={"accept-encoding": "gzip"})
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


async def test_pages_are_packed_once(client: httpx.AsyncClient) -> None:
    answer = await client.get("/mk/", headers={"accept-encoding": "gzip"})
    assert answer.headers.get_list("content-encoding") == ["gzip"]
    assert "<h1" in answer.text


def test_the_application_is_put_together_without_a_warning() -> None:
    code = (
        "from pathlib import Path; from consult.app import build; from consult.profile import load_profile\n"
        "from consult.settings import Settings, resource\n"
        "build(Settings(data=Path('.')), load_profile(resource('profiles', 'skopje.toml')))"
    )
    answer = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_check_of_shapes_itself_finds_faults() -> None:
    whole = {
        "components": {
            "schemas": {
                "Tree": {
                    "type": "object",
                    "required": ["name", "age"],
                    "properties": {
                        "name": {"type": "string"},
                        "age": {"oneOf": [{"type": "integer"}, {"type": "null"}]},
                    },
                }
            }
        }
    }
    tree = {"$ref": "#/components/schemas/Tree"}
    assert faults({"name": "Oak", "age": None}, tree, whole) == []
    assert len(faults({"name": 3, "height": 2}, tree, whole)) == 3
    assert len(faults([{"name": "Oak", "age": "old"}], {"type": "array", "items": tree}, whole)) == 1
