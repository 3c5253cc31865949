"""The second factor in Chromium, from the first sign-in to the next day: pages that only half a session sees."""

from __future__ import annotations

import pyotp
import pytest
from playwright.async_api import Browser

from tests.browser.inspection import WIDTHS, Look
from tests.conftest import NOON
from tests.people.makers import PASSWORD, a_person

OTHERS = [pytest.param(code, marks=pytest.mark.slow) for code in ("mk", "en")]


@pytest.mark.parametrize("language", ["ka", *OTHERS])
async def test_an_administrator_sets_it_up_and_signs_in_with_it(site: str, browser: Browser, language: str) -> None:
    person = await a_person(roles=["admin"], language=language)
    context = await browser.new_context()
    look = await Look.of(context, site, WIDTHS[language])
    page, found = look.page, []

    async def press(selector: str) -> None:
        async with page.expect_navigation():
            await page.locator(selector).first.click()

    async def sign_in() -> None:
        await page.goto(f"{site}/staff/{language}/sign-in")
        await page.locator("#email").fill(person.email)
        await page.locator("#password").fill(PASSWORD)
        await press("main form button")

    await sign_in()
    found += await look.problems(language)
    assert "/second-factor" in page.url
    assert await page.locator("nav").count() == 0 or "colleagues" not in await page.content()
    assert await page.locator("img[src^='data:image/svg']").evaluate("image => image.naturalWidth") > 100
    shared = (await page.locator(".c-code").inner_text()).replace(" ", "")
    await page.locator("#code").fill(pyotp.TOTP(shared).at(NOON))
    await press("main form button")
    found += await look.problems(language)
    codes = await page.locator("main ul code").all_inner_texts()
    assert len(codes) == 10
    await press("main .c-actions a")
    assert page.url == f"{site}/staff/{language}/"
    await page.locator(".c-menu summary").click()  # the page is as narrow as a phone now
    await press("form[action$=sign-out] button")
    await sign_in()
    assert page.url == f"{site}/staff/{language}/code"
    await page.locator("#code").fill("12")
    await press("main form button")
    found += await look.problems(language)
    await page.locator("#code").fill(codes[3])
    await press("main form button")
    assert page.url == f"{site}/staff/{language}/"
    await page.goto(f"{site}/staff/{language}/second-factor")
    found += await look.problems(language)
    assert [fault for fault in found if "422" not in fault] == []
    await context.close()
