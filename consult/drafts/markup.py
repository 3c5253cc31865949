"""Markdown of staff made into safe HTML: raw HTML is off, and whatever comes out is cleaned once more."""

import html
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Numbers as laws have them: (1), (2а), 1), 1., 1.2., а), ა.ბ)
NUMBERED = (
    r"(?:\((?:\d+[a-zа-шა-ჰ]?|[a-zа-шѓѕјљњќџა-ჰ]{1,2})\)|\d{1,3}[¹²³⁴-⁹]*(?:\.\d{1,3})*[.)]"
    r"|[a-zа-шѓѕјљњќџა-ჰ]{1,2}(?:\.[a-zа-шა-ჰ])?\))"
)
_PARAGRAPH = re.compile(rf"(?<!\n)\n(?={NUMBERED}\s)")
_CLOSED_NUMBER = re.compile(r"^( {0,3}\d{1,9})\)(?=\s)", re.MULTILINE)
_NOTE = re.compile(r"^\[\^(\w{1,8})\]:[ \t]*", re.MULTILINE)
_MARK = re.compile(r"(?<!\\)\[\^(\w{1,8})\]")
_OUR_TAGS = re.compile(r"&lt;(/?(?:sup|sub)|br)&gt;")
# A wide table scrolls by itself; with the keyboard too.
_TABLE = '<div class="c-law__table" tabindex="0"><table>'
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>")
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
    """Render Markdown. Headings begin at level first_heading; a line that begins with "(2) " is a paragraph.

    Numbers stay as they were written: "1)" never becomes "1.". Footnotes, <sup>, <sub> and <br> are the only additions.
    """
    tokens = _markdown.parse(_CLOSED_NUMBER.sub(r"\1\\)", _PARAGRAPH.sub("\n\n", _with_notes(markdown))))
    shift = first_heading - min((int(t.tag[1]) for t in tokens if t.type == "heading_open"), default=first_heading)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]) + shift, 2), 6)}"
    rendered = _OUR_TAGS.sub(r"<\1>", _markdown.renderer.render(tokens, _markdown.options, {}))
    rendered = _EMPTY_HEAD.sub("", rendered)
    cleaned = nh3.clean(rendered, tags=_TAGS | _HEADINGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    return Markup(cleaned.replace("<table>", _TABLE).replace("</table>", "</table></div>"))


@lru_cache(maxsize=2048)
def to_words(markdown: str) -> str:
    """The words that a reader sees, one space between them: what quotes are looked up in."""
    bare = re.sub(r"</?(?:strong|em|sup|sub|a)\b[^>]*>", "", to_html(markdown))
    seen = html.unescape(re.sub(r"<[^>]*>", " ", bare))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _with_notes(markdown: str) -> str:
    """Footnotes become raised marks; their texts come last, behind a rule."""
    if "[^" not in markdown:
        return markdown
    words = [line for line in markdown.split("\n") if not _NOTE.match(line)]
    notes = [_NOTE.sub(r"<sup>\1</sup> ", line) for line in markdown.split("\n") if _NOTE.match(line)]
    text = _MARK.sub(r"<sup>\1</sup>", "\n".join(words).rstrip())
    return "\n\n".join([text, *(["---"] if notes and text else []), *notes])


def to_plain(text: str) -> Markup:
    """Render what a visitor wrote: escaped, an empty line begins a paragraph, a single line end breaks the line."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    paragraphs = [Markup("<p>%s</p>") % Markup("<br>").join(part.strip().split("\n")) for part in parts]
    return Markup("\n").join(paragraphs)
