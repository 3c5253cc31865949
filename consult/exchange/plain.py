"""Texts of other programs as plain text: tags and scripts fall away, paragraphs and line ends stay."""

from __future__ import annotations

import html
import re

import nh3

BLOCK = re.compile(r"</(?:p|div|h[1-6]|li|tr|ul|ol|table)\s*>|<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"<[/!?a-zA-Z]")


def plain_text(written: str) -> str:
    """Without markup; a text that has none stays as it is, but for blank ends."""
    if not TAG.search(written):
        return _tidy(html.unescape(written) if re.search(r"&#?\w{2,8};", written) else written)
    kept = nh3.clean(
        BLOCK.sub("\n", re.sub(r"\s*\n\s*", " ", written)), tags=set(), clean_content_tags={"script", "style"}
    )
    return _tidy(html.unescape(kept))


def _tidy(text: str) -> str:
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
