"""The door of a meeting in a real browser: two people come without a network, and the list is put right after."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from consult.forums.door import queries
from consult.forums.links import links_of
from consult.forums.registration_operations import cancel
from consult.people.guards import COOKIE
from consult.settings import Settings
from tests.conftest import NOON
from tests.forums.makers import a_forum, register, states, the_registration
from tests.people.makers import a_person, a_session

pytestmark = pytest.mark.browser


async def test_a_door_goes_on_without_a_network(site: str, browser: Browser, settings: Settings) -> None:
    forum = await a_forum(at=NOON)
    for name in ("Ana", "Goce", "Mila"):
        await register(forum, f"{name.lower()}@example.com", name=name, at=NOON)
    session = forum.sessions[0].id
    context = await browser.new_context(viewport={"width": 360, "height": 740})
    token = await a_session(await a_person(roles=["clerk"]), NOON)
    await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site}/staff/"}])
    tab = await context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    address = f"{site}/staff/en/sessions/{session}/door"
    await tab.goto(address)
    await tab.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await tab.reload()
    await expect(tab.locator("[data-door-state]")).to_contain_text("sent")

    await context.set_offline(True)
    goce = await the_registration(forum, "goce@example.com")
    await cancel(registration_id=goce.id, links=links_of(settings), at=NOON)
    await tab.reload()
    await tab.locator("[data-name=Ana] [data-act=arrive] button").click()
    await tab.locator("#sought").fill("goc")
    await expect(tab.locator("[data-name=Mila]")).to_be_hidden()
    await tab.locator("[data-name=Goce] [data-act=arrive] button").click()
    await expect(tab.locator("[data-door-state]")).to_contain_text("2")
    assert (await states(forum))["ana@example.com"] == "confirmed"

    await context.set_offline(False)
    await expect(tab.locator("[data-door-state]")).to_contain_text("To settle: 1", timeout=60_000)
    await expect(tab.locator("[data-figure=inside]")).to_have_text("2")
    assert (await states(forum))["ana@example.com"] == "attended"
    assert [one.name for one in await queries.conflicts(session)] == ["Goce"]
    assert await tab.evaluate("JSON.stringify(localStorage)") == "{}"

    beside = await context.new_page()
    await beside.goto(address)
    kept = "async () => (await (await caches.open('door-1')).keys()).filter((one) => one.url.endsWith('/door')).length"
    assert await beside.evaluate(kept) == 1
    await beside.locator(".c-menu summary").click()
    await beside.get_by_role("button", name="Sign out").click()
    await expect(beside.get_by_text("You have signed out.")).to_be_visible()
    await expect(tab.get_by_label("Password")).to_be_visible()  # the other tab shows no names any more
    assert await beside.evaluate(kept) == 0
    assert faults == []
    await context.close()
