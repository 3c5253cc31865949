"""The words of an article without Markdown's signs: what is compared, quoted and searched."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise

from consult.drafts.markup import to_html
from consult.drafts.versions.comparison import BREAK, plain

_BLOCKS = {"p", "li", "tr", "hr", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "br"}

_SIGNS = re.compile(r"[*_`\[\]<>&\\|~^#]| {2}\n|^[ \t]|^[-+=]|^\d+\)", re.MULTILINE)
_NUMBERS = re.compile(r"^\d+\.", re.MULTILINE)
_NUMBERED = re.compile(r"(?:\A|\n\n)(\d{1,9})\.(?= \S)")


class _Words(HTMLParser):
    """Blocks become paragraphs, list items keep their number or a dash, cells of a row are divided by a bar."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.cells = 0
        self.begins_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not self.begins_item:
            self.parts.append(BREAK)
        if tag in {"ul", "ol"}:
            start = dict(attrs).get("start") or "1"
            self.lists.append(int(start) if tag == "ol" and start.isdecimal() else None)
        elif tag == "li" and self.lists:
            number = self.lists[-1]
            self.parts.append("– " if number is None else f"{number}. ")
            self.lists[-1] = None if number is None else number + 1
            self.begins_item = True
        elif tag == "tr":
            self.cells = 0
        elif tag in {"td", "th"}:
            if self.cells:
                self.parts.append(" | ")
            self.cells += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in _BLOCKS:
            self.parts.append(BREAK)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.begins_item = False
        if not self.begins_item:
            self.parts.append(data)


def _is_plain(markdown: str) -> bool:
    """Whether the text is only paragraphs and numbered ones: that is most articles, and spares rendering them."""
    if _SIGNS.search(markdown):
        return False
    numbers = [int(number) for number in _NUMBERED.findall(markdown)]
    return len(numbers) == len(_NUMBERS.findall(markdown)) and all(b == a + 1 for a, b in pairwise(numbers))


@lru_cache(maxsize=4096)
def words_of(markdown: str) -> str:
    """An article's Markdown as `plain` text: no emphasis, no addresses of links, one paragraph for each block."""
    if _is_plain(markdown):
        return plain(markdown)
    reader = _Words()
    reader.feed(to_html(markdown))
    reader.close()
    return plain("".join(reader.parts))
