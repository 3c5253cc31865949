"""The public comparison, as a browser gets it."""

import gzip

import httpx

from consult.drafts import operations
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import a_comment, a_draft, the_articles
from tests.drafts.versions.makers import SECOND, a_draft_of_two_versions, a_second_version
from tests.people.makers import staff


async def test_two_versions_are_compared_in_each_language_and_view(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft_of_two_versions()
    page = await client.get(f"/mk/drafts/{draft.slug}/compare")
    assert page.status_code == 200
    assert len(gzip.compress(page.text.encode())) < 8_000
    assert "По коментарите." in page.text
    assert "<ins>" in page.text
    assert "и во околните населби" in page.text
    assert 'id="removed-2"' in page.text
    sides = await client.get(f"/en/drafts/{draft.slug}/compare", params={"from": 2, "to": 1, "view": "sides"})
    assert "c-pair" in sides.text
    assert "was article 1" in sides.text
    reading = await client.get(f"/ka/drafts/{draft.slug}")
    assert f"/ka/drafts/{draft.slug}/compare?from=1&amp;to=2" in reading.text
    for wrong, status in (("from=1&to=9", 404), ("from=x", 400), ("view=none", 400), ("from=2&to=2", 200)):
        assert (await client.get(f"/mk/drafts/{draft.slug}/compare?{wrong}")).status_code == status
    hidden = await a_draft(published=False, slug="not-yet")
    assert (await client.get(f"/mk/drafts/{hidden.slug}/compare")).status_code == 404
    single = await a_draft(slug="only-one")
    assert (await client.get(f"/mk/drafts/{single.slug}/compare")).status_code == 200


async def test_the_reading_page_says_what_the_version_made_of_each_article_and_what_was_left_out(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    clock.now = DURING
    draft = await a_draft()
    left_out = (await the_articles(draft))[1]
    await a_comment(draft, article=left_out.id, text="Три места се премногу.", published=True)
    await a_second_version(draft)
    page = (await client.get(f"/mk/drafts/{draft.slug}")).text
    assert "compare?from=1&amp;to=2#article-2" in page
    assert "Ново во оваа верзија" in page
    address = f"/mk/drafts/{draft.slug}/articles/2/comments?version=1"
    assert address in page
    comments = await client.get(address)
    assert "Три места се премногу." in comments.text
    assert f"/mk/drafts/{draft.slug}/versions/1#article-2" in comments.text
    assert "Три места се премногу." not in (await client.get(address.partition("?")[0])).text


async def test_staff_correct_the_proposal_look_at_it_and_confirm(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    await staff(client, DURING, "admin")
    draft = await a_draft()
    first, second = await the_articles(draft)
    await operations.save_working_version(draft_id=draft.id, texts=SECOND, memorandum={}, actor=None, at=DURING)
    address = f"/staff/en/drafts/{draft.slug}/publish"
    proposed = (await client.get(address)).text
    assert f'value="{first.id}" selected' in proposed
    assert "was article 1" in proposed
    both = {"origin-1": str(second.id), "origin-2": str(second.id), "reason-mk": "Затоа.", "confirmed": "1"}
    refused = await client.post(address, data=both)
    assert (refused.status_code, 'href="#origin-2"' in refused.text) == (422, True)
    assert f'value="{second.id}" selected' in refused.text
    chosen = {**both, "origin-2": ""}
    shown = await client.post(address, data={**chosen, "action": "show"})
    assert (shown.status_code, "was article 2" in shown.text) == (200, True)
    for name in ("origin-1", f"merged-{first.id}"):
        assert (await client.post(address, data={**chosen, name: "nothing"})).status_code == 422
    assert (await client.post(address, data={**chosen, "seen_at": "2020-01-01T00:00:00+00:00"})).status_code == 422
    assert (await client.post(address, data=chosen)).status_code == 303
    assert (await the_articles(draft))[0].id == second.id
