"""Error pages: in the language of the address, with advice, never kept; problem documents under /api."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Request, get, post

from consult import app as composition
from consult import domains
from consult.app import build
from consult.errors import Invalid, NotAllowed, Refused, TooMany, Unavailable
from consult.i18n import Locale
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.web import failures, pages, read_form
from tests.conftest import Clock

FAULTS: dict[str, Exception] = {
    "403": NotAllowed(),
    "409": Refused(),
    "422": Invalid(),
    "429": TooMany(retry_after_s=90),
    "500": ZeroDivisionError("a secret in the fault"),
    "503": Unavailable(retry_after_s=7),
    "twice": asyncpg.UniqueViolationError("duplicate key: a secret in the fault"),
    "away": asyncpg.CannotConnectNowError("the database system is starting up"),
}
TITLES = {
    404: ("Page not found", "Страницата не е пронајдена", "გვერდი ვერ მოიძებნა"),
}
LANGUAGES = ("en", "mk", "ka")


@get(["/{language:str}/fault/{kind:str}", "/api/v1/fault/{kind:str}", "/staff/{language:str}/fault/{kind:str}"])
async def fault(request: Request[Any, Any, Any]) -> None:
    raise FAULTS[request.path_params["kind"]]


@post("/{language:str}/letter", status_code=200)
async def letter(request: Request[Any, Any, Any]) -> str:
    return (await read_form(request, limit=1000)).get("text")


@pytest.fixture
async def faulty(
    db: None, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A town hall with a page for each fault."""
    module = ModuleType("faulty")
    vars(module)["routes"] = [fault, letter]
    monkeypatch.setattr(composition, "PUBLIC", (*domains.PUBLIC, module))
    made = build(settings, load_profile(resource("profiles", "skopje.toml")), clock=clock)
    transport = httpx.ASGITransport(app=made.asgi, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        yield browser


def heading(page: str) -> str:
    return page.partition("<h1")[2].partition(">")[2].partition("<")[0]


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_fault_is_told_in_each_language(faulty: httpx.AsyncClient, kind: str) -> None:
    status = {"away": 503, "twice": 409}.get(kind) or int(kind)
    headings = set()
    for language in LANGUAGES:
        answer = await faulty.get(f"/{language}/fault/{kind}", headers={"accept-language": "fr"})
        assert answer.status_code == status
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "etag" not in answer.headers
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert f'href="/{language}/"' in answer.text
        headings.add(heading(answer.text))
    assert len(headings) == len(LANGUAGES)


async def test_waiting_times_are_said_to_machines(faulty: httpx.AsyncClient) -> None:
    assert (await faulty.get("/mk/fault/429")).headers["retry-after"] == "90"
    assert (await faulty.get("/mk/fault/503")).headers["retry-after"] == "7"
    assert int((await faulty.get("/mk/fault/away")).headers["retry-after"]) > 0
    assert "retry-after" not in (await faulty.get("/mk/fault/500")).headers


@pytest.mark.parametrize("kind", FAULTS)
async def test_programs_get_problem_documents(faulty: httpx.AsyncClient, kind: str) -> None:
    told = set()
    for language in LANGUAGES:
        answer = await faulty.get(f"/api/v1/fault/{kind}", headers={"accept-language": language})
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.headers["content-language"] == language
        assert answer.headers["cache-control"] == "no-store"
        problem = answer.json()
        assert problem["status"] == answer.status_code == ({"away": 503, "twice": 409}.get(kind) or int(kind))
        assert "secret" not in problem["detail"]
        told.add((problem["title"], problem["detail"]))
    assert len(told) == len(LANGUAGES)


async def test_a_fault_in_the_workspace_leads_back_into_it(faulty: httpx.AsyncClient) -> None:
    answer = await faulty.get("/staff/ka/fault/409")
    assert answer.status_code == 409
    assert 'href="/staff/ka/"' in answer.text


async def test_what_can_be_done_fits_the_fault(faulty: httpx.AsyncClient) -> None:
    """A page that may come back offers itself, whoever sent a form is told to go back to it, strangers sign in."""
    again, back = "Try this page again", "Go back to the form"
    away, unknown = [(await faulty.get(f"/en/{path}")).text for path in ("fault/503", "none")]
    sent = (await faulty.post("/en/open", headers={"sec-fetch-site": "same-origin"})).text
    assert [(again in one, back in one) for one in (away, unknown, sent)] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert "/staff/en/forgotten-password" in (await faulty.get("/staff/en/fault/409")).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_missing_pages_wrong_methods_and_large_posts(faulty: httpx.AsyncClient, language: str) -> None:
    ours = {"sec-fetch-site": "same-origin"}
    large = await faulty.post(f"/{language}/letter", data={"text": "x" * 2000}, headers=ours)
    for answer, status in (
        (await faulty.get(f"/{language}/none"), 404),
        (await faulty.post(f"/{language}/open", headers=ours), 405),
        (await faulty.get(f"/{language}/letter"), 405),
        (large, 413),
    ):
        assert answer.status_code == status
        assert f'<html lang="{language}"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
    kept = await faulty.post(f"/{language}/letter", data={"text": "дрво"}, headers=ours)
    assert (kept.status_code, kept.text) == (200, "дрво")


async def test_an_overlong_address_is_no_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ka/" + "a" * 5000)
    assert answer.status_code == 404
    assert heading(answer.text) == TITLES[404][2]


async def test_a_page_without_a_language_speaks_the_readers(client: httpx.AsyncClient) -> None:
    for language, title in zip(LANGUAGES, TITLES[404], strict=True):
        answer = await client.get("/none", headers={"accept-language": language})
        assert (answer.status_code, heading(answer.text)) == (404, title)


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=-1", "size=101", "page=99999999999999999999", "page="])
async def test_wrong_query_values_of_the_api_are_400_and_named(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/v1/consultations?{query}")
    assert answer.status_code == 400
    assert answer.json()["parameters"] == [query.partition("=")[0]]


async def test_path_parameters_of_the_wrong_shape_are_pages_that_do_not_exist(client: httpx.AsyncClient) -> None:
    for path in ("/mk/drafts/x/versions/one", "/mk/drafts/%00/comments", "/api/v1/drafts/%00", "/mk/surveys/%00"):
        assert (await client.get(path)).status_code == 404, path


async def test_the_front_door_reads_no_cookie_and_sets_none(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"cookie": "lang=en", "accept-language": "ka"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ka/")
    assert answer.headers["vary"] == "accept-language"
    assert "set-cookie" not in answer.headers


async def test_the_workspace_has_a_short_address(client: httpx.AsyncClient) -> None:
    for path in ("/staff", "/staff/"):
        answer = await client.get(path, headers={"cookie": "lang=en", "accept-language": "ka"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/ka/")


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 404),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, 404),
        ("not-an-address", {}, 404),
    ],
)
async def test_figures_are_for_the_machine_itself(
    application: composition.Application, host: str, headers: dict[str, str], status: int
) -> None:
    transport = httpx.ASGITransport(app=application.asgi, client=(host, 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as monitor:
        answer = await monitor.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("consult_requests" in answer.text) is (status == 200)


async def test_a_kept_error_page_is_the_one_that_would_be_drawn(faulty: httpx.AsyncClient) -> None:
    """Pages that differ only in the end of their address are drawn once; those with a query always."""
    ends = (
        "nothing",
        "nothing/at/all",
        "open/a",
        "open/b<\"&'>",
        "open",
        "open/",
        "results//x",
        "x/open",
        "",
        "/",
        "//open/x",
    )
    for path in [f"/{code}/{end}" for code in (*LANGUAGES, "xx", "open") for end in ends]:
        for _ in range(2):
            kept = await faulty.post(path, data={"a": "b"})
            drawn = await faulty.post(path, data={"a": "b"}, params={"q": "1"})
            assert kept.status_code in {404, 405}
            assert kept.text == drawn.text, path


async def test_the_error_page_asked_for_longest_ago_goes(
    faulty: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "MOST_KEPT", 2)
    drawn: list[str] = []

    def whole(request: Any, spoken: Locale, *given: Any, **how: Any) -> bytes:
        drawn.append(spoken.code)
        return pages.whole(request, spoken, *given, **how)

    monkeypatch.setattr(failures, "whole", whole)
    for language in ("mk", "ka", "mk", "en", "mk", "en", "ka"):
        await faulty.get(f"/{language}/none")
    assert drawn == ["mk", "ka", "en", "ka"]
