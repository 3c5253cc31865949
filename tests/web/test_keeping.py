"""Forms of residents while the database is away: what was typed waits in the page and can be sent again."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from consult.app import Application
from consult.storage import engine, fetchval
from consult.web import keeping
from tests.conftest import NOON, Clock
from tests.drafts.makers import a_draft
from tests.forums.makers import a_forum
from tests.hidden import HIDDEN
from tests.people.makers import a_person, signed_in_as
from tests.people.test_doors import door, is_public, staff_routes

PRESSED = "Елена & <b>Ана</b>\r\nвтор ред"


@contextmanager
def away() -> Iterator[None]:
    pool = engine.DB.pool
    engine.DB.pool = None
    try:
        yield
    finally:
        engine.DB.pool = pool


def hidden(page: str) -> dict[str, list[str]]:
    form = page[page.index('<form class="c-form" id="survey"') :]
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form):
        found.setdefault(name, []).append(html.unescape(value))
    return found


async def kept(client: httpx.AsyncClient, address: str, typed: dict[str, str | list[str]]) -> dict[str, list[str]]:
    """Post while the database is away; what the page that comes back would send."""
    with away():
        busy = await client.post(address, data=typed)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
    assert busy.headers["cache-control"] == "no-store"
    assert f'action="{html.escape(address)}"' in busy.text
    found = hidden(busy.text)
    assert found == {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return found


async def test_whatever_residents_send_waits_in_the_page(client: httpx.AsyncClient, clock: Clock) -> None:
    draft, forum = await a_draft(), await a_forum()
    clock.now = NOON + timedelta(minutes=1)
    comments = f"/mk/drafts/{draft.slug}/comments"
    fresh = dict(HIDDEN.findall((await client.get(comments)).text))
    session = str(forum.sessions[0].id)
    forms: tuple[tuple[str, dict[str, str | list[str]], str], ...] = (
        (comments, {**fresh, "text": "Кој ги полева?", "name": PRESSED.partition("\r")[0]}, "comment"),
        (
            f"/ka/forums/{forum.slug}",
            {"sessions": [session], "name": "Ana", "email": "a@example.com", "companions": "0", "needs_note": PRESSED},
            "registration",
        ),
        ("/en/follow?from=letter", {"email": "b@example.com"}, "follower"),
    )
    for address, typed, table in forms:
        again = await kept(client, address, typed)
        sent = await client.post(address, data=again)
        assert sent.status_code in (200, 303), sent.text
        assert await fetchval(f"SELECT count(*) FROM {table}") == 1


async def test_files_are_chosen_again_by_name(client: httpx.AsyncClient) -> None:
    draft = await a_draft()
    address = f"/en/drafts/{draft.slug}/comments"
    with away():
        busy = await client.post(address, data={"text": "See the plan"}, files={"file": ("план.pdf", b"%PDF-1.7 ...")})
    assert busy.status_code == 503
    assert hidden(busy.text) == {"text": ["See the plan"]}
    assert 'enctype="multipart/form-data"' in busy.text
    assert 'name="file" type="file"' in busy.text
    assert "план.pdf" in busy.text


async def test_a_pool_without_a_free_connection_keeps_them_too(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def acquire(self, **how: object) -> object:
            raise TimeoutError

    monkeypatch.setattr(engine.DB, "pool", Full())
    busy = await client.post("/mk/follow", data={"email": "b@example.com"})
    assert (busy.status_code, hidden(busy.text)) == (503, {"email": ["b@example.com"]})


async def test_what_cannot_or_must_not_be_shown_gets_the_plain_page(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {"sec-fetch-site": "same-origin"}
    with away():
        secret = await client.post(
            "/staff/en/sign-in", data={"email": "a@example.com", "password": "tall-trees-9"}, headers=ours
        )
        strange = await client.post("/en/follow", content=b"{}", headers={"content-type": "application/json"})
        unreadable = await client.post(
            "/en/drafts/none/comments",
            content=b"text=%FF",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
    assert (secret.status_code, secret.headers["retry-after"]) == (503, "10")
    for answer in (secret, unreadable, strange):
        assert 'id="survey"' not in answer.text
        assert "tall-trees" not in answer.text
    assert (unreadable.status_code, strange.status_code) == (400, 400)


@pytest.mark.parametrize(
    "typed",
    [
        {"text": "x" * keeping.SMALL_BYTES},
        {f"field-{number}": "x" for number in range(keeping.MOST_FIELDS + 1)},
    ],
    ids=["long", "many"],
)
async def test_strangers_get_no_large_page_back(client: httpx.AsyncClient, typed: dict[str, str]) -> None:
    """Nor where the form is read before the database is asked."""
    for files in ({}, {"file": ("a.txt", b"a")}):
        with away():
            busy = await client.post("/mk/drafts/x/comments", data=typed, files=files)
        assert (busy.status_code, 'id="survey"' in busy.text, len(busy.text) < 20_000) == (503, False, True)


async def test_only_a_few_forms_are_read_at_once(client: httpx.AsyncClient, clock: Clock) -> None:
    client.headers["sec-fetch-site"] = "same-origin"
    comments = "/staff/mk/surveys/new"
    await signed_in_as(client, await a_person(roles=["designer"]), clock.now)
    await client.get("/staff/mk/surveys")
    with away():
        for _ in range(4):
            await keeping._large.acquire()
        try:
            small = await client.post(comments, data={"text": "a"})
            large = await client.post(comments, data={"text": "a"}, files={"file": ("a.pdf", b"a" * 300_000)})
        finally:
            for _ in range(4):
                keeping._large.release()
        again = await client.post(comments, data={"text": "a"}, files={"file": ("a.pdf", b"a" * 300_000)})
    assert ['id="survey"' in answer.text for answer in (small, large, again)] == [True, False, True]


async def test_forms_of_staff_wait_for_whoever_was_signed_in_and_for_nobody_else(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    client.headers["sec-fetch-site"] = "same-origin"
    path, typed = "/staff/mk/surveys/new", {"source": "key: trees", "key": "secret-key"}
    client.cookies.set("staff", "i" * 43)
    with away():
        stranger = await client.post(path, data=typed)
    client.cookies.clear()
    await signed_in_as(client, await a_person(roles=["designer"]), clock.now)
    await client.get("/staff/mk/surveys")
    with away():
        known = await client.post(path, data=typed)
        for secret in ("new-password", "welcome", "second-factor", "devices", "account/password"):
            answer = await client.post(f"/staff/mk/{secret}", data=typed)
            assert (answer.status_code, "secret-key" in answer.text) == (503, False), secret
    assert (stranger.status_code, "key: trees" in stranger.text) == (503, False)
    assert (known.status_code, hidden(known.text)) == (503, {"source": ["key: trees"], "key": ["secret-key"]})
    await client.post("/staff/mk/sign-out")
    with away():
        assert "key: trees" not in (await client.post(path, data=typed)).text


def test_whatever_leads_to_a_session_is_never_kept(application: Application) -> None:
    for method, path, handler in staff_routes(application):
        guard = door(handler)
        if method == "POST" and (is_public(handler) or (guard is not None and guard.arriving)):
            assert handler.opt.get("kept") is False, path


async def test_a_form_is_sent_again_to_where_it_was_sent(client: httpx.AsyncClient) -> None:
    with away():
        for path in ("/mk/drafts/x%3Fy%23%22/comments", "/mk/drafts/a%2Fb/comments", "/mk/drafts/%D0%B4/comments?a=b"):
            busy = await client.post(path, data={"text": "a"})
            if busy.status_code == 503:
                assert f'action="{path}"' in busy.text
    assert busy.status_code == 503
    missing = await client.get("/mk/x%3Fy%23/z")
    assert 'href="/ka/x%3Fy%23/z"' in missing.text
