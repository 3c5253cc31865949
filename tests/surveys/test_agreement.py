"""The server's engine and the browser's agree: our vectors, and random answers to random conditions, in Node.

The browser's engine is run from the packages that the asset build installed; where they are not installed the build
itself has failed or has not been run, and this says so.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from consult.surveys.answers.flow import Compiled
from consult.surveys.conditions.expression import ANSWERED, normal, parse
from consult.surveys.conditions.terms import compile_one, is_met
from consult.surveys.definition import schema as d
from consult.surveys.pages.views import for_browser
from consult.web.assets import FRONTEND, build, toolchain
from tests.surveys.makers import (
    DONT_KNOW,
    allocation,
    free,
    matrix,
    multiple,
    number,
    options,
    ranking,
    scale,
    several,
    single,
    smiley,
    survey,
)

SCRIPT = """
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const resolve = createRequire(process.argv[2]).resolve;
const { Environment } = await import(pathToFileURL(resolve("@marcbachmann/cel-js")));
const environment = new Environment({ unlistedVariablesAreDyn: true });
const outcomes = JSON.parse(readFileSync(0)).map(({ normal, data }) => {
  try { return environment.parse(normal)(data) === true; } catch { return false; }
});
console.log(JSON.stringify(outcomes));
"""
QUESTIONS = (
    single(options=(*options("red", "blue"), *options("other", other=True))),
    multiple(),
    number(outside=(DONT_KNOW,), decimals=1),
    scale(outside=(DONT_KNOW,)),
    matrix(outside=(DONT_KNOW,)),
    free(),
    several(),
    ranking(top=2),
    allocation(),
    smiley(outside=(DONT_KNOW,)),
)
TERMS = (
    "colour == 'red'", "colour != 'blue'", "colour in ['red', 'other']", "'bus' in modes", "count(modes) >= 2",
    "modes.exists(m, m == 'car')", "modes.all(m, m != 'foot')", "age >= 18", "age * 2 < 50", "age in [18, 19.5]",
    "mood <= 2", "services.waste > 3", "services.parks == services.waste", "answered(mood)", "answered(services.parks)",
    "wish.contains('парк')", "size(wish) > 3", "wish.startsWith('п')", "answered(wish) ? age > 20 : mood > 2",
    "'bus' in travel.weekdays", "count(travel.weekend) > 1", "answered(travel.weekend)", "'waste' in order",
    "budget.parks > budget.streets", "budget.parks == 0", "answered(budget)", "face >= 2",
)  # fmt: skip
PAIRS = 2000
EVERY = frozenset(question.key for question in QUESTIONS)


def in_browser(cases: list[dict[str, Any]]) -> list[bool]:
    build()
    node, _ = toolchain()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "evaluate.mjs"
        script.write_text(SCRIPT, encoding="utf-8")
        command = [*node, str(script), str(FRONTEND / "package.json")]
        answer = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    found: list[bool] = json.loads(answer.stdout)
    return found


def test_vectors_agree() -> None:
    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
    cases = [{"normal": vector["normal"], "data": vectors["data"]} for vector in vectors["vectors"]]
    assert in_browser(cases) == [vector.get("value", False) for vector in vectors["vectors"]]


def condition(draw: random.Random, depth: int = 3) -> str:
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(TERMS)
    kind = draw.choice(["&&", "||", "!", "?"])
    if kind == "!":
        return f"!({condition(draw, depth - 1)})"
    if kind == "?":
        return f"({condition(draw, depth - 1)} ? {condition(draw, depth - 1)} : {condition(draw, depth - 1)})"
    return f"({condition(draw, depth - 1)} {kind} {condition(draw, depth - 1)})"


def sent(draw: random.Random) -> dict[str, list[str]]:
    """What a browser might post."""
    choices: dict[str, list[list[str]]] = {
        "colour": [[], ["red"], ["blue"], ["other"]],
        "modes": [[], ["bus"], ["bus", "foot"], ["car"]],
        "age": [[], ["17"], ["19,5"], ["40"], ["dont_know"]],
        "mood": [[], ["1"], ["5"], ["dont_know"]],
        "services.waste": [[], ["2"], ["5"], ["dont_know"]],
        "services.parks": [[], ["2"], ["5"]],
        "wish": [[], ["парк"], ["п"], ["benches"]],
    }
    choices |= {
        "travel.weekdays": [[], ["bus"], ["foot", "bus"]],
        "travel.weekend": [[], ["car"], ["car", "foot"]],
        "face": [[], ["1"], ["3"], ["dont_know"]],
    }
    form = {name: draw.choice(values) for name, values in choices.items()}
    form |= draw.choice(
        [{}, {"order.waste": ["1"], "order.parks": ["2"]}, {"order.streets": ["3"], "order.parks": ["1"]}]
    )
    return form | draw.choice([{}, {"budget.parks": ["100"]}, {"budget.parks": ["30"], "budget.streets": ["70"]}])


def test_two_thousand_random_pairs_agree() -> None:
    draw = random.Random(20261122)
    compiled = Compiled(survey(*QUESTIONS, free("last", show_if=" && ".join(f"answered({q.key})" for q in QUESTIONS))))
    cases, expected = [], []
    for _ in range(PAIRS):
        tree = parse(condition(draw))
        decoded = compiled.decode(sent(draw))
        assert decoded.problems == []
        cases.append({"normal": normal(tree), "data": decoded.bindings})
        expected.append(is_met(compile_one(normal(tree), EVERY), decoded.bindings))
    assert in_browser(cases) == expected
    assert 200 < sum(expected) < PAIRS - 200


def test_browser_is_told_what_the_server_knows() -> None:
    compiled = Compiled(survey(single(), matrix(), free(show_if="colour == 'red' || services.waste < 3")))
    told = json.loads(for_browser(compiled, 0))
    assert told["blocks"] == [{"name": "wish", "if": '((colour == "red") || (services.waste < 3.0))'}]
    assert told["variables"] == {
        "colour": {"kind": "text", "other": None},
        "services": {"kind": "matrix", "item": "number", "rows": ["waste", "parks"]},
    }


def test_script_in_a_condition_cannot_end_the_data_block() -> None:
    nasty = d.Option(code="x", text={"en": "</script><script>alert(1)</script>"})
    compiled = Compiled(survey(single(options=(nasty, *options("red"))), free("later", show_if="colour == 'x'")))
    wished = Compiled(survey(free(), free("later", show_if="wish == '</script><!--'")))
    assert "<" not in for_browser(compiled, 0) + for_browser(wished, 0)
    assert ANSWERED == "_answered"
