"""Edits as functions: what they do, and that going back gives what was before."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.studio import edits, naming
from consult.studio.fields import TYPES, form_for
from consult.studio.merging import built, leaves, merged
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.surveys.makers import EVERYTHING, multiple, page, scale, single, survey

WHOLE = load(EVERYTHING.read_bytes())
PLACES = [f"page-{one.key}" for one in WHOLE.pages] + [f"question-{one.key}" for one in WHOLE.questions]


@given(st.sampled_from(PLACES), st.sampled_from((-1, 1)))
def test_moving_there_and_back_changes_nothing(place: str, step: int) -> None:
    moved = edits.move(WHOLE, place, step)
    back = edits.move(moved.definition, place, -step) if moved.said else moved
    assert back.definition == WHOLE


@given(st.sampled_from(PLACES))
def test_deleting_a_copy_gives_what_was_before(place: str) -> None:
    copied = edits.duplicate(WHOLE, place)
    assert len(copied.definition.questions) > len(WHOLE.questions) or place.startswith("page-")
    assert edits.delete(copied.definition, copied.at).definition == WHOLE


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(("move", "delete", "duplicate", "add")), st.integers(0, 40)), max_size=12))
def test_every_edit_gives_a_definition_that_can_be_kept(steps: list[tuple[str, int]]) -> None:
    definition = WHOLE
    for name, number in steps:
        places = [f"page-{one.key}" for one in definition.pages] + [f"question-{key}" for key in _keys(definition)]
        place = places[number % len(places)]
        if name == "add":
            kind = list(TYPES)[number % len(TYPES)]
            definition = edits.add_question(definition, kind, definition.pages[-1].key).definition
        elif name == "move":
            definition = edits.move(definition, place, 1 if number % 2 else -1).definition
        elif name == "duplicate":
            definition = edits.duplicate(definition, place).definition
        elif len(definition.pages) > 1 or place.startswith("question-"):
            definition = edits.delete(definition, place).definition
        assert len(set(_keys(definition))) == len(_keys(definition))
        assert d.from_builtins(d.to_builtins(definition)) == definition


def _keys(definition: d.Definition) -> list[str]:
    return [question.key for question in definition.questions]


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_begins_and_has_a_form(kind: str) -> None:
    made = edits.new_question(kind, "new")
    names = [one.name for one in form_for(made).all]
    assert names[0] == "text" and names[-1] == "key"
    unasked = {spec.name for spec in msgspec.structs.fields(made)} - set(names)
    assert unasked <= {"show_if"}


def test_the_last_page_stays() -> None:
    with pytest.raises(edits.LastPage):
        edits.delete(survey(), "page-one")


def test_what_refers_to_a_question_follows_its_new_key() -> None:
    asked = survey(
        single("colour"),
        scale("mood", show_if="colour == 'red' && 'colour' != 'x'", text={"en": "Why ${colour}, not $${colour}?"}),
        results=d.Results(breaks=("colour",)),
    )
    changed = edits.change_question(asked, "colour", single("paint")).definition
    assert changed.question("mood").show_if == "paint == 'red' && 'colour' != 'x'"
    assert changed.question("mood").text == {"en": "Why ${paint}, not $${colour}?"}
    assert changed.results.breaks == ("paint",)


def test_another_type_keeps_what_both_know() -> None:
    changed = edits.change_type(survey(single(hint={"en": "One."})), "colour", "multiple").definition.question("colour")
    assert isinstance(changed, d.Multiple)
    assert changed.options == single().options and changed.hint == {"en": "One."}


def test_a_part_that_is_gone_is_said_so() -> None:
    with pytest.raises(edits.Gone):
        edits.delete(survey(), "question-nothing")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Автобус", "avtobus"),
        ("Ѓорче Петров, Џепчиште", "gjorche_petrov_dzhepchishte"),
        ("საჯარო ტრანსპორტი", "sajaro_transporti"),
        ("Škola & čaj", "skola_caj"),
        ("2 times", "times"),
    ],
)
def test_keys_are_suggested_in_latin_letters(words: str, key: str) -> None:
    assert naming.key_from(words) == key


def test_a_name_that_somebody_chose_is_left_alone() -> None:
    assert not naming.is_own_choice("option_2", "Bus")
    assert not naming.is_own_choice("bus", "Bus")
    assert naming.is_own_choice("line_2", "Bus")


# Two people at once


@pytest.mark.parametrize("question", WHOLE.questions, ids=lambda question: question.key)
def test_a_part_is_put_together_again_from_its_leaves(question: d.AnyQuestion) -> None:
    plain = edits.plain_of(question)
    assert built(leaves(plain)) == plain


def test_changes_of_both_are_kept() -> None:
    base = edits.plain_of(multiple())
    mine = edits.plain_of(multiple(text={"en": "How do you travel?"}))
    theirs = edits.plain_of(multiple(codes=("car", "bus", "tram"), required=True))
    found, clashes = merged(base, mine, theirs)
    assert clashes == []
    assert found["text"] == {"en": "How do you travel?"} and found["required"] is True
    assert [option["code"] for option in found["options"]] == ["car", "bus", "tram"]


def test_the_same_field_changed_twice_is_a_clash() -> None:
    base = edits.plain_of(single(text={"en": "Which?"}))
    mine = edits.plain_of(single(text={"en": "Mine?"}))
    found, clashes = merged(base, mine, edits.plain_of(single(text={"en": "Theirs?"})))
    assert [(one.path, one.mine, one.theirs) for one in clashes] == [("text.en", "Mine?", "Theirs?")]
    assert found["text"] == {"en": "Mine?"}


def test_a_question_goes_over_to_the_next_page() -> None:
    two = survey(pages=(page(single()), page(scale(), key="two")))
    moved = edits.move(two, "question-colour", 1)
    assert [len(one.questions) for one in moved.definition.pages] == [0, 2]
    assert moved.parameters["page"] == 2
