"""Every choice and scale type on a narrow phone: with scripts, without them, and by keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, expect

from consult.surveys import queries
from tests.browser.inspection import Look
from tests.surveys.conftest import publish
from tests.surveys.makers import options, ranking, single, survey
from tests.surveys.test_types import CASES, sample

PHONE = ViewportSize(width=360, height=740)
LANGUAGES = ("mk", "ka", "en")
NAMES = ("parks", "streets", "waste", "buses")


async def answer(tab: Page, posted: Mapping[str, Any], *, scripts: bool) -> None:
    """Fill in fields as a person does; a ranking by its buttons and keys, where scripts made them."""
    if scripts and await tab.locator("[data-ranking]").count():
        for field in sorted(posted, key=lambda name: int(posted[name])):
            button = tab.locator(f'li:has(select[name="{field}"]) [data-step=add]')
            if await button.is_visible():  # the last one's place follows from the others
                await button.press("Enter")
        return
    for field, given in posted.items():
        controls = tab.locator(f'[name="{field}"]')
        kind = await controls.first.evaluate("one => one.type")
        for value in given if isinstance(given, list) else [given]:
            if kind in ("radio", "checkbox"):
                chosen = tab.locator(f'[name="{field}"][value="{value}"]')
                await chosen.focus()
                await tab.keyboard.press("Space")
            elif kind == "select-one":
                await controls.select_option(value)
            else:
                await controls.fill(value)


async def test_every_type_is_answered_on_a_phone_with_scripts_and_without(site: str, browser: Browser) -> None:
    surveys = {name: await publish(sample(name)) for name in CASES}
    wrong: list[str] = []
    for scripts in (True, False):
        context = await browser.new_context(viewport=PHONE, java_script_enabled=scripts)
        for number, (name, (posted, _, _, _)) in enumerate(CASES.items()):
            language = LANGUAGES[number % 3]
            address = f"{site}/{language}/surveys/{name.replace('_', '-')}"
            if scripts:
                look = await Look.of(context, address, 360)
                await look.open(address)
                wrong += [f"{name}: {problem}" for problem in await look.problems(language)]
                await look.page.close()
            tab = await context.new_page()
            await tab.goto(address)
            await answer(tab, posted, scripts=scripts)
            await tab.locator("button.govuk-button[value=next]").click()
            await tab.wait_for_selector("#receipt")
            await tab.close()
        await context.close()
    assert wrong == []
    for name, survey_id in surveys.items():
        assert [row[1] for row in await queries.answers(survey_id)] == [{name: CASES[name][1]}] * 2, name


async def test_matrix_says_row_and_column_alike_on_wide_and_narrow_pages(site: str, browser: Browser) -> None:
    for name in ("matrix_scale", "matrix_multiple"):
        await publish(sample(name))
    tab = await browser.new_page(viewport=PHONE)
    for name, role, cell in (
        ("matrix_scale", "radio", "On weekdays Very satisfied"),
        ("matrix_multiple", "checkbox", "At weekends Bicycle"),
    ):
        await tab.goto(f"{site}/en/surveys/{name.replace('_', '-')}")
        said = []
        for width in (360, 1280):
            await tab.set_viewport_size({"width": width, "height": 900})
            said.append(await tab.locator("table").aria_snapshot())
            await expect(tab.get_by_role(role, name=cell, exact=True)).to_have_count(1)  # type: ignore[arg-type]
            row, _, column = cell.partition(" Bicycle" if role == "checkbox" else " Very")
            await expect(tab.get_by_role("rowheader", name=row)).to_have_count(1)
            assert column == "" or column == " satisfied"
        assert said[0] == said[1]
        assert {part in said[0] for part in ("table", "columnheader", "rowheader", "cell")} == {True}
    await tab.close()


async def test_ranking_is_ordered_by_keys_and_by_dragging_and_says_so(site: str, browser: Browser) -> None:
    survey_id = await publish(sample("ranking"))
    tab = await browser.new_page(viewport=PHONE)
    await tab.goto(f"{site}/en/surveys/ranking")

    def item(code: str) -> Any:
        return tab.locator(f'li:has(select[name="ranking.{code}"])')

    async def order() -> list[str]:
        values = {code: await tab.locator(f'[name="ranking.{code}"]').input_value() for code in NAMES}
        return sorted((code for code in NAMES if values[code]), key=lambda code: int(values[code]))

    for code in ("waste", "parks", "buses"):
        await item(code).locator("[data-step=add]").press("Enter")
    assert await order() == ["waste", "parks", "buses", "streets"]
    up = item("buses").locator("[data-step=up]")
    await expect(up).to_be_focused()
    await expect(up).to_have_accessible_name("Move up: Public transport")
    await tab.keyboard.press("Enter")
    await expect(up).to_be_focused()
    await expect(tab.locator("[data-ranking] + [role=status]")).to_have_text("Public transport: place 2 of 4.")
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Enter")  # it is the first already
    assert await order() == ["buses", "waste", "parks", "streets"]

    grip, goal = item("streets").locator(".c-ranking__place"), item("buses")
    await grip.scroll_into_view_if_needed()
    await grip.hover()
    await tab.mouse.down()
    box = await goal.bounding_box()
    assert box is not None
    await tab.mouse.move(box["x"] + 20, box["y"] + 4, steps=6)
    await tab.mouse.up()
    assert await order() == ["streets", "buses", "waste", "parks"]

    await tab.reload()  # the draft brings the order back
    assert await order() == ["streets", "buses", "waste", "parks"]
    await item("waste").locator("[data-step=remove]").press("Enter")
    await tab.locator("button.govuk-button[value=next]").click()
    await expect(tab.locator("[data-error-summary]")).to_contain_text("Give every answer a place, or none")
    assert await order() == ["streets", "buses", "parks"]
    await item("waste").locator("[data-step=add]").press("Enter")
    await tab.locator("button.govuk-button[value=next]").click()
    await tab.wait_for_selector("#receipt")
    assert (await queries.answers(survey_id))[0][1] == {"ranking": ["streets", "buses", "parks", "waste"]}
    await tab.close()


async def test_long_list_is_searched_and_is_a_select_without_scripts(site: str, browser: Browser) -> None:
    places = single("place", options=options(*(f"street-{number:02}" for number in range(60))))
    survey_id = await publish(survey(places, ranking()))
    tab = await browser.new_page(viewport=PHONE)
    await tab.goto(f"{site}/en/surveys/small")
    field = tab.get_by_role("combobox", name="Which place?")
    await field.fill("EET-4")
    await expect(tab.get_by_role("option")).to_have_count(10)
    await tab.keyboard.press("ArrowDown")
    await tab.keyboard.press("ArrowDown")
    await expect(tab.get_by_role("option", selected=True)).to_have_text("Street-41")
    await tab.keyboard.press("Enter")
    await expect(field).to_have_value("Street-41")
    await expect(tab.get_by_role("listbox")).to_be_hidden()
    await field.fill("nowhere")
    await tab.keyboard.press("Tab")  # a slip gives way to what was chosen
    await expect(field).to_have_value("Street-41")
    await tab.locator("button.govuk-button[value=next]").click()
    await tab.wait_for_selector("#receipt")
    await tab.close()
    context = await browser.new_context(java_script_enabled=False)
    plain = await context.new_page()
    await plain.goto(f"{site}/en/surveys/small")
    await plain.get_by_label("Which place?").select_option("street-07")
    await plain.locator("button.govuk-button[value=next]").click()
    await plain.wait_for_selector("#receipt")
    await context.close()
    assert sorted(row[1]["place"] for row in await queries.answers(survey_id)) == ["street-07", "street-41"]
