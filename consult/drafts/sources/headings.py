"""Recognising headings of chapters, articles and annexes by their words, as people write them in four languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consult.drafts.regulation import ANNEX_WORDS, ARTICLE_WORDS, CHAPTER_WORDS, NUMBER
from consult.drafts.sources.block import Block

LONGEST = 300
_ARTICLES = {word.lower(): word for word in ARTICLE_WORDS.values()}
_ARTICLES |= {"чл.": "Член", "art.": "Article"}
_CHAPTERS = {word.lower(): word for words in CHAPTER_WORDS.values() for word in words}
_ANNEXES = {word.lower(): word for words in ANNEX_WORDS.values() for word in words}
_ROMAN = r"[IVXLCІХ]{1,7}[a-zа-ш]?"
_ORDINALS = (
    r"(?:прв|втор|трет|четврт|петт|шест|седм|осм|деветт|десетт|единаесетт|дванаесетт)[аио]"
    r"|პირველი|მეორე|მესამე|მე-?\d{1,2}|მეოთხე|მეხუთე|მეექვსე|მეშვიდე|მერვე|მეცხრე|მეათე"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth"
)
_COUNTED = rf"(?:\d{{1,3}}(?:[-–]?[a-zа-ш](?!\w)|[⁰¹²³⁴-⁹]{{1,2}})?|{_ROMAN}|{_ORDINALS})(?![\w])"
_END = r"(?:\s*[.:–—-]+\s*|\s+|$)"


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ARTICLE = re.compile(
    rf"({_alternatives(_ARTICLES)})\s*(?:№|No\.?|бр\.)?\s*({NUMBER})\s*([.:–—-]*)\s*(.*)", re.IGNORECASE
)
_CHAPTER = re.compile(rf"({_alternatives(_CHAPTERS)})\s+(?:№\s*)?({_COUNTED}){_END}(.*)", re.IGNORECASE)
_COUNTED_CHAPTER = re.compile(rf"({_COUNTED})\s+({_alternatives(_CHAPTERS)}){_END}(.*)", re.IGNORECASE)
_ROMAN_CHAPTER = re.compile(rf"({_ROMAN})(?:\s*[.)–—-]\s*|\s+)(\D.*)")
_ANNEX = re.compile(
    rf"({_alternatives(_ANNEXES)})(?:\s*(?:№|No\.?|бр\.)?\s*(\d{{1,3}}|{_ROMAN}|[a-zа-шა-ჰ](?!\w)))?{_END}(.*)",
    re.IGNORECASE,
)
_QUOTES = "„“”\"«»'‘’"


@dataclass(frozen=True, slots=True)
class Heading:
    """kind: "article", "annex" or "chapter". word is written as our format has it, number as the file has it."""

    kind: str
    word: str
    number: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.word} {self.number}".strip()

    def line(self, title: str = "") -> str:
        """The heading in our format."""
        title = title or self.title
        return f"{'#' if self.kind == 'chapter' else '##'} {self.name}{f'. {title}' if title else ''}"


def normal(text: str) -> str:
    """Hyphens that do not break and spaces of other widths as plain ones; Georgian capitals as letters."""
    return re.sub(r"\s+", " ", text.replace("\u2011", "-").replace("\u2010", "-")).strip()


def looks_like_a_heading(block: Block) -> bool:
    """A short line that stands out and is no sentence."""
    if block.kind in ("text", "item", "table") or not block.plain or len(block.plain) > LONGEST:
        return False
    stands_out = block.is_centred or block.is_strong or block.kind in ("heading", "title") or is_capitals(block.plain)
    return stands_out and block.plain[-1] not in ";:," and not re.match(r"[(\d\-–•]", block.plain)


def is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and all(letter.isupper() for letter in letters)


def names_an_article(number: str, words: str) -> bool:
    """Whether an automatic number makes a line the heading of an article: “Член 3”, and a title behind it."""
    found = _ARTICLE.fullmatch(normal(number))
    return found is not None and not found[4] and len(words) <= LONGEST and words[-1:] not in tuple(".;:,")


def recognise(block: Block) -> Heading | None:
    """The heading that a block is; None for words of the text, such as “Article 5 is repealed.”"""
    if block.kind in ("text", "item", "table") or not block.plain or len(block.plain) > LONGEST:
        return None
    text = normal(block.plain)
    if text[0] in _QUOTES:
        return None
    stands_out = block.is_centred or block.is_strong or block.kind == "heading"
    return _article(text, stands_out) or _annex(text, stands_out) or _chapter(text, stands_out)


def _article(text: str, stands_out: bool) -> Heading | None:
    found = _ARTICLE.fullmatch(text)
    if found is None:
        return None
    word, number, separator, title = found.groups()
    # "Член 5 се брише." and "Article 4, paragraph 2, ..." are words of the text.
    if title and not stands_out and (not separator or title[-1] in ":;," or title[0] in ",;)"):
        return None
    return Heading("article", _ARTICLES[word.lower()], re.sub(r"\s", "", number), title.strip())


def _annex(text: str, stands_out: bool) -> Heading | None:
    found = _ANNEX.fullmatch(text)
    if found is None:
        return None
    word, number, title = found.groups()
    if not stands_out and (title[-1:] in (".", ";", ":", ",") or (not number and title) or title[:1].islower()):
        return None
    return Heading("annex", _ANNEXES[word.lower()], number or "", title.strip())


def _chapter(text: str, stands_out: bool) -> Heading | None:
    found = _CHAPTER.fullmatch(text)
    if found is not None:
        word, number, title = found.groups()
        if title and not stands_out and (title[-1] in ".;:," or title[0] in ",;("):
            return None
        return Heading("chapter", _CHAPTERS[word.lower()], number, title.strip())
    found = _COUNTED_CHAPTER.fullmatch(text)
    if found is not None and (stands_out or not found[3]):
        number, word, title = found.groups()
        return Heading("chapter", _CHAPTERS[word.lower()], number, title.strip())
    found = _ROMAN_CHAPTER.fullmatch(text)
    if found is not None and (stands_out or is_capitals(found[2])) and found[2][-1] not in ";:,":
        return Heading("chapter", found[1], "", found[2].strip())
    return None
