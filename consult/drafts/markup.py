"""Markdown of staff made into safe HTML: raw HTML is off, and whatever comes out is cleaned once more."""

import html
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARAGRAPH = re.compile(r"(?<!\n)\n(?=\(\d+[a-zа-шა-ჰ]?\)\s)")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "sup",
    "sub",
}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
# No images: a page makes no request to anyone else.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@lru_cache(maxsize=2048)
def to_html(markdown: str, *, first_heading: int = 3) -> Markup:
    """Render Markdown. Headings begin at level first_heading; a line that begins with "(2) " is a paragraph."""
    tokens = _markdown.parse(_PARAGRAPH.sub("\n\n", markdown))
    shift = first_heading - min((int(t.tag[1]) for t in tokens if t.type == "heading_open"), default=first_heading)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]) + shift, 2), 6)}"
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(nh3.clean(rendered, tags=_TAGS | _HEADINGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES))


@lru_cache(maxsize=2048)
def to_words(markdown: str) -> str:
    """The words that a reader sees, one space between them: what quotes are looked up in."""
    bare = re.sub(r"</?(?:strong|em|sup|sub|a)\b[^>]*>", "", to_html(markdown))
    seen = html.unescape(re.sub(r"<[^>]*>", " ", bare))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def to_plain(text: str) -> Markup:
    """Render what a visitor wrote: escaped, an empty line begins a paragraph, a single line end breaks the line."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    paragraphs = [Markup("<p>%s</p>") % Markup("<br>").join(part.strip().split("\n")) for part in parts]
    return Markup("\n").join(paragraphs)
