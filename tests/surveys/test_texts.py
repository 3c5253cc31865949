"""Places of texts: stable, complete, and writable."""

from __future__ import annotations

import msgspec
import pytest

from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import question_of, slots, texts, with_text, with_texts
from tests.surveys.makers import EVERYTHING, options, page, single, survey, text


def test_every_text_of_the_document_has_one_place() -> None:
    definition = load(EVERYTHING.read_bytes())
    listed = [value for _, value in texts(definition)]

    def found(value: object) -> list[object]:
        if isinstance(value, dict):
            if value and set(value) <= set(definition.languages):
                return [value]
            return [one for inner in value.values() for one in found(inner)]
        return [one for inner in value for one in found(inner)] if isinstance(value, list | tuple) else []

    assert sorted(map(str, listed)) == sorted(map(str, found(d.to_builtins(definition))))
    places = [slot.place for slot in slots(definition)]
    assert len(places) == len(set(places))


def test_place_outlives_moving() -> None:
    one, two = single("one"), single("two")
    here = survey(pages=(page(one, two),))
    there = survey(pages=(page(two, key="other"), page(one)))
    moved = dict(texts(there))
    assert {place: moved[place] for place, _ in texts(here)} == dict(texts(here))


def test_text_is_set_and_taken_out() -> None:
    before = survey(single(options=options("red", "blue")), languages=("mk", "en"))
    after = with_text(before, "questions.colour.options.red.text", "mk", "Црвена")
    changed = after.question("colour")
    assert isinstance(changed, d.Single)
    assert list(changed.options[0].text.items()) == [("mk", "Црвена"), ("en", "Red")]
    assert with_text(after, "questions.colour.options.red.text", "mk", "") == before


def test_text_that_was_left_out_is_made() -> None:
    after = with_texts(survey(), {("thanks", "en"): "Thank you.", ("design.description", "en"): "All."})
    assert (after.thanks, after.design.description) == (text("Thank you."), text("All."))


def test_unknown_place_is_refused() -> None:
    with pytest.raises(KeyError):
        with_text(survey(), "questions.nothing.text", "en", "x")


def test_question_of_a_place() -> None:
    assert [question_of(place) for place in ("title", "pages.one.title", "questions.age.rows.x.text")] == [
        "",
        "",
        "age",
    ]


def test_labels_rules_and_pictures_have_places() -> None:
    image = d.Image(file="a.png", alt=text("A tree"))
    question = msgspec.structs.replace(
        single(), image=image, rules=(d.Rule(must="true", message=text("No")),), hint=text("Hint")
    )
    found = dict(texts(survey(question, quotas=(d.Quota(key="full", when="true", limit=3, text=text("Full")),))))
    assert found["questions.colour.image.alt"] == text("A tree")
    assert found["questions.colour.rules.0.message"] == text("No")
    assert found["quotas.full.text"] == text("Full")
