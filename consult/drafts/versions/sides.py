"""Compared words set out for reading: as paragraphs of marked text, or the two wordings beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from consult.drafts.versions.comparison import BREAK, Kind, Piece

PILCROW = "¶"
Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Paragraphs of the old wording beside those of the new one that stand for them; one side may be empty."""

    old: tuple[Paragraph, ...]
    new: tuple[Paragraph, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.kind == "same" for side in (self.old, self.new) for part in side for piece in part)


def marked(pieces: Iterable[Piece]) -> tuple[Paragraph, ...]:
    """Paragraphs of one text that holds both wordings. Where only the end of a paragraph came or went, a ¶ shows it."""
    made: list[list[Piece]] = []
    for ended, part in _paragraphs(pieces):
        if made and ended != "same" and made[-1][-1].kind == part[0].kind == "same":
            made[-1].append(Piece(ended, PILCROW))
        made.append(part)
    return tuple(_tidy(part) for part in made)


def side_by_side(pieces: Iterable[Piece]) -> tuple[Pair, ...]:
    """Rows for two columns: one for each paragraph that both have, and for each that only one has."""
    rows: list[tuple[list[Paragraph], list[Paragraph]]] = []
    for ended, part in _paragraphs(pieces):
        old = [piece for piece in part if piece.kind != "inserted"]
        new = [piece for piece in part if piece.kind != "deleted"]
        if not rows or ended == "same" or not old or not new or not all(rows[-1]):
            rows.append(([], []))
        for side, words in zip(rows[-1], (old, new), strict=True):
            if not words:
                continue
            if side and ended != ("deleted" if words is old else "inserted"):
                side[-1] = (*side[-1], *words)
            else:
                side.append(_tidy(words))
    return tuple(Pair(tuple(old), tuple(new)) for old, new in rows)


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[tuple[Kind, list[Piece]]]:
    """Each paragraph with what happened to the break before it."""
    ended: Kind = "same"
    part: list[Piece] = []
    for piece in pieces:
        for index, text in enumerate(piece.text.split(BREAK)):
            if index:
                if part:
                    yield ended, part
                    part, ended = [], piece.kind
                elif piece.kind == "same":
                    ended = "same"
            if text:
                part.append(Piece(piece.kind, text))
    if part:
        yield ended, part


def _tidy(pieces: Sequence[Piece]) -> Paragraph:
    """A paragraph does not begin with a blank."""
    first, *rest = pieces
    return (Piece(first.kind, first.text.lstrip()), *rest)
