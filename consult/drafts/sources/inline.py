"""Words of a file as Markdown: what would be a sign there is escaped, bold and italic become signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIGNS = re.compile(r"[\\*`]|<(?=[/!?a-zA-Z])|\[(?=[^\]]*\][(\[:])|\[(?=\^)|(?<!\w)_+|_+(?!\w)|&(?=#?\w{2,31};)")
_BEGINNING = re.compile(r"(?:[#>+=]|[-*](?=[-*\s]*$)|-(?=\s))")
_SPACE = re.compile(r"[\s\u00a0]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. script: "" or "sup" or "sub"; note: the mark of a footnote, which has no words of its own."""

    text: str
    bold: bool = False
    italic: bool = False
    script: str = ""
    note: str = ""
    link: str = ""


def clean(text: str) -> str:
    """One line without invisible signs: soft hyphens, marks of direction, several spaces."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))


def escaped(text: str) -> str:
    """Words inside a line."""
    return _SIGNS.sub(lambda found: "".join(f"\\{sign}" for sign in found[0]), text)


def line(text: str) -> str:
    """A whole line: its beginning must not look like a heading, a note, a list or a rule."""
    return f"\\{text}" if _BEGINNING.match(text) else text


def plain(runs: Sequence[Run]) -> str:
    return clean("".join(_scripted(run) for run in runs if not run.note)).strip()


def markdown(runs: Sequence[Run], *, keep_emphasis: bool = True) -> str:
    """The runs as one line of Markdown, without escaping its beginning."""
    merged = _merged([run if keep_emphasis else replace(run, bold=False, italic=False) for run in runs])
    parts = [_one(run) for run in merged]
    told = ""
    for index, (run, words) in enumerate(zip(merged, parts, strict=True)):
        after = parts[index + 1][:1] if index + 1 < len(parts) else ""
        sign = "*" * (2 * run.bold + run.italic)
        told += _emphasised(words, sign, told[-1:], after) if sign else words
    return clean(told).strip()


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Word cuts words into runs at will; alike neighbours are one. A space takes the look of what is before."""
    merged: list[Run] = []
    for run in runs:
        if not run.text and not run.note:
            continue
        last = merged[-1] if merged else None
        if last is not None and not last.note and not run.note and last.link == run.link:
            blank = not run.text.strip()
            if blank or (last.bold, last.italic, last.script) == (run.bold, run.italic, run.script):
                merged[-1] = replace(last, text=last.text + run.text)
                continue
        merged.append(run)
    return merged


def _scripted(run: Run) -> str:
    if run.script == "sup" and run.text.strip().isdecimal() and run.text.isascii():
        return run.text.strip().translate(SUPERSCRIPTS)
    return run.text


def _one(run: Run) -> str:
    if run.note:
        return f"[^{run.note}]"
    words = escaped(_scripted(run))
    if run.script and words.strip() and words == escaped(run.text):
        words = f"<{run.script}>{words.strip()}</{run.script}>"
    return f"[{words}]({run.link})" if run.link and words.strip() else words


def _emphasised(words: str, sign: str, before: str, after: str) -> str:
    """Signs stand at the words, not at spaces; where Markdown would not take them for signs they are left out."""
    inner = words.strip()
    if not inner:
        return words
    left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    opens = not inner[0].isalnum() and not left and before.isalnum()
    closes = not inner[-1].isalnum() and not right and after.isalnum()
    glued = (not left and before == "*") or (not right and after == "*")
    if opens or closes or glued:
        return words
    return f"{left}{sign}{inner}{sign}{right}"
