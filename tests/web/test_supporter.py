"""The cookie of who supports, and the signed ids of forms."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from consult.app import build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.web import form_id
from consult.web.supporter import Supporter
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import a_comment, a_draft

SECRET = b"0" * 32


def test_a_mark_is_the_same_for_a_browser_and_a_thing_and_links_nothing_else() -> None:
    ana, ivo, thing, other = Supporter("a" * 43), Supporter("b" * 43), uuid4(), uuid4()
    assert ana.mark(SECRET, thing) == Supporter("a" * 43, is_new=True).mark(SECRET, thing)
    assert len({one.mark(SECRET, what) for one in (ana, ivo) for what in (thing, other)}) == 4
    assert "aaa" not in repr(ana)


def test_a_form_id_is_read_back_for_its_own_form_only() -> None:
    token = form_id.issue(SECRET, "question")
    assert str(form_id.read(SECRET, "question", token)) == token.partition(".")[0]
    for wrong in (token[:-1] + "x", "", "nonsense.x", token.upper()):
        with pytest.raises(form_id.AlteredForm):
            form_id.read(SECRET, "question", wrong)
    with pytest.raises(form_id.AlteredForm):
        form_id.read(SECRET, "slot", token)


async def test_over_https_the_cookie_carries_the_prefix(
    db: None, settings: Settings, clock: Clock, ways_in: Litestar
) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    application = build(replace(settings, base_url="https://consult.test"), profile, clock=clock, bare=ways_in)
    draft = await a_draft()
    comment = await a_comment(draft, published=True, at=DURING)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=application.asgi), base_url="https://consult.test"
    ) as browser:
        for _ in range(2):
            done = await browser.post(f"/en/drafts/{draft.slug}/comment/{comment.number}/support")
            assert done.status_code == 303
        given = list(browser.cookies)
    assert given == ["__Host-supporter"]
