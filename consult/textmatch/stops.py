"""Small frequent words of each language, from the files of stopwords/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from consult.textmatch.letters import composed, split

FOLDER = Path(__file__).with_name("stopwords")


def languages() -> tuple[str, ...]:
    """The languages that have a list."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.txt")))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Keys of the words that are left out of counts; none for a language without a list."""
    file = FOLDER / f"{language}.txt"
    if language not in languages():
        return frozenset()
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return frozenset(word.key for line in lines for word in split(composed(line)))
