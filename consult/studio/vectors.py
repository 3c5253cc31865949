"""Answer sets that try a survey's conditions, and what the server decides for each.

They are drawn from a seed that is the definition's own hash: the same survey gives the same sets everywhere. Each set
is what a form would send, so that reading the fields is tried as well. Only what conditions look at is filled in: every
code, both ends of every scale and range, the numbers that conditions name with their neighbours, the kinds of missing
answers, and nothing at all.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import msgspec

from consult.surveys.answers.bindings import fields_of
from consult.surveys.answers.flow import Asked, Block, Compiled
from consult.surveys.conditions.expression import parse
from consult.surveys.conditions.terms import variable
from consult.surveys.conditions.trials import constants_in
from consult.surveys.definition import schema as d
from consult.surveys.pages.views import read_by_browser

NUMBER = 200
MOST_DRAWN = 40

Fields = dict[str, list[str]]


class Told(msgspec.Struct, frozen=True):
    """What certificate.js is given."""

    hash: str
    variables: dict[str, Any]
    pages: list[dict[str, Any]]
    cases: list[Fields]


def answer_sets(compiled: Compiled, seed: str, number: int = NUMBER) -> list[Fields]:
    """Sets of fields that the server takes without a fault but for answers that are missing."""
    draw = random.Random(seed)  # noqa: S311 - the same everywhere, and nothing to keep secret
    named = _named(compiled)
    choices = [
        (question.key, found)
        for question in compiled.definition.questions
        if question.key in compiled.used and (found := list(_samples(question, named, draw)))
    ]
    sets: list[Fields] = [{}]
    for place, (_, samples) in enumerate(choices):
        for sample in samples:  # each sample once, the rest at random
            sets.append(_joined(sample, *(draw.choice(other) for n, (_, other) in enumerate(choices) if n != place)))
    draw.shuffle(sets)
    while len(sets) < number:
        sets.append(_joined(*(draw.choice(samples) for _, samples in choices)))
    return [_taken(compiled, one) for one in [{}, *sets][:number]]


def decisions(compiled: Compiled, sets: list[Fields]) -> list[list[str]]:
    """The blocks that the server hides for each set, by name."""
    known = {block.name for page in range(len(compiled.pages)) for block in compiled.blocks(page)}
    return [sorted(compiled.decode(one).hidden & known) for one in sets]


def told(compiled: Compiled, digest: str, number: int = NUMBER) -> Told:
    """Everything that a browser needs to decide the same sets."""
    variables = read_by_browser(compiled, set(compiled.used))
    pages = []
    for page in compiled.pages:
        pages.append(
            {
                "block": _block(page.condition),
                "ends": bool(page.page.screen_out) and not page.page.questions,
                "questions": [_question(asked) for asked in page.questions],
            }
        )
    return Told(digest, variables, pages, answer_sets(compiled, digest, number))


def _block(block: Block | None) -> dict[str, str] | None:
    return None if block is None else {"name": block.name, "if": block.text}


def _question(asked: Asked) -> dict[str, Any]:
    question = asked.question
    rows = {row.code for row in getattr(question, "rows", ())}
    options = getattr(question, "options", ())
    others = {option.code for option in options if option.other}
    parts = []
    for code, block in asked.parts:
        if block.name == f"{question.key}.{code}" and code in rows:
            parts.append({"code": code, "of": [], "fields": [f"{question.key}.{code}"], "block": _block(block)})
        else:
            beside = [f"{question.key}.other"] if code in others else []
            own = f"{question.key}.{code}"
            of = [] if isinstance(question, d.Ranking | d.Allocation) else list(asked.fields)
            parts.append({"code": code, "of": of, "fields": [*beside, own], "block": _block(block)})
    return {
        "block": _block(asked.condition),
        "fields": list(asked.fields),
        "parts": parts,
        "count": len(rows) or len(options),
    }


def _joined(*samples: Fields) -> Fields:
    return {name: values for sample in samples for name, values in sample.items()}


def _taken(compiled: Compiled, fields: Fields) -> Fields:
    """Without what the server finds fault with: a page with a fault is not left, so nothing is decided by it."""
    left = {name: values for name, values in fields.items() if name in compiled.page_of}
    for _ in range(3):
        faulty = {problem.place.partition(".")[0] for problem in compiled.decode(left).problems}
        kept = {name: values for name, values in left.items() if name.partition(".")[0] not in faulty}
        if len(kept) == len(left):
            break
        left = kept
    return left


def _named(compiled: Compiled) -> set[Any]:
    """The numbers and texts that conditions name."""
    found: set[Any] = set()
    for page in range(len(compiled.pages)):
        for block in compiled.blocks(page):
            found |= constants_in(parse(block.source))
    return found


def _samples(question: d.AnyQuestion, named: set[Any], draw: random.Random) -> Iterator[Fields]:
    """Ways to fill in one question; the empty one first."""
    key = question.key
    yield {}
    match question:
        case d.MatrixScale() | d.MatrixSingle() | d.MatrixMultiple():
            values = [*_points(question), *(option.code for option in getattr(question, "options", ()))]
            for _ in range(MOST_DRAWN):
                yield {f"{key}.{row.code}": [draw.choice(values)] for row in question.rows if draw.random() < 0.8}
        case d.Multiple(options=options):
            codes = [option.code for option in options]
            for code in codes:
                yield {key: [code]}
            for two in itertools.islice(itertools.combinations(codes, 2), MOST_DRAWN):
                yield {key: list(two)}
            yield {key: codes}
            yield from ({f"{key}.other": ["x"]} for option in options if option.other)
        case d.Single(options=options):
            yield from ({key: [option.code]} for option in options)
            yield from ({f"{key}.other": ["x"]} for option in options if option.other)
        case d.Ranking(options=options):
            codes = [option.code for option in options]
            for _ in range(len(codes)):
                some = draw.sample(codes, k=min(len(codes), question.top or len(codes)))
                yield {f"{key}.{code}": [str(place)] for place, code in enumerate(some, 1)}
        case d.Allocation(options=options, total=total):
            for option in options:
                yield {f"{key}.{one.code}": [str(total if one is option else 0)] for one in options}
        case d.Number():
            yield from ({key: [written]} for written in _numbers(question, named))
            yield from ({key: [option.code]} for option in question.outside)
        case d.Scaled() | d.Nps():
            yield from ({key: [value]} for value in _points(question))
        case _ if variable(question) is not None and fields_of(question) == (key,):
            texts = sorted(value for value in named if isinstance(value, str))
            yield from ({key: [value]} for value in ["x", *texts[:MOST_DRAWN]] if value.strip())


def _points(question: d.AnyQuestion) -> list[str]:
    values = [str(value) for value in getattr(question, "values", ())]
    return values + [option.code for option in getattr(question, "outside", ())]


def _numbers(question: d.Number, named: set[Any]) -> list[str]:
    wanted = {float(value) + step for value in named if isinstance(value, float) for step in (-1, 0, 1)}
    wanted |= {bound for bound in (question.min, question.max) if bound is not None}
    low = question.min if question.min is not None else float("-inf")
    high = question.max if question.max is not None else float("inf")
    shown = sorted(value for value in wanted | {0.0, 1.0, 1040.0} if low <= value <= high)
    if question.decimals:
        return [f"{value:.1f}".replace(".", ",") for value in shown[:MOST_DRAWN]]
    return [str(int(value)) for value in shown[:MOST_DRAWN]]
