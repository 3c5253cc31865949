"""Automatic numbers of Word: what the program shows before a paragraph and no text of the file contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from consult.drafts.sources.archive import attribute, child, local

DEEPEST_LEVEL = 8
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_GEORGIAN = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    style: str = ""
    restarts: int | None = None
    is_legal: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """One w:num: the abstract list whose counters it shares, its levels and where it starts anew."""

    shared: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


def roman(number: int) -> str:
    told = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value) if number < 4000 else (0, number)
        told += letters * count
    return told


def _letters(alphabet: str) -> Callable[[int], str]:
    """a ... z, aa, bb, as Word counts."""
    return lambda number: alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)


_LATIN = "abcdefghijklmnopqrstuvwxyz"
_KINDS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters(_LATIN),
    "upperLetter": lambda number: _letters(_LATIN)(number).upper(),
    "lowerRoman": lambda number: roman(number).lower(),
    "upperRoman": roman,
    "russianLower": _letters(_RUSSIAN),
    "russianUpper": lambda number: _letters(_RUSSIAN)(number).upper(),
    "georgian": _letters(_GEORGIAN),
    "none": lambda number: "",
}


def counted(number: int, kind: str) -> str:
    maker = _KINDS.get(kind)
    return maker(number) if maker and 0 < number < 4000 else str(number)


@dataclass(slots=True)
class Numbering:
    """Counts while the paragraphs go by in their order."""

    lists: Mapping[str, List]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of(self, list_id: str, style: str) -> int:
        """The level that a style stands for in its list."""
        found = self.lists.get(list_id)
        return next((depth for depth, level in found.levels.items() if level.style == style), 0) if found else 0

    def next(self, list_id: str, depth: int) -> tuple[str, bool]:
        """What stands before the next paragraph of this list, and whether it is only a sign of a bulleted list."""
        found = self.lists.get(list_id)
        level = found.levels.get(depth) if found else None
        if found is None or level is None:
            return "", False
        if level.kind == "bullet":
            return "", True
        counters = self._counters.setdefault(found.shared, {})
        if depth in found.starts and (list_id, depth) not in self._begun:
            counters.pop(depth, None)
        self._begun.add((list_id, depth))
        start = found.starts.get(depth, level.start)
        counters[depth] = counters[depth] + 1 if depth in counters else start
        for deeper in [other for other in counters if other > depth]:
            limit = found.levels[deeper].restarts if deeper in found.levels else None
            if limit is None or depth < limit:
                del counters[deeper]
        return self._shown(found, level, counters), False

    @staticmethod
    def _shown(found: List, level: Level, counters: Mapping[int, int]) -> str:
        text = level.text
        for depth in range(DEEPEST_LEVEL + 1):
            if f"%{depth + 1}" in text:
                own = found.levels.get(depth, Level())
                kind = "decimal" if level.is_legal else own.kind
                text = text.replace(f"%{depth + 1}", counted(counters.get(depth, own.start), kind))
        return text.strip()


def read(root: Element | None) -> Numbering:
    """Read numbering.xml."""
    abstract: dict[str, Element] = {}
    by_style: dict[str, str] = {}
    numbers: dict[str, Element] = {}
    for element in root if root is not None else ():
        if local(element) == "abstractNum":
            key = attribute(element, "abstractNumId")
            abstract[key] = element
            if (linked := child(element, "styleLink")) is not None:
                by_style[attribute(linked, "val")] = key
        elif local(element) == "num":
            numbers[attribute(element, "numId")] = element
    return Numbering({key: _list(element, abstract, by_style) for key, element in numbers.items()})


def _list(element: Element, abstract: Mapping[str, Element], by_style: Mapping[str, str]) -> List:
    key = attribute(child(element, "abstractNumId"), "val")
    shared = abstract.get(key)
    if shared is not None and (link := child(shared, "numStyleLink")) is not None:
        key = by_style.get(attribute(link, "val"), key)
        shared = abstract.get(key)
    levels = {_depth(one): _level(one) for one in shared if local(one) == "lvl"} if shared is not None else {}
    starts: dict[int, int] = {}
    for override in element:
        if local(override) == "lvlOverride":
            if (own := child(override, "lvl")) is not None:
                levels[_depth(override)] = _level(own)
            if (start := child(override, "startOverride")) is not None:
                starts[_depth(override)] = _number(attribute(start, "val"), 1)
    return List(key, levels, starts)


def _depth(element: Element) -> int:
    return min(_number(attribute(element, "ilvl"), 0), DEEPEST_LEVEL)


def _level(element: Element) -> Level:
    restart = child(element, "lvlRestart")
    legal = child(element, "isLgl")
    return Level(
        start=_number(attribute(child(element, "start"), "val"), 1),
        kind=attribute(child(element, "numFmt"), "val", "decimal"),
        text=attribute(child(element, "lvlText"), "val")[:80],
        style=attribute(child(element, "pStyle"), "val"),
        restarts=_number(attribute(restart, "val"), 0) if restart is not None else None,
        is_legal=legal is not None and attribute(legal, "val", "1") not in ("0", "false"),
    )


def _number(written: str, default: int) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else default
