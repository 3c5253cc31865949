"""The tricks that go through every field. Each has "zq" in it, and does something that `proving` can see."""

from __future__ import annotations

import json
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def tricks() -> dict[str, list[str]]:
    """The kinds of tricks, and the texts of each."""
    found: dict[str, list[str]] = json.loads((CORPUS / "tricks.json").read_text())
    return found


def named() -> dict[str, str]:
    """All tricks, each with a short name."""
    return {f"{kind}-{number}": text for kind, texts in tricks().items() for number, text in enumerate(texts, 1)}


EVERYTHING = "".join(
    [
        "=zq<zqtag zqattr=1>\"' zqattr='1'><img src=x zqattr=1>]]></textarea></title></script><!--><zqtag>",
        "{{7*191}}{%if 1%}%(zq)s%s{0}{zq}${zq}&zq;[zq](javascript:zq())\u202e\u0001\u000b\ufffe\U0001f44d zq;=zq",
    ]
)
"""One text with most of it, for the quick way through the town."""
SHORT = "=zq<zqtag zqattr=1>\"' zqattr='1'{{7*191}}%(zq)s{0}&zq;\u202e\u0001\U0001f44d;=zq"
"""The same for a field that takes a name."""
