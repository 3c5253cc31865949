"""An HTML page as a text: its encoding, the part of it that is the act, and all its words by its tags alone."""

from __future__ import annotations

import re
from html import unescape

_INLINE = {
    "b",
    "i",
    "u",
    "em",
    "strong",
    "span",
    "a",
    "sup",
    "sub",
    "font",
    "small",
    "big",
    "ins",
    "del",
    "s",
    "strike",
}
_SILENT = {"script", "style", "head", "noscript", "template", "svg"}
# Every pattern stops at the next "<": a page of a million open tags costs no more than any other.
_TOKEN = re.compile(r"<!--|<(/?)([a-zA-Z][\w:]*)[^<>]*>|<[/!?][^<>]*>")
_CONDITION = re.compile(r"<!\[[^<>]*>?")


def mended(text: str) -> str:
    """Without what never ends: a parser would look for its end again and again. Word's conditions go as well."""
    text = _CONDITION.sub("", text)
    comment = text.rfind("-->")
    text = text[: comment + 1] + text[comment + 1 :].replace("<!--", "&lt;!--")
    tag = text.rfind(">")
    return text[: tag + 1] + text[tag + 1 :].replace("<", "&lt;")


def said(text: str) -> str:
    """All words of the page, by its tags alone: those of lines join, those of blocks part."""
    told: list[str] = []
    position, silent = 0, ""
    while (token := _TOKEN.search(text, position)) is not None:
        if not silent:
            told.append(text[position : token.start()])
        position = token.end()
        name = (token[2] or "").lower()
        if token[0] == "<!--":
            end = text.find("-->", position)
            position = len(text) if end < 0 else end + 3
        elif silent and token[1] and name == silent:
            silent = ""
        elif name in _SILENT and not token[1] and not silent:
            silent = name
        if name not in _INLINE:
            told.append(" ")
    if not silent:
        told.append(text[position:])
    return unescape("".join(told))


def act(text: str) -> tuple[str, bool]:
    """The part of a matsne.gov.ge page that holds the act: it begins with its own element and ends before comments."""
    found = re.search(r"<div[^<>]*\bid=[\"']?maindoc\b[^<>]*>", text, re.IGNORECASE)
    if found is None:
        return text, False
    depth = 0
    for tag in re.finditer(r"<(/?)div\b[^<>]*>", text[found.start() :], re.IGNORECASE):
        depth += -1 if tag[1] else 1
        if depth == 0:
            lines_before = "\n" * text.count("\n", 0, found.start())
            return lines_before + text[found.start() : found.start() + tag.end()], True
    return text, False


def decoded(content: bytes) -> str:
    """The page as text by its mark, its own word or, for want of both, UTF-8 and then the Cyrillic of old Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    named = re.search(rb"charset=[\"']?\s*([\w-]{2,40})", content[:4096])
    for encoding in ("utf-8-sig", named[1].decode("ascii") if named else "windows-1251"):
        try:
            return content.decode(encoding).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("windows-1251", "replace").replace("\0", "")
