"""Conditions: our vectors on the server's engine, the type check, dead branches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consult.surveys.conditions.expression import ANSWERED, SyntaxFault, names, normal, parse
from consult.surveys.conditions.terms import Variable, compile_one, is_met
from consult.surveys.conditions.type_checks import check

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
SCOPE = {
    "colour": Variable("text", codes=("red", "blue")),
    "modes": Variable("texts", codes=("bus", "car", "foot")),
    "age": Variable("number", low=14, high=110),
    "wish": Variable("text"),
    "grid": Variable("matrix", rows=("waste", "parks"), row_kind="number", low=1, high=5),
    "habits": Variable("matrix", codes=("daily", "never"), rows=("bus",), row_kind="text"),
}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["expression"])
def test_server_engine_agrees_with_the_vectors(vector: dict[str, Any]) -> None:
    assert normal(parse(vector["expression"])) == vector["normal"]
    variables = frozenset(VECTORS["data"]) - {ANSWERED} | {"nobody"}
    result = compile_one(vector["normal"], variables).eval(data=VECTORS["data"])
    if vector.get("error"):
        assert result.type().name() == "*error*" or not isinstance(result.value(), bool)
        assert not is_met(compile_one(vector["normal"], variables), VECTORS["data"])
    else:
        assert result.value() is vector["value"]


def test_normal_form_is_stable() -> None:
    for vector in VECTORS["vectors"]:
        text = vector["normal"]
        if not any(made in text for made in ("_answered", "double(", "dyn(")):
            assert normal(parse(text)) == text


@pytest.mark.parametrize(
    "good",
    [
        "colour == 'red'", "colour in ['red', 'blue'] && age >= 18", "'bus' in modes", "count(modes) >= 2",
        "grid.waste <= 2 || grid['parks'] <= 2", "answered(wish)", "!answered(grid.waste)", "habits.bus == 'daily'",
        "modes.exists(m, m == 'bus')", "size(wish) > 10", "wish.contains('park')",
        "age * 2 > 50 ? colour == 'red' : true",
        "answered(colour) && colour != 'red'", "[18, 19].exists(n, n == age)",
    ],
)  # fmt: skip
def test_sound_condition_passes(good: str) -> None:
    assert check(good, SCOPE) == []


@pytest.mark.parametrize(
    ("bad", "column", "word"),
    [
        ("colour = 'red'", 8, "=="),
        ("colour == red", 11, "red"),
        ("nothing == 'x'", 1, "nothing"),
        ("colour == 'green'", 11, "green"),
        ("colour in ['red', 'green']", 19, "green"),
        ("'tram' in modes", 1, "tram"),
        ("colour > 3", 1, "number"),
        ("age == 'old'", 8, "text"),
        ("wish > 18", 1, "number"),
        ("modes == 'bus'", 1, "in"),
        ("modes == 3", 1, "in"),
        ("grid == 3", 1, "row"),
        ("grid.roads == 3", 1, "roads"),
        ("colour.x == 3", 1, "matrix"),
        ("habits.bus == 'weekly'", 15, "weekly"),
        ("habits.bus > 2", 1, "number"),
        ("age", 1, "yes or no"),
        ("count(modes)", 1, "yes or no"),
        ("count(age) > 1", 7, "several"),
        ("size(age) > 1", 6, "list"),
        ("answered('age')", 10, "key"),
        ("age > 18 > 3", 10, "&&"),
        ("age && true", 1, "yes or no"),
        ("'b' < 'c'", 1, "number"),
        ("[1, 'a'].exists(v, true)", 1, "list"),
        ("modes.exists(age, age == 'bus')", 7, "age"),
        ("modes.map(m, m)", 7, "map"),
        ("matches(wish, 'x')", 1, "matches"),
        ("age % 2 == 0", 5, "%"),
        ("", 1, "early"),
        ("age >", 6, "early"),
        ("(age > 3", 9, "early"),
        ("age > 3)", 8, ")"),
        ("colour == 'red", 11, "'"),
        ("a.b.c == 1", 5, "row"),
        ("colour == null", 11, "null"),
        ("later == 3", 1, "later"),
        ("!" * 200 + "true", 1, "nested"),
        ("(" * 200, 31, "nested"),
        ("true" + " && true" * 400, 1, "longer"),
    ],
)
def test_fault_is_told_at_its_character(bad: str, column: int, word: str) -> None:
    found = check(bad, SCOPE, later=frozenset({"later"}))
    assert found, bad
    told = found[0].message % found[0].parameters
    assert found[0].column == column, told
    assert word in told


@pytest.mark.parametrize(
    "dead",
    [
        "false", "1 > 2", "colour == 'red' && colour == 'blue'", "age < 10", "age > 20 && age < 15", "grid.waste > 5",
        "count(modes) > 1 && !answered(modes)", "answered(age) && !answered(age)",
        "'bus' in modes && !('bus' in modes)",
    ],
)  # fmt: skip
def test_condition_that_can_never_be_met_is_found(dead: str) -> None:
    found = check(dead, SCOPE)
    if "count(" in dead:
        assert found == []  # sizes are not tried out
    else:
        assert "never" in found[0].message


def test_names_of_questions_are_listed_without_bound_names() -> None:
    tree = parse("modes.exists(m, m == 'bus') && grid.waste > age || answered(wish)")
    assert names(tree) == {"modes", "grid", "age", "wish"}


@pytest.mark.parametrize("bad", ["'\\ud800'", "'\\q'", "#", "a ? b", "a[0]", "modes.exists(1, true)", "f(a, b)", "_x"])
def test_text_that_is_no_condition_raises(bad: str) -> None:
    with pytest.raises(SyntaxFault):
        parse(bad)
