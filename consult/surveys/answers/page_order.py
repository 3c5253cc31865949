"""Pages in random order: which of them may change places, and where they stand for one respondent.

Those that nothing depends on and that depend on nothing change places; the others, the first and those that screen out
keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consult.surveys.answers import piping
from consult.surveys.answers.blocks import AskedPage
from consult.surveys.answers.ordering import order_of
from consult.surveys.conditions.expression import names, parse
from consult.surveys.definition import schema as d


def moving(pages: Iterable[AskedPage]) -> tuple[int, ...]:
    """The pages that may change places: nothing depends on them and they depend on nothing."""
    depends: set[int] = {0}
    needed: frozenset[str] = frozenset()
    found = list(pages)
    for number, page in enumerate(found):
        looks = looks_at(page) - page.own
        if looks or page.condition is not None or page.ends:
            depends.add(number)
        needed |= looks
    return tuple(n for n, page in enumerate(found) if n not in depends and not page.own & needed)


def looks_at(page: AskedPage) -> frozenset[str]:
    """What the conditions, rules, values and texts of a page refer to."""
    blocks = [page.condition] if page.condition else []
    for asked in page.questions:
        blocks += [asked.condition] if asked.condition else []
        blocks += [block for _, block in asked.parts] + [rule for rule, _ in asked.rules]
    used = frozenset(name for block in blocks for name in block.looks_at) | piping.keys_of(page.page)
    for asked in page.questions:
        if isinstance(asked.question, d.Calculated):
            used |= names(parse(asked.question.value))
    return used


def turned(pages: Sequence[AskedPage], moving: tuple[int, ...], variant: int) -> tuple[int, ...]:
    """The numbers of all pages in the order of a variant (see ordering)."""
    keys = [pages[number].page.key for number in moving]
    order = order_of(variant, "pages", keys)
    number_of = dict(zip(keys, moving, strict=True))
    places = {number: number_of[key] for number, key in zip(moving, order, strict=True)}
    return tuple(places.get(number, number) for number in range(len(pages)))
