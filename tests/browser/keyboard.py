"""A resident who has only a keyboard, and whose browser runs no scripts."""

from __future__ import annotations

from playwright.async_api import Page

MOST_STEPS = 150
IS_HERE = "wanted => Boolean(document.activeElement?.matches(wanted))"
HAS_FOCUS_MARK = """() => {
    const here = document.activeElement;
    const marked = style => style && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
        || style.boxShadow !== 'none');
    const label = here.labels?.[0];
    return here.matches(':focus-visible')
        && (marked(getComputedStyle(here)) || Boolean(label && marked(getComputedStyle(label, '::before'))));
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    async def to(self, wanted: str) -> None:
        """Press Tab until the control is reached; the focus must be seen on it."""
        for _ in range(MOST_STEPS):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate(IS_HERE, wanted):
                assert await self.page.evaluate(HAS_FOCUS_MARK), f"the focus cannot be seen on {wanted}"
                return
        raise AssertionError(f"Tab never reaches {wanted}")

    async def write(self, wanted: str, words: str) -> None:
        await self.to(wanted)
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.insert_text(words)

    async def choose(self, wanted: str, arrows: int = 0) -> None:
        """Choose a radio button or a box: the first of its group, or one that arrows lead to."""
        await self.to(wanted)
        await self.page.keyboard.press("Space")
        for _ in range(arrows):
            await self.page.keyboard.press("ArrowDown")

    async def press(self, wanted: str) -> None:
        """Press a button or follow a link, and wait for the page it leads to."""
        await self.to(wanted)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
