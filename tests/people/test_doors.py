"""Every staff route has a door: the list comes from the route table, so a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from consult.app import Application
from consult.people.guards import requires
from consult.people.person import ROLES
from tests.conftest import Clock
from tests.people.makers import a_person, signed_in_as

SAMPLES = {"language": "en", "uuid": str(UUID(int=1)), "int": "1", "str": "x", "path": "x"}


def staff_routes(application: Application) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in application.litestar.routes:
        if isinstance(route, HTTPRoute) and (route.path == "/staff" or route.path.startswith("/staff/")):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield method, route.path, handler


def door(handler: HTTPRouteHandler) -> requires | None:
    return next((guard for guard in handler.resolve_guards() if isinstance(guard, requires)), None)


def is_public(handler: HTTPRouteHandler) -> bool:
    return handler.opt.get("public") is True


def sample(path: str) -> str:
    def value(match: re.Match[str]) -> str:
        name, kind = match[1], match[2]
        return SAMPLES.get(name, SAMPLES[kind])

    return re.sub(r"\{(\w+):(\w+)\}", value, path)


async def test_every_staff_route_has_a_guard_or_says_that_it_is_public(application: Application) -> None:
    found = list(staff_routes(application))
    assert len(found) > 20
    open_doors = {
        f"{method} {path}" for method, path, handler in found if door(handler) is None and not is_public(handler)
    }
    assert open_doors == set()


async def test_only_the_ways_in_are_public(application: Application) -> None:
    public = {
        path.removeprefix("/staff").removeprefix("/{language:str}")
        for _, path, h in staff_routes(application)
        if is_public(h)
    }
    assert public == {"", "/sign-in", "/forgotten-password", "/welcome", "/new-password"}


async def test_guards_name_only_roles_that_exist(application: Application) -> None:
    named = {role for _, _, handler in staff_routes(application) if (guard := door(handler)) for role in guard.roles}
    assert named <= set(ROLES)


async def test_strangers_are_sent_to_the_sign_in_page(application: Application, client: httpx.AsyncClient) -> None:
    client.headers["sec-fetch-site"] = "same-origin"
    for method, path, handler in staff_routes(application):
        if not is_public(handler):
            answer = await client.request(method, sample(path))
            where = answer.headers.get("location", "")
            assert (answer.status_code, where.partition("?")[0]) == (303, "/staff/en/sign-in"), (method, path)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_in_where_its_guard_says_and_nowhere_else(
    application: Application, client: httpx.AsyncClient, clock: Clock, role: str
) -> None:
    person = await a_person(roles=[role])
    for method, path, handler in staff_routes(application):
        guard = door(handler)
        if guard is None or person.may(*guard.roles):
            continue
        await signed_in_as(client, person, clock.now)
        answer = await client.request(method, sample(path))
        assert answer.status_code == 403, (method, path)
        assert "Your account does not allow this." in answer.text


async def test_posts_from_elsewhere_are_refused(
    application: Application, client: httpx.AsyncClient, clock: Clock
) -> None:
    person = await a_person(roles=["admin"])
    await signed_in_as(client, person, clock.now)
    del client.headers["sec-fetch-site"]
    foreign: tuple[dict[str, str], ...] = (
        {},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    )
    for method, path, _ in staff_routes(application):
        if method == "POST":
            for headers in foreign:
                answer = await client.post(sample(path), headers=headers)
                assert answer.status_code == 403, (path, headers)
