"""Looking at a page as Chromium shows it, and listing everything that is wrong with it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize
from playwright.async_api import TimeoutError as StillWaiting

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RUN_AXE = """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
    .then(found => found.violations.map(one => `axe ${one.id}: ${one.help}: ` + one.nodes.slice(0, 3).map(
        node => node.target.join(' ') + ' ' + node.html.slice(0, 150)).join(' | ')))"""
WATCH = """window.refused = [];
    document.addEventListener('securitypolicyviolation', event => window.refused.push(
        `policy ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ''}:${event.lineNumber}`));"""
NARROW = ViewportSize(width=320, height=640)
WIDTHS = {"mk": 1280, "ka": 320, "en": 768}  # each language at a width of its own: three looks for one


class Look:
    """One tab that notes the console, faults of scripts and every request."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.host = host
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda fault: self.faults.append(f"script: {fault}"))
        page.on("request", self._request)

    @classmethod
    async def of(cls, context: BrowserContext, address: str, width: int) -> Look:
        page = await context.new_page()
        await page.set_viewport_size({"width": width, "height": 900})
        await page.add_init_script(WATCH)
        return cls(page, urlsplit(address).netloc)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself reports the status of an error page; that it is one, the test knows.
        is_own_status = message.location.get("url") == self.page.url and message.text.startswith("Failed to load")
        if message.type in {"error", "warning"} and not is_own_status:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in {"http", "https", "ws", "wss"} and asked.netloc != self.host:
            self.faults.append(f"another host: {request.url}")

    async def open(self, address: str) -> Response:
        response = await self.page.goto(address)
        assert response is not None
        return response

    async def send_wrong(self, form: str, fields: dict[str, str]) -> Response:
        """Put these values into a form, bypassing the browser's own checks, and press its first button."""
        async with self.page.expect_navigation() as landing:
            await self.page.evaluate(SEND, [form, fields])
        response = await landing.value
        assert response is not None
        return response

    async def problems(self, language: str) -> list[str]:
        """Everything wrong with the page as it stands."""
        found = list(self.faults)
        if await self.page.locator("figure[data-plotly]").count():
            await self.page.wait_for_timeout(300)
        await self.page.evaluate(AXE)
        found += await self.page.evaluate(RUN_AXE, RULES)
        await self.page.set_viewport_size(NARROW)
        if await self.page.locator("figure[data-drawn]").count():
            with contextlib.suppress(StillWaiting):  # Plotly follows a moment later; what stays too wide is told below
                await self.page.wait_for_function("() => document.scrollingElement.scrollWidth <= 320", timeout=30_000)
        told: dict[str, Any] = await self.page.evaluate(TELL)
        if told["headings"] != 1:
            found.append(f"{told['headings']} h1")
        if told["lang"] != language:
            found.append(f"lang is {told['lang']}")
        if told["width"] > NARROW["width"]:
            found.append(f"{told['width']} px wide at 320: {told['widest']}")
        return [*found, *told["refused"]]


SEND = """([selector, fields]) => {
    const form = document.querySelector(selector);
    form.noValidate = true;
    for (const [name, value] of Object.entries(fields)) {
        for (const control of [...form.elements].filter(one => one.name === name)) {
            if (['radio', 'checkbox'].includes(control.type)) control.checked = control.value === value;
            else control.value = value;
        }
    }
    const buttons = [...form.elements].filter(one => one.type === 'submit' && one.name !== 'language');
    form.requestSubmit(buttons.find(one => !one.hasAttribute('formaction')));
}"""
TELL = """() => ({
    headings: document.querySelectorAll('h1').length,
    lang: document.documentElement.lang,
    width: document.scrollingElement.scrollWidth,
    widest: [...document.querySelectorAll('body *')].filter(one => !one.closest('.c-scroll, .c-chart')
        && one.getBoundingClientRect().right > 320)
        .slice(-4).map(one => one.outerHTML.slice(0, 200)).join(' | '),
    refused: window.refused,
})"""
