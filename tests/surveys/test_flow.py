"""What a posted form means: every type with good and bad input, conditions, pages, bytes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.surveys.answers import forms
from consult.surveys.answers.decoders.written import number as written_number
from consult.surveys.answers.flow import Compiled, bindings_of
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.surveys.makers import (
    DONT_KNOW,
    EVERYTHING,
    compiled,
    fields,
    free,
    matrix,
    multiple,
    number,
    options,
    page,
    rows,
    scale,
    single,
    survey,
)  # fmt: skip


def answers_to(question: d.AnyQuestion, *, problems: int = 0, **values: str | list[str]) -> dict[str, Any]:
    found = compiled(question).decode(fields(**values))
    assert len(found.problems) == problems, [str(problem) for problem in found.problems]
    return found.answers


def told(question: d.AnyQuestion, **values: str | list[str]) -> tuple[str, str]:
    (problem,) = compiled(question).decode(fields(**values)).problems
    return problem.place, problem.message


def test_single_is_kept_by_code() -> None:
    assert answers_to(single(), colour="red") == {"colour": "red"}
    assert answers_to(single(), colour="") == {"colour": None}
    assert answers_to(single()) == {"colour": None}
    assert answers_to(single(), colour=["red", "red", ""]) == {"colour": "red"}


def test_single_refuses_unknown_double_and_missing_answers() -> None:
    assert told(single(), colour="Red") == ("colour", "Choose one of the answers shown: “%(question)s”.")
    assert told(single(), colour=["red", "blue"])[1].startswith("Choose only one")
    assert told(single(required=True))[1].startswith("Choose an answer")


def test_text_beside_other_belongs_to_its_option() -> None:
    question = single(options=(*options("red", "blue"), *options("else", other=True)))
    assert answers_to(question, colour="else", colour__other=" lilac ") == {"colour": "else", "colour.other": "lilac"}
    assert answers_to(question, colour="else") == {"colour": "else"}
    assert answers_to(question, colour__other="lilac") == {"colour": "else", "colour.other": "lilac"}
    assert answers_to(question, colour="red", colour__other="lilac") == {"colour": "red"}
    assert told(question, colour="else", colour__other="x" * 201)[0] == "colour.other"
    hidden = d.Option(code="old", text={"en": "Old"}, show_if="mood > 3")
    question = single(options=(hidden, *options("red"), *options("else", other=True)))
    found = compiled(scale(), question).decode(fields(mood="1", colour="old", colour__other="lilac"))
    assert found.answers == {"mood": 1, "colour": "else", "colour.other": "lilac"}


def test_multiple_keeps_the_order_of_the_file() -> None:
    assert answers_to(multiple(), modes=["foot", "bus", "bus"]) == {"modes": ["bus", "foot"]}
    assert answers_to(multiple()) == {"modes": None}
    question = multiple(options=(*options("bus", "car"), *options("else", other=True)))
    assert answers_to(question, modes="bus", modes__other="mule") == {"modes": ["bus", "else"], "modes.other": "mule"}


def test_multiple_refuses_too_few_too_many_unknown_and_exclusive() -> None:
    assert told(multiple(min=2), modes="bus")[1].startswith("Choose at least %(least)s")
    assert told(multiple(max=1), modes=["bus", "car"])[1].startswith("Choose at most")
    assert told(multiple(), modes=["bus", "tram"])[1].startswith("Choose one of")
    assert told(multiple(required=True))[1].startswith("Choose at least one")
    lonely = multiple(options=(*options("bus"), *options("none", exclusive=True)), min=2)
    assert told(lonely, modes=["bus", "none"])[1].startswith("“%(option)s” cannot")
    assert answers_to(lonely, modes="none") == {"modes": ["none"]}
    assert answers_to(multiple(min=2)) == {"modes": None}


def test_scale_is_a_number_and_dont_know_its_code() -> None:
    question = scale(outside=(DONT_KNOW,), first=0)
    assert answers_to(question, mood="0") == {"mood": 0}
    assert answers_to(question, mood="dont_know") == {"mood": "dont_know"}
    assert told(question, mood="5")[1].startswith("Choose a number from")
    assert told(question, mood="1.0")[0] == "mood"
    assert told(scale(required=True))[1].startswith("Choose a number from")
    worded = scale(required=True, labels=tuple({"en": word} for word in ("bad", "poor", "fair", "good", "best")))
    assert told(worded)[1].startswith("Choose an answer")


def test_nps_goes_from_0_to_10() -> None:
    question = d.Nps(key="nps", text={"en": "?"}, low={"en": "no"}, high={"en": "yes"})
    assert answers_to(question, nps="10") == {"nps": 10}
    assert told(question, nps="11")[0] == "nps"
    assert told(question, nps="-1")[0] == "nps"


def test_matrix_has_an_answer_for_each_row() -> None:
    question = matrix(outside=(DONT_KNOW,))
    assert answers_to(question, services__waste="4", services__parks="dont_know") == {
        "services": {"waste": 4, "parks": "dont_know"}
    }
    assert answers_to(question, services__waste="1") == {"services": {"waste": 1, "parks": None}}
    assert told(matrix(required=True), services__waste="4")[0] == "services.parks"
    assert told(question, services__waste="9")[0] == "services.waste"
    choices = d.MatrixSingle(key="habits", text={"en": "?"}, rows=rows("bus"), options=options("daily", "never"))
    assert answers_to(choices, habits__bus="daily") == {"habits": {"bus": "daily"}}
    assert told(choices, habits__bus="weekly")[0] == "habits.bus"


@pytest.mark.parametrize(
    ("written", "value"),
    [("34", 34), (" 34 ", 34), ("1 250", 1250), ("1\u00a0250", 1250), ("+5", 5), ("-5", -5), ("−5", -5), ("007", 7)],
)
def test_whole_number_as_people_write_it(written: str, value: int) -> None:
    stored = answers_to(number(), age=written)["age"]
    assert stored == value
    assert isinstance(stored, int)


@pytest.mark.parametrize(("written", "value"), [("2,5", 2.5), ("2.5", 2.5), ("1 250,50", 1250.5), ("3", 3.0)])
def test_decimal_number_with_point_or_comma(written: str, value: float) -> None:
    assert answers_to(number(decimals=1), age=written) == {"age": value}


@pytest.mark.parametrize(
    "written", ["x", "1e5", "0x1F", "1.250", "1,250", "٣", "nan", "1" * 16, "--3", "12 3", "1.2.3"]
)
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    place, message = told(number(), age=written)
    assert place == "age"
    assert message.startswith("Write a")


def test_number_keeps_to_its_range_and_decimals() -> None:
    assert told(number(min=14, max=110), age="13")[1].startswith("Write a number from")
    assert told(number(min=14), age="13")[1].startswith("Write a number that is at least")
    assert told(number(max=14), age="15")[1].startswith("Write a number that is at most")
    assert told(number(decimals=1), age="2,55")[1].startswith("Write at most %(decimals)s")
    assert told(number(), age=["3", "4"])[1].startswith("This was sent twice")
    assert told(number(required=True), age=" ")[1].startswith("Write an answer")
    apart = number(outside=(DONT_KNOW,))
    assert answers_to(apart, age=["", "dont_know"]) == {"age": "dont_know"}
    assert told(apart, age=["5", "dont_know"])[1].startswith("This was sent twice")


def test_text_is_trimmed_and_keeps_to_its_length() -> None:
    assert answers_to(free(), wish=" a\r\nb ") == {"wish": "a\nb"}
    assert answers_to(free(), wish="  ") == {"wish": None}
    assert told(free(max_length=3), wish="abcd")[1].startswith("Shorten")
    assert told(free(min_length=3), wish="ab")[1].startswith("Write at least")
    assert answers_to(free(min_length=3)) == {"wish": None}
    assert answers_to(free(max_length=2), wish="👍🏽") == {"wish": "👍🏽"}


def test_text_of_a_mebibyte_is_refused_by_its_length() -> None:
    place, message = told(free(long=True), wish="x" * 2**20)
    assert (place, message[:7]) == ("wish", "Shorten")


def test_information_takes_no_answer() -> None:
    note = d.Information(key="note", text={"en": "Read this."})
    assert compiled(note, single()).decode(fields(colour="red")).answers == {"colour": "red"}
    assert compiled(note, single()).decode(fields(note="x")).problems[0].place == ""


def test_hidden_answers_are_dropped_and_not_required() -> None:
    asked = compiled(single(), free(show_if="colour == 'red'", required=True))
    assert asked.decode(fields(colour="blue", wish="x")).answers == {"colour": "blue"}
    assert asked.decode(fields(colour="blue")).problems == []
    assert asked.decode(fields(colour="red", wish="x")).answers == {"colour": "red", "wish": "x"}
    assert asked.decode(fields(colour="red")).problems[0].place == "wish"
    assert asked.decode(fields()).answers == {"colour": None}


def test_hidden_question_hides_what_depends_on_it() -> None:
    asked = compiled(single(), number(show_if="colour == 'red'"), free(show_if="age >= 18"))
    assert asked.decode(fields(colour="blue", age="40", wish="x")).answers == {"colour": "blue"}


def test_hidden_option_and_row_are_dropped() -> None:
    red = "colour == 'red'"
    asked = compiled(
        single(),
        multiple(options=(*options("bus", "car"), d.Option(code="foot", text={"en": "Foot"}, show_if=red))),
        matrix(rows=(d.Row(code="waste", text={"en": "Waste"}, show_if=red), *rows("parks")), required=True),
    )
    sent = fields(colour="blue", modes=["bus", "foot"], services__parks="3", services__waste="2")
    assert asked.decode(sent).answers == {"colour": "blue", "modes": ["bus"], "services": {"parks": 3}}
    sent["colour"] = ["red"]
    assert asked.decode(sent).answers["services"] == {"waste": 2, "parks": 3}


def test_question_without_any_visible_option_is_not_asked() -> None:
    asked = compiled(single(), multiple(options=options("bus", "car", show_if="colour == 'red'"), required=True))
    found = asked.decode(fields(colour="blue"))
    assert (found.answers, found.problems) == ({"colour": "blue"}, [])


def test_dont_know_on_a_scale_meets_no_comparison() -> None:
    asked = compiled(
        scale(outside=(DONT_KNOW,)), free("why", show_if="mood <= 5"), free("seen", show_if="answered(mood)")
    )
    assert asked.decode(fields(mood="dont_know", why="x", seen="y")).answers == {"mood": "dont_know", "seen": "y"}


def test_pages_are_skipped_by_their_condition() -> None:
    asked = Compiled(
        survey(
            pages=(
                page(single(required=True)),
                page(number(required=True), key="two", show_if="colour == 'red'"),
                page(free(), key="three"),
            )
        )
    )
    first = asked.decode(fields(colour="blue"), upto=0)
    assert asked.page_after(0, first) == 2
    assert asked.page_before(2, asked.decode(fields(colour="blue"))) == 0
    assert asked.decode(fields(colour="blue", age="3", wish="x")).answers == {"colour": "blue", "wish": "x"}
    red = asked.decode(fields(colour="red"))
    assert (red.first_faulty_page, red.problems[0].place) == (1, "age")
    assert asked.page_after(0, asked.decode(fields(colour="red"), upto=0)) == 1


def test_page_whose_questions_are_all_hidden_is_skipped() -> None:
    asked = Compiled(survey(pages=(page(single()), page(number(show_if="colour == 'red'"), key="two"))))
    assert asked.page_after(0, asked.decode(fields(colour="blue"), upto=0)) is None
    assert asked.decode(fields(colour="blue")).pages == [0]


@pytest.mark.parametrize("name", ["colour[]", "colour[0]", "x", "services.roads", "", "__proto__x.y"])
def test_unknown_fields_are_told(name: str) -> None:
    found = compiled(single(), matrix()).decode({"colour": ["red"], name: ["1"]})
    if name.startswith("_"):
        assert found.problems == []
    else:
        assert found.problems[0].message.startswith("The form had fields")
        assert found.first_faulty_page == 0


def test_form_body_is_read_as_browsers_send_it() -> None:
    pairs = [("a", "1"), ("a", "2"), ("име", "Ана + 1 & 2 = 3\r\n%"), ("empty", "")]
    assert forms.parse(urlencode(pairs).encode()) == {"a": ["1", "2"], "име": ["Ана + 1 & 2 = 3\r\n%"], "empty": [""]}
    assert forms.parse(b"") == {}
    assert forms.parse(b"a=1&b=2") == {"a": ["1"], "b": ["2"]}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"a=%00", forms.NulInForm),
        (b"a=x\0y", forms.NulInForm),
        (b"a%00=x", forms.NulInForm),
        (b"a=%FF%FE", forms.NotUtf8),
        (b"a=\xff", forms.NotUtf8),
        (b"&".join(b"x%d=1" % n for n in range(20_000)), forms.TooLargeForm),
        (b"a=" + b"x" * 2**22, forms.TooLargeForm),
    ],
)
def test_broken_form_body_is_refused(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        forms.parse(body)


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=3), max_size=5))
def test_any_form_survives_its_encoding(sent: forms.Fields) -> None:
    assert forms.parse(urlencode(sent, doseq=True).encode()) == sent


SAMPLE = Compiled(load(EVERYTHING.read_bytes()))


VALUES = st.sampled_from(["", "bus", "none", "other", "3", "10", "centar", "daily", "dont_know", "2,5", "refused"])


@given(st.dictionaries(st.sampled_from(sorted(SAMPLE.page_of)), st.lists(WORDS | VALUES, max_size=3)))
def test_whatever_is_sent_gives_known_answers_or_problems(sent: forms.Fields) -> None:
    found = SAMPLE.decode(sent)
    assert {problem.place for problem in found.problems} <= set(SAMPLE.page_of)
    assert {key.partition(".")[0] for key in found.answers} <= {
        question.key for question in SAMPLE.definition.questions
    }
    if not found.problems:
        assert bindings_of(SAMPLE.definition, found.answers).keys() >= found.bindings.keys()


def test_number_reader_knows_digits_after_the_separator() -> None:
    assert written_number("1 250,50") == (1250.5, 1)
    assert written_number("3") == (3.0, 0)
