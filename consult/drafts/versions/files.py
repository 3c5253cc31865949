"""A comparison as a file: PDF, a page of its own, Markdown, lines for the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from consult.documents import pdf
from consult.drafts.versions.comparison import Piece
from consult.drafts.versions.sheet import Entry, Sheet
from consult.drafts.versions.sides import Paragraph

TEMPLATE = Path(__file__).parent.parent / "templates" / "compared.typ"
QUIET_BRAND = "#1c4d6e"


def as_pdf(made: Sheet, *, sender: str = "", brand: str = QUIET_BRAND, made_at: dt.datetime) -> bytes:
    """PDF/UA. It keeps a core busy for its time."""
    data = {**msgspec.to_builtins(made), "sender": sender, "brand": brand}
    return pdf.compile_pdf(TEMPLATE, data, made_at=made_at)


def as_markdown(made: Sheet) -> str:
    """Markdown with <ins> and <del>, which it allows."""
    parts = [f"# {made.heading}", made.title, *made.facts, made.counts]
    parts.append("\n".join(f"- {name}: {what}" for name, what in made.listed))
    for entry in made.entries:
        if entry.chapter:
            parts.append(f"# {_said(entry.chapter, _tagged)}")
        if not _has_text(entry):
            parts.append(f"*{entry.name}{f' ({entry.what})' if entry.what else ''}*")
            continue
        heading = f". {_said(entry.heading, _tagged)}" if entry.heading else ""
        parts.append(f"## {entry.name}{heading} ({entry.what})")
        parts += [_said(paragraph, _tagged) for paragraph in _paragraphs(entry)]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_lines(made: Sheet, paint: Callable[[Piece], str]) -> str:
    """For the terminal; paint says how a changed piece looks there."""
    parts = [made.heading, made.counts]
    for entry in made.entries:
        heading = f". {_said(entry.heading, paint)}" if entry.heading else ""
        parts.append(f"== {entry.name}{heading}{f' ({entry.what})' if entry.what else ''}")
        parts += [_said(paragraph, paint) for paragraph in _paragraphs(entry)]
    return "\n\n".join(parts)


def _has_text(entry: Entry) -> bool:
    return bool(entry.paragraphs or entry.pairs or entry.heading)


def _paragraphs(entry: Entry) -> Iterable[Paragraph]:
    yield from entry.paragraphs
    for row in entry.pairs:
        yield from row.old
        yield from row.new


def _said(paragraph: Paragraph, changed: Callable[[Piece], str]) -> str:
    return "".join(piece.text if piece.kind == "same" else changed(piece) for piece in paragraph)


def _tagged(piece: Piece) -> str:
    tag = "ins" if piece.kind == "inserted" else "del"
    words = piece.text.lstrip()
    return f"{' ' * (len(words) < len(piece.text))}<{tag}>{words}</{tag}>"
