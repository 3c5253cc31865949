"""What happens to every request: headers, refused cross-site posts, error pages in the reader's language."""

from __future__ import annotations

import httpx
import pytest

from consult.web.guard import is_cross_site

OURS = b"http://consult.test"


@pytest.mark.parametrize(
    ("headers", "path", "refused"),
    [
        ({b"sec-fetch-site": b"same-origin"}, "/mk/x", False),
        ({b"sec-fetch-site": b"none"}, "/mk/x", False),
        ({b"sec-fetch-site": b"same-site"}, "/mk/x", True),
        ({b"sec-fetch-site": b"cross-site", b"origin": OURS}, "/mk/x", True),
        ({b"origin": OURS}, "/staff/mk/x", False),
        ({b"origin": b"http://localhost:8000", b"host": b"localhost:8000"}, "/staff/mk/x", False),
        ({b"origin": b"https://evil.example"}, "/mk/x", True),
        ({b"origin": b"null"}, "/mk/x", True),
        ({}, "/mk/x", False),
        ({}, "/staff/mk/x", True),
    ],
)
def test_posts_from_other_sites_are_told_apart(headers: dict[bytes, bytes], path: str, refused: bool) -> None:
    assert is_cross_site(headers, path, OURS) is refused


async def test_root_negotiates_the_language(client: httpx.AsyncClient) -> None:
    for wish, language in (("ka-GE,ka;q=0.9,en;q=0.5", "ka"), ("fr, en;q=0.3", "en"), ("fr", "mk"), ("en;q=x", "mk")):
        answer = await client.get("/", headers={"accept-language": wish})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/")


async def test_unknown_pages_say_so_in_the_language_of_the_address(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ka/nothing-here")
    assert answer.status_code == 404
    assert "გვერდი ვერ მოიძებნა" in answer.text
    assert 'lang="ka"' in answer.text
    assert "no-store" in answer.headers["cache-control"]


async def test_every_answer_carries_the_policy_and_no_cookie(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/mk/nothing", "/static/none.css", "/api/v1/none"):
        answer = await client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


async def test_a_post_from_another_site_is_refused_with_a_page(client: httpx.AsyncClient) -> None:
    answer = await client.post("/mk/anything", content=b"a=1", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "друга веб-страница" in answer.text


async def test_api_errors_are_problem_documents(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/none", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"] == "Page not found"


async def test_a_wrong_method_is_405_and_the_right_ones_are_named(client: httpx.AsyncClient) -> None:
    for method, path, right in (
        ("POST", "/healthz", "HEAD"),
        ("PUT", "/mk/surveys/any", "POST"),
        ("TRACE", "/mk/surveys/any", "GET"),
        ("DELETE", "/api/v1/surveys", "GET"),
    ):
        answer = await client.request(method, path, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 405, path
        assert right in answer.headers["allow"].split(", ") and method not in answer.headers["allow"], path


async def test_whom_to_tell_of_a_weakness_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/security.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text == (
        "Contact: mailto:konsultacii@skopje.example\nExpires: 2027-05-19T11:00:00Z\n"
        "Preferred-Languages: mk, ka, en\nCanonical: http://consult.test/.well-known/security.txt\n"
    )


async def test_ready_needs_the_database(client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).status_code == 200
