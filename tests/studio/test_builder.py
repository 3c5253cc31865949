"""Conditions built from questions, operators and values: their text, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.studio import builder
from consult.studio.builder import Group, Term
from consult.surveys.conditions import terms, type_checks
from tests.surveys.makers import free, matrix, multiple, number, scale, single, survey

ASKED = survey(single(), multiple(), number(), scale(), free(), matrix(), single("last"))
KNOWN = {one.name: one for one in builder.askable(ASKED, "question-last")}
SCOPE = {q.key: v for q in ASKED.questions if q.key != "last" and (v := terms.variable(q)) is not None}


@st.composite
def chosen(draw: st.DrawFn) -> Term:
    asked = KNOWN[draw(st.sampled_from(sorted(KNOWN)))]
    operator = draw(st.sampled_from(asked.operators))
    codes = [code for code, _ in asked.options]
    match asked.picks(operator):
        case "one":
            values: tuple[str, ...] = (draw(st.sampled_from(codes)),)
        case "several":
            values = tuple(draw(st.lists(st.sampled_from(codes), min_size=1, unique=True)))
        case "number":
            values = (str(draw(st.integers(-20, 200))),)
        case "words":
            values = (draw(st.sampled_from(("парк", "a 'b' \"c\"", "\\n", "ბაღი"))),)
        case _:
            values = ()
    return Term(asked.name, operator, values)


joints = st.sampled_from(("all", "any"))
nested = st.builds(Group, joints, st.lists(chosen(), min_size=2, max_size=3).map(tuple))


@given(joints, st.lists(st.one_of(chosen(), nested), min_size=2, max_size=4))
def test_text_and_back_is_the_same_condition(joint: builder.Joint, items: list[Term | Group]) -> None:
    made = Group(joint, tuple(items))
    assert builder.is_complete(made, KNOWN)
    again = builder.group(builder.text(made), KNOWN)
    assert again is not None and builder.text(again) == builder.text(_flat(made))


def _flat(group: Group) -> Group:
    """A group within one of the same kind says nothing of its own."""
    items: list[Term | Group] = []
    for item in group.items:
        items += item.items if isinstance(item, Group) and item.joint == group.joint else (item,)
    return Group(group.joint, tuple(items))


@given(chosen())
def test_every_term_passes_the_checks_of_types(term: Term) -> None:
    known = {"This can never be met. Correct it, or remove what it hides."}
    found = type_checks.check(builder.text(term), SCOPE)
    assert {one.message for one in found} <= known


@pytest.mark.parametrize("source", ["age + 1 > 3", "modes.exists(m, m == 'bus')", "age >", "colour == 'green'", "true"])
def test_what_cannot_be_built_stays_text(source: str) -> None:
    assert builder.group(source, KNOWN) is None


def test_only_earlier_questions_are_offered() -> None:
    assert [one.name for one in builder.askable(ASKED, "question-age")] == ["colour", "modes"]
    assert builder.askable(ASKED, "page-one") == ()
