"""Reading survey files: everything wrong is told at once, with its line; hostile files do nothing."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
import yaml

from consult.surveys.authoring import checks
from consult.surveys.authoring.yaml_reading import Fault, InvalidSurvey, load, read, write
from consult.surveys.definition import schema as d
from tests.surveys.makers import EVERYTHING, SAMPLES, multiple, number, options, page, scale, single, survey, text

HEAD = """consult: survey/1
key: small
title: {en: Small}
languages: [en]
pages:
  - key: one
    questions:
"""
QUESTION = (
    "      - {key: colour, type: single, text: {en: Colour?},"
    " options: [{code: red, text: {en: Red}}, {code: blue, text: {en: Blue}}]}\n"
)


def told(source: str | bytes) -> list[str]:
    return [str(fault) for fault in read(source).faults]


def only(source: str | bytes) -> Fault:
    faults = read(source).faults
    assert len(faults) == 1, told(source)
    return faults[0]


def test_samples_have_every_type_and_are_clean() -> None:
    used: set[type] = set()
    for sample in SAMPLES.glob("*.yaml"):
        reading = read(sample.read_bytes())
        assert reading.faults == ()
        assert reading.definition is not None
        used |= {type(question) for question in reading.definition.questions}
    assert used == set(d.AnyQuestion.__args__) - set(d.NOT_YET)


def test_writing_and_reading_gives_the_same_definition() -> None:
    definition = load(EVERYTHING.read_bytes())
    assert load(write(definition)) == definition
    assert write(load(write(definition))) == write(definition)


def test_codes_and_texts_keep_what_was_written() -> None:
    codes = "[{code: yes, text: {en: no}}, {code: 01, text: {en: 1.10}}, {code: null, text: {en: on}}]"
    definition = load(HEAD + f"      - {{key: q1, type: single, text: {{en: yes}}, options: {codes}}}\n")
    question = definition.questions[0]
    assert isinstance(question, d.Single)
    assert [option.code for option in question.options] == ["yes", "01", "null"]
    assert [option.text["en"] for option in question.options] == ["no", "1.10", "on"]
    assert load(write(definition)) == definition


def test_all_problems_come_at_once_with_their_lines() -> None:
    source = HEAD + (
        "      - {key: a, type: singel, text: {en: A}}\n"
        "      - key: b\n"
        "        type: single\n"
        "        text: {en: , mk: Б}\n"
        "        requierd: true\n"
        "        options:\n"
        "          - {code: red, text: {en: Red}}\n"
        "          - {code: red, text: {en: Red}}\n"
        "      - key: c\n"
        "        type: scale\n"
        "        text: {en: C}\n"
        "        points: many\n"
        "        show_if: b == 'green' && later > 3\n"
    )
    by_line = {fault.line: fault for fault in read(source).faults}
    assert "single" in str(by_line[8])
    assert by_line[11].place.startswith("pages.one.questions.b.text")
    assert by_line[12].place == "pages.one.questions.b.requierd"
    assert "required" in str(by_line[12])
    assert by_line[15].place == "pages.one.questions.b.options.red.code"
    assert by_line[19].place == "pages.one.questions.c.points"
    assert {"green", "later"} <= set(re.findall(r"“(\w+)”", " ".join(told(source))))


def test_missing_parts_are_named_once() -> None:
    assert told("consult: survey/1\nkey: small\nlanguages: [en]\npages: []\n") == [
        "line 1: : “title” is missing here. Add it.",
        "line 4: pages: The survey asks nothing yet. Add a question.",
    ]


def test_missing_translation_is_told_with_its_language() -> None:
    head = HEAD.replace("languages: [en]", "languages: [en, ka]").replace("Small}", "Small, ka: პატარა}")
    fault = only(head + QUESTION.replace("Red}", "Red, ka: წითელი}").replace("Blue}", "Blue, ka: ლურჯი}"))
    assert (fault.line, fault.place, fault.parameters) == (8, "pages.one.questions.colour.text", {"language": "ka"})


@pytest.mark.parametrize("key", ["Colour", "1st", "my-key", "a b", "_x", "ж", "x" * 41])
def test_key_with_bad_letters_is_refused(key: str) -> None:
    assert only(HEAD + QUESTION.replace("key: colour", f'key: "{key}"')).place.endswith(".key")


@pytest.mark.parametrize("key", ["in", "true", "answered", "size"])
def test_key_that_is_a_word_of_conditions_is_refused(key: str) -> None:
    assert "condition language" in str(only(HEAD + QUESTION.replace("key: colour", f'key: "{key}"')))


def test_double_key_in_a_block_is_refused() -> None:
    assert only(HEAD + QUESTION + "key: other\n").line == 9


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "empty"),
        ("- a\n- b\n", "block"),
        ("just words\n", "block"),
        ("a: [1, 2\n", "YAML"),
        ("a: b: c\n", "YAML"),
        ("\tkey: x\n", "YAML"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("a: !!python/object/apply:os.system ['true']\n", "tag"),
        ("a: &x 1\nb: &x 2\n", "anchor"),
        ("a: *nowhere\n", "alias"),
        ("a: &a [*a]\n", "alias"),
        ("[" * 5000, "nested"),
        ("a: " + "{b: " * 5000, "nested"),
        (b"key: \xff\xfe", "UTF-8"),
        (b"x" * (2 * 1024 * 1024 + 1), "2 MiB"),
        ("key: a\0b\n", "YAML"),
    ],
)
def test_file_that_is_no_survey_file_gets_one_clear_fault(source: str | bytes, words: str) -> None:
    reading = read(source)
    assert reading.definition is None
    assert words in str(reading.faults[0])
    assert reading.faults[0].line >= 1


def test_bomb_of_aliases_is_refused_quickly() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    assert "aliases" in str(only(bomb))


def test_aliases_for_shared_options_work() -> None:
    source = HEAD + (
        "      - {key: a, type: single, text: {en: A}, options: &yesno"
        " [{code: yes, text: {en: Yes}}, {code: no, text: {en: No}}]}\n"
        "      - {key: b, type: single, text: {en: B}, options: *yesno}\n"
    )
    first, second = load(source).questions
    assert isinstance(first, d.Single) and isinstance(second, d.Single)
    assert first.options == second.options


def test_script_in_a_label_is_only_text() -> None:
    definition = load(HEAD + QUESTION.replace("{en: Red}", "{en: '<script>alert(1)</script>'}"))
    question = definition.questions[0]
    assert isinstance(question, d.Single)
    assert question.options[0].text == {"en": "<script>alert(1)</script>"}


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        (survey(single(options=options("red"))), "options"),
        (survey(single(options=options("red", "blue", exclusive=True))), "exclusive"),
        (survey(single(options=options("red", "blue", other=True))), "other"),
        (survey(single(options=options("red", "blue", missing="refused"))), "options"),
        (survey(multiple(min=4)), "min"),
        (survey(multiple(max=9)), "max"),
        (survey(multiple(min=3, max=2)), "min"),
        (survey(scale(labels=({"en": "bad"}, {"en": "good"}))), "labels"),
        (survey(scale(low={}, high={})), 0),
        (survey(scale(outside=options("dont_know"))), 0),
        (survey(scale(outside=options("5", missing="refused"))), "code"),
        (survey(number(min=5, max=4)), "min"),
        (survey(quotas=(d.Quota(key="all", when="age > 3", limit=3, text=text("Full")),)), 0),
        (survey(results=d.Results(breaks=("age",))), 0),
        (survey(single(), single()), "key"),
        (survey(single(concept="a"), multiple(concept="a")), "concept"),
        (survey(pages=(page(single()), page(multiple()))), "key"),
        (survey(pages=(page(single()), page(key="two"))), "questions"),
    ],
)
def test_rule_that_is_broken_is_found_at_its_place(definition: d.Definition, place: str | int) -> None:
    found = checks.check(definition)
    assert place in {fault.path[-1] for fault in found}


def test_load_raises_all_faults() -> None:
    with pytest.raises(InvalidSurvey) as refused:
        load("consult: survey/2\n")
    assert {problem.place for problem in refused.value.problems} >= {"consult", ""}


def test_json_schema_accepts_the_sample_and_names_every_type() -> None:
    schema = d.json_schema()
    assert schema["$id"] == "/schema/survey-1.json"
    written = json.dumps(schema)
    for kind in d.AnyQuestion.__args__:
        assert f'"enum": ["{kind.__struct_config__.tag}"]' in written
    assert write(load(EVERYTHING.read_bytes())).startswith("# yaml-language-server: $schema=/schema/survey-1.json\n")


def test_stored_document_gives_the_definition_back() -> None:
    definition = load(EVERYTHING.read_bytes())
    stored = msgspec.json.decode(msgspec.json.encode(d.to_builtins(definition)))
    assert d.from_builtins(stored) == definition
    assert yaml.safe_load(write(definition))["key"] == "sample"
