"""Every kind of chart in Chromium, as a drawing on a telephone and as a Plotly figure on a wide screen."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Route

from consult.profile import load_profile
from consult.settings import resource
from consult.web import assets
from consult.web.guard import content_security_policy
from tests.browser.inspection import Look
from tests.charts.gallery import files, specs

SLOW = pytest.mark.slow
HOST = "http://charts.test"
FITS = """() => [...document.querySelectorAll('figure.c-chart svg[role=img]:not(.c-drawing-aside)')].flatMap(svg => {
    const own = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth
            || box.top < own.top - 4 || box.bottom > own.bottom + 4);
    }).map(text => `${svg.querySelector('title').textContent}: ${text.textContent}`);
})"""
PLOTS_FIT = """() => [...document.querySelectorAll('.c-plot')].flatMap(plot => {
    const own = plot.getBoundingClientRect();
    return [...plot.querySelectorAll('text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth
            || box.top < own.top - 4 || box.bottom > own.bottom + 4);
    }).map(text => text.textContent);
})"""
DRAWN = "n => document.querySelectorAll('figure[data-drawn] .c-plot .main-svg').length >= n"
SAME = """() => [...document.querySelectorAll('figure[data-drawn]')].map(figure => [
    Math.round(figure.querySelector('.c-plot').getBoundingClientRect().height),
    +figure.querySelector('svg[role=img]').getAttribute('height')])"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    assets.build()
    return files(load_profile(resource("profiles", "skopje.toml")), tmp_path_factory.mktemp("gallery"))


async def gallery(browser: Browser, site: dict[str, bytes], width: int) -> Look:
    """A tab in which the gallery is served from memory, under the policy of all pages."""

    async def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        body = site.get(path)
        file = Path(str(resource("static"))) / path.removeprefix("/static/")
        if body is None and path.startswith("/static/") and file.is_file():
            body = file.read_bytes()
        if body is None:
            await route.fulfill(status=204)
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = {"content-type": kind, "content-security-policy": content_security_policy()}
        await route.fulfill(body=body, headers=headers)

    context = await browser.new_context(accept_downloads=True)
    await context.route("**/*", answer)
    return await Look.of(context, HOST, width)


@pytest.mark.parametrize(
    ("language", "width"), [("ka", 320), pytest.param("mk", 360, marks=SLOW), pytest.param("en", 320, marks=SLOW)]
)
async def test_drawings_fit_a_telephone_and_figures_come_on_demand(
    browser: Browser, site: dict[str, bytes], language: str, width: int
) -> None:
    look = await gallery(browser, site, width)
    await look.open(f"{HOST}/{language}.html")
    assert await look.page.evaluate(FITS) == []
    button = look.page.locator("figure[data-plotly] > button").nth(3)
    await button.click()
    await look.page.wait_for_function(DRAWN, arg=1)
    assert await look.problems(language) == []
    await look.page.context.close()


@pytest.mark.parametrize("language", [pytest.param("mk", marks=SLOW), "ka"])
async def test_figures_take_the_place_of_drawings_on_wide_screens(
    browser: Browser, site: dict[str, bytes], language: str
) -> None:
    look = await gallery(browser, site, 1280)
    await look.open(f"{HOST}/{language}.html")
    await look.page.wait_for_function(DRAWN, arg=len(specs()))
    assert await look.page.evaluate(PLOTS_FIT) == []
    for plot, drawing in await look.page.evaluate(SAME):
        assert abs(plot - drawing) <= 24
    figure = look.page.locator("figure[data-drawn]").nth(3)
    words = {"mk": "Зачувај го графиконот како слика", "ka": "დიაგრამის შენახვა სურათად"}[language]
    async with look.page.expect_download() as waiting:
        await figure.get_by_role("button", name=words).click()
    assert (await waiting.value).suggested_filename == "chart-3.svg"
    assert await look.problems(language) == []
    await look.page.context.close()
