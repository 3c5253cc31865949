"""2,000 pairs of a random survey and random answers: what the server hides, the residents' scripts hide in Chromium."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import msgspec
from playwright.async_api import Browser

from consult.studio.vectors import decisions, told
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d
from consult.web.templating import static
from tests.surveys import random_surveys

SURVEYS, FORMS = 200, 10
DECIDE = """async ([conditions, certificate, surveys]) => {
    const [residents, { hiddenBlocks }] = await Promise.all([import(conditions), import(certificate)]);
    return surveys.map((told) => {
        residents.prepare(told.variables);
        return told.cases.map((fields) => hiddenBlocks(residents, told, fields).sort());
    });
}"""


def looked_at(compiled: Compiled) -> set[type[d.AnyQuestion]]:
    return {type(question) for question in compiled.definition.questions if question.key in compiled.used}


async def test_two_thousand_pairs_of_random_surveys_and_answers_agree(site: str, browser: Browser) -> None:
    draw = random.Random(20261122)
    given: list[dict[str, Any]] = []
    pairs: list[tuple[Compiled, Fields, list[str]]] = []
    kinds: set[type[d.AnyQuestion]] = set()
    for number in range(SURVEYS):
        definition = random_surveys.survey(draw, number)
        compiled = Compiled(definition)
        forms = [random_surveys.left_with(compiled, random_surveys.form(draw, definition)) for _ in range(FORMS)]
        given.append(msgspec.to_builtins(msgspec.structs.replace(told(compiled, definition.key, 1), cases=forms)))
        pairs += [(compiled, *pair) for pair in zip(forms, decisions(compiled, forms), strict=True)]
        kinds |= looked_at(compiled)
    tab = await browser.new_page()
    await tab.goto(f"{site}/en/")
    decided = await tab.evaluate(DECIDE, [static("conditions.js"), static("certificate.js"), given])
    await tab.close()
    assert len(pairs) == sum(map(len, decided)) == 2000
    found = [names for one in decided for names in one]
    for (compiled, form, expected), names in zip(pairs, found, strict=True):
        differing = set(names) ^ set(expected)
        assert not differing, (differing, form, _conditions(compiled, differing))
    assert kinds == set(random_surveys.KINDS) - {d.Information}
    _tries_both_sides(pairs)


def _conditions(compiled: Compiled, names: set[str]) -> list[str]:
    blocks = [block for number in range(len(compiled.pages)) for block in compiled.blocks(number)]
    return [block.text for block in blocks if block.name in names]


def _tries_both_sides(pairs: list[tuple[Compiled, Fields, list[str]]]) -> None:
    """Most conditions hide their block in some of the ten forms and show it in others."""
    hidden = Counter((compiled.definition.key, name) for compiled, _, names in pairs for name in names)
    blocks = sum(len(compiled.blocks(page)) for compiled, *_ in pairs[::FORMS] for page in range(len(compiled.pages)))
    assert blocks > 1500
    assert 0.25 < hidden.total() / (blocks * FORMS) < 0.75
    assert sum(times < FORMS for times in hidden.values()) > blocks / 2
