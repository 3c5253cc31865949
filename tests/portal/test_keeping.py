"""Forms of residents while the database is away: what was typed waits in the page and can be sent again."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from consult.storage import engine, fetchval
from tests.conftest import NOON, Clock
from tests.drafts.makers import a_draft
from tests.forums.makers import a_forum

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
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
