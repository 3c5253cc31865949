"""Every staff route has a door, and every door has a rule in matrix.py: a new route cannot be forgotten in either."""

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
from consult.storage import execute, fetch, fetchval
from tests.conftest import Clock
from tests.people.makers import a_person, signed_in_as
from tests.people.matrix import ARRIVING, PUBLIC, SIGNED_IN, rules

SAMPLES = {"language": "en", "uuid": str(UUID(int=1)), "int": "1", "str": "x", "path": "x"}
OWN = {"sec-fetch-site": "same-origin"}
RULES = rules()


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


def name(method: str, path: str) -> str:
    return f"{method} {path.removeprefix('/staff/{language:str}') or '/'}"


def may(role: str, rule: frozenset[str]) -> bool:
    return role == "admin" or role in rule or not rule.isdisjoint({PUBLIC, SIGNED_IN})


def sample(path: str) -> str:
    def value(match: re.Match[str]) -> str:
        name, kind = match[1], match[2]
        return SAMPLES.get(name, SAMPLES[kind])

    return re.sub(r"\{(\w+):(\w+)\}", value, path)


async def everything_kept() -> str:
    """A fingerprint of all rows of all tables, but for who is signed in."""
    tables = await fetch(
        """SELECT format('%I', tablename) AS name FROM pg_tables
           WHERE schemaname = 'public' AND tablename <> 'staff_session' ORDER BY 1"""
    )
    each = (f"SELECT sum(hashtextextended(t::text, 7))::text AS sum FROM {row['name']} t" for row in tables)
    return str(await fetchval(f"SELECT string_agg(coalesce(sum, '-'), ' ') FROM ({' UNION ALL '.join(each)}) all_rows"))


async def test_every_staff_route_has_a_rule_and_every_rule_a_route(application: Application) -> None:
    found = {name(method, path) for method, path, _ in staff_routes(application)}
    assert found - set(RULES) == set(), "these routes have no rule in tests/people/matrix.py"
    assert set(RULES) - found == set(), "these rules have no route"


async def test_every_door_is_the_one_of_its_rule(application: Application) -> None:
    named = {role for rule in RULES.values() for role in rule}
    assert named <= {*ROLES, PUBLIC, SIGNED_IN}
    for method, path, handler in staff_routes(application):
        guard, rule = door(handler), RULES[name(method, path)]
        if rule == {PUBLIC}:
            assert (guard, is_public(handler)) == (None, True), (method, path)
            continue
        assert guard is not None, (method, path)
        assert not is_public(handler), (method, path)
        assert guard.roles - {"admin"} == rule - {SIGNED_IN, "admin"}, (method, path)


async def test_the_menu_leads_only_where_one_may_go(application: Application) -> None:
    for item in application.litestar.state.shell.staff_nav:
        rule = RULES[f"GET /{item.path}"]
        for role in ROLES:
            assert not item.seen_by({role}) or may(role, rule), (item.path, role)


async def test_strangers_are_sent_to_the_sign_in_page(application: Application, client: httpx.AsyncClient) -> None:
    client.headers.update(OWN)
    for method, path, handler in staff_routes(application):
        if not is_public(handler):
            answer = await client.request(method, sample(path))
            where = answer.headers.get("location", "")
            assert (answer.status_code, where.partition("?")[0]) == (303, "/staff/en/sign-in"), (method, path)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_in_where_its_rule_says_and_nowhere_else(
    application: Application, client: httpx.AsyncClient, clock: Clock, role: str
) -> None:
    person = await a_person(roles=[role])
    await signed_in_as(client, person, clock.now)
    before = await everything_kept()
    open_doors = []
    for method, path, _ in staff_routes(application):
        if may(role, RULES[name(method, path)]):
            open_doors.append((method, path))
            continue
        answer = await client.request(method, sample(path))
        assert answer.status_code == 403, (method, path)
        assert "Your account does not allow this." in answer.text
    assert await everything_kept() == before
    for method, path in open_doors:
        answer = await client.request(method, sample(path))
        assert answer.status_code not in {401, 403, 405}, (method, path)
        assert answer.status_code < 500, (method, path)
        if RULES[name(method, path)] != {PUBLIC}:
            assert "/sign-in?next" not in answer.headers.get("location", ""), (method, path)
        if path.endswith(("/sign-out", "/sign-in")):
            await signed_in_as(client, person, clock.now)


@pytest.mark.parametrize("awaits", ["code", "enrol"])
async def test_half_a_session_opens_only_its_next_step(
    application: Application, client: httpx.AsyncClient, clock: Clock, awaits: str
) -> None:
    person = await a_person(roles=["admin"])
    await signed_in_as(client, person, clock.now)
    await execute("UPDATE staff_session SET awaits = $1", awaits)
    step = {"code": "/staff/en/code", "enrol": "/staff/en/second-factor"}[awaits]
    before = await everything_kept()
    for method, path, handler in staff_routes(application):
        known = name(method, path)
        if is_public(handler) or ARRIVING.get(known) == awaits or known == "POST /sign-out":
            continue
        answer = await client.request(method, sample(path))
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, step), (method, path)
    assert await everything_kept() == before
    assert (await client.get(step)).status_code == 200
    assert (await client.post("/staff/en/sign-out")).status_code == 303
    assert await fetchval("SELECT count(*) FROM staff_session") == 0


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
