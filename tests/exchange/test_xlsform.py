"""XLSForms: what each thing becomes, and that whatever has no counterpart is told by place."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.exchange import formats, xlsform
from consult.surveys.definition import schema as d
from tests.exchange.makers import form, only, row, taken, told, workbook

SAMPLES = Path(__file__).parent / "samples"
MEMBER = row("select_one yn", "member", required="yes")
AGE = row("integer", "age")
MODES = row("select_multiple modes", "modes")


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("text", d.Free), ("integer", d.Number), ("decimal", d.Number), ("range", d.Number), ("date", d.Date),
        ("time", d.Time), ("geopoint", d.Place), ("image", d.Photo), ("file", d.File), ("acknowledge", d.Consent),
        ("note", d.Information), ("hidden", d.Hidden), ("select_one yn", d.Single), ("select_multiple yn", d.Multiple),
        ("rank yn", d.Ranking), ("select1 yn", d.Single), ("select one yn", d.Single), ("trigger", d.Consent),
    ],
)  # fmt: skip
def test_each_type_becomes_its_counterpart(kind: str, made: type[d.AnyQuestion]) -> None:
    found = taken(row(kind))
    assert type(only(found)) is made
    assert found.losses == ()


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("audio", "no such type"), ("barcode", "no such type"), ("geoshape", "no such type"),
        ("deviceid", "never collected"), ("select_one nowhere", "no such list"),
        ("select_one_from_file towns.csv", "another file"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_left_out_and_told(kind: str, why: str) -> None:
    found = taken(row(kind), row("text", "kept"))
    assert [question.key for question in found.definition.questions] == ["kept"]
    (said,) = told(found)
    assert said.startswith("survey, 2, type: ")
    assert why in said


def test_a_day_with_a_time_becomes_a_day_and_says_so() -> None:
    found = taken(row("dateTime"))
    assert isinstance(only(found), d.Date)
    assert "Only the day is asked" in told(found)[0]


def test_languages_stand_in_the_order_of_the_columns() -> None:
    book = workbook(
        survey=[
            ["type", "name", "label::Македонски (mk)", "label::ქართული", "label::English (en)", "label::Klingon"],
            ["text", "wish", "Што?", "რა?", "What?", "nuq"],
        ],
        settings=[["form_title"], ["A form"]],
    )
    found = xlsform.take(book)
    assert found.definition.languages == ("mk", "ka", "en")
    assert only(found).text == {"mk": "Што?", "ka": "რა?", "en": "What?"}
    assert told(found)[0].startswith("survey, 1, label::Klingon: No language code")


def test_a_label_without_language_takes_the_given_one_and_says_so() -> None:
    book = workbook(survey=[["type", "name", "label"], ["text", "wish", "რა?"]], settings=[["form_title"], ["A"]])
    found = xlsform.take(book, language="ka")
    assert only(found).text == {"ka": "რა?"}
    assert "taken as “ka”" in told(found)[0]
    book = workbook(
        survey=[["type", "name", "label"], ["text", "wish", "რა?"]],
        settings=[["form_title", "default_language"], ["A", "ქართული (ka)"]],
    )
    assert xlsform.take(book).losses == ()


def test_keys_and_codes_become_valid_and_stay_recognisable() -> None:
    choices = [("list_name", "name", "label::English (en)"), ("l", "A b", "A"), ("l", "a_b", "B"), ("l", -99, "C")]
    found = taken(row("select_one l", "Q1.x"), row("text", "in"), row("text", "1st"), choices=choices)
    assert [question.key for question in found.definition.questions] == ["q1_x", "in_", "q_1st"]
    question = found.definition.questions[0]
    assert isinstance(question, d.Single)
    assert [option.code for option in question.options] == ["a_b", "a_b_2", "minus99"]
    assert told(found)[-1].startswith("choices, 2, name: “l”: ")
    assert "A b → a_b, a_b → a_b_2, -99 → minus99" in told(found)[-1]


def test_groups_are_pages_and_loose_questions_one_between_them() -> None:
    found = taken(
        row("text", "first"),
        row("begin_group", "part", "A part", relevant="${first} != ''"),
        row("begin_group", "inner", "Inner", relevant="${first} = 'x'"),
        row("text", "second"),
        row("end_group", ""),
        row("text", "beside"),
        row("end_group", ""),
        row("text", "third"),
    )
    pages = found.definition.pages
    assert [page.key for page in pages] == ["page_1", "part", "page_3"]
    assert (pages[1].title, pages[1].show_if) == ({"en": "A part"}, "answered(first)")
    assert [(type(q), q.show_if) for q in pages[1].questions] == [
        (d.Information, "first == 'x'"),
        (d.Free, "first == 'x'"),
        (d.Free, ""),
    ]
    assert found.losses == ()


def test_repeats_are_left_out_with_all_in_them() -> None:
    found = taken(
        row("begin_repeat", "people"),
        row("text", "name_"),
        row("end_repeat", ""),
        row("text", "wish", relevant="${name_} = 'a'"),
    )
    assert [question.key for question in found.definition.questions] == ["wish"]
    assert told(found)[0].startswith("survey, 2, type: “people”: Questions cannot be repeated here.")
    assert told(found)[1].startswith("survey, 5, relevant: “${name_} = 'a'”: The question “name_” is not there")


def test_a_table_list_is_a_matrix_whose_rows_conditions_can_ask_for() -> None:
    found = taken(
        row("begin_group", "care", "Care", appearance="table-list likert"),
        row("select_one mood", "care_parks", "Parks"),
        row("select_one mood", "care_streets", "Streets", relevant="${care_parks} < 3"),
        row("end_group", ""),
        row("text", "why", relevant="${care_parks} = 1"),
    )
    care, why = found.definition.questions
    assert isinstance(care, d.MatrixScale)
    assert [(r.code, r.text["en"]) for r in care.rows] == [("parks", "Parks"), ("streets", "Streets")]
    assert (care.points, care.first, care.low, care.high) == (3, 1, {"en": "bad"}, {"en": "good"})
    assert why.show_if == "care.parks == 1"
    assert care.rows[1].show_if == ""
    assert len(found.losses) == 1
    assert told(found)[0].startswith("survey, 4, relevant: “${care_parks} < 3”")


def test_likert_of_whole_numbers_is_a_scale_else_a_choice() -> None:
    assert isinstance(only(taken(row("select_one mood", appearance="likert"))), d.Scale)
    assert isinstance(only(taken(row("select_one mood"))), d.Single)
    assert isinstance(only(taken(row("select_one yn", appearance="likert"))), d.Single)


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${member} = 'yes'", "member == 'yes'"),
        ("${member} != 'yes'", "member != 'yes'"),
        ("${colour} != 'yes'", "!answered(colour) || colour != 'yes'"),
        ("not(${colour} = 'yes' or ${age} > 17)",
         "(!answered(colour) || colour != 'yes') && (!answered(age) || age <= 17)"),
        ("${colour} != '' and ${colour} != 'yes'", "colour != 'yes'"),
        ("${colour} = ''", "!answered(colour)"),
        ("${age} >= 18 and ${age} < 65", "age >= 18 && age < 65"),
        ("selected(${modes}, 'bus') or selected(${modes}, 'car')", "'bus' in modes || 'car' in modes"),
        ("not(selected(${modes}, 'bus'))", "!answered(modes) || !('bus' in modes)"),
        ("selected(${colour}, 'yes')", "colour == 'yes'"),
        ("selected('yes no', ${colour})", "colour in ['yes', 'no']"),
        ("${colour} = 'yes' or ${colour} = 'no'", "colour in ['yes', 'no']"),
        ("count-selected(${modes}) >= 2", "count(modes) >= 2"),
        ("count-selected(${modes}) = 0", "!answered(modes)"),
        ("count-selected(${modes}) < 2", "!answered(modes) || count(modes) < 2"),
        ("string-length(${wish}) > 3", "size(wish) > 3"),
        ("contains(${wish}, 'a')", "wish.contains('a')"),
        ("(${age} + 2) * 3 div 4 > 10", "(age + 2) * 3 / 4 > 10"),
        ("if(${member} = 'yes', ${age} > 10, ${age} > 20)",
         "member == 'yes' && age > 10 || member != 'yes' && age > 20"),
        ("coalesce(${age}, 0) > 3", "(answered(age) ? age : 0) > 3"),
        ("-5 < ${age}", "age > -5"),
        ("${mood} > 1", "mood in ['2', '3']"),
        ("18 <= ${age}", "age >= 18"),
    ],
)  # fmt: skip
def test_relevance_becomes_a_condition_with_the_same_outcome(relevant: str, condition: str) -> None:
    found = taken(
        MEMBER, row("select_one yn", "colour"), AGE, MODES, row("text", "wish"), row("select_one mood", "mood"),
        row("text", "asked", relevant=relevant),
    )  # fmt: skip
    assert told(found) == []
    assert found.definition.question("asked").show_if == condition


@pytest.mark.parametrize(
    "relevant",
    [
        "pulldata('a', 'b') = 1", "${age} mod 2 = 0", "${nobody} = 1", "${modes} = 'bus'", "${member} = 'maybe'",
        "regex(${wish}, '[a-z]')", "../other = 1", "${age} = 'many'", "today() > '2026-01-01'", "${member} =",
        "‘a’ = 1",
        "${age} = ${other}", "(" * 60 + "1" + ")" * 60, "${member} = 'yes'" + " or 1 = 2" * 1000,
    ],
)  # fmt: skip
def test_relevance_beyond_that_is_told_and_never_guessed(relevant: str) -> None:
    found = taken(
        MEMBER, AGE, row("integer", "other"), MODES, row("text", "wish"), row("text", "asked", relevant=relevant)
    )
    assert found.definition.question("asked").show_if == ""
    (said,) = told(found)
    assert said.startswith("survey, 7, relevant: ")
    assert "shown to everybody now" in said


def test_constraints_without_message_become_limits() -> None:
    number = only(taken(row("integer", constraint=". >= 18 and . < 100")))
    assert isinstance(number, d.Number)
    assert (number.min, number.max, number.rules) == (18, 99, ())
    free = only(taken(row("text", constraint="string-length(.) <= 50")))
    assert isinstance(free, d.Free)
    assert free.max_length == 50
    alone = "count-selected(.) <= 2 and not(selected(., 'none') and count-selected(.) > 1)"
    several = only(taken(row("select_multiple modes", constraint=alone)))
    assert isinstance(several, d.Multiple)
    assert several.max == 2
    assert [option.code for option in several.options if option.exclusive] == ["none"]


def test_constraints_with_a_message_become_rules() -> None:
    found = taken(row("integer", "age", constraint=". >= 18", **{"constraint_message::English (en)": "Adults only."}))
    question = only(found)
    assert isinstance(question, d.Number)
    assert question.rules == (d.Rule(must="age >= 18", message={"en": "Adults only."}),)
    assert question.min is None
    assert found.losses == ()


def test_a_check_that_looks_ahead_is_left_out_and_told_at_its_place() -> None:
    found = taken(row("integer", "low", constraint=". < ${high}"), row("integer", "high"))
    low = found.definition.question("low")
    assert isinstance(low, d.Number)
    assert low.rules == ()
    assert told(found)[1].startswith("survey, 2, constraint: “. < ${high}”: “high” comes later")


def test_whatever_a_row_says_beyond_is_told_by_column() -> None:
    found = taken(
        row("select_one yn", "q", default="yes", choice_filter="a = b", appearance="quick horizontal", trigger="${q}",
            **{"media::image::English (en)": "cat.png", "required_message::English (en)": "Please!"}),
        version="2",
    )  # fmt: skip
    columns = {loss.place.column for loss in found.losses}
    assert columns == {
        "default", "choice_filter", "appearance", "trigger", "media::image", "required_message", "version",
    }  # fmt: skip


def test_texts_name_answers_by_their_new_keys() -> None:
    found = taken(row("text", "Name"), row("text", "q", "Hello ${Name}, where is ${Nobody}?"))
    assert found.definition.questions[1].text == {"en": "Hello ${name}, where is $${Nobody}?"}
    assert "A text names “Nobody”" in told(found)[1]


def test_or_other_gives_an_answer_with_a_text_field() -> None:
    question = only(taken(row("select_one yn or_other")))
    assert isinstance(question, d.Single)
    assert question.options[-1] == d.Option(code="other", text={"en": "Other"}, other=True)


def test_calculations_are_kept_where_they_can_be() -> None:
    found = taken(
        AGE, row("calculate", "twice", "", calculation="${age} * 2"), row("calculate", "when", "", calculation="now()")
    )
    assert [question.key for question in found.definition.questions] == ["age", "twice"]
    assert found.definition.question("twice") == d.Calculated(key="twice", text={"en": "twice"}, value="age * 2")
    assert told(found)[0].startswith("survey, 4, calculation: “now()”")


def test_old_workbooks_are_read_alike() -> None:
    """A file of Excel 97, written by xlwt."""
    found = formats.take((SAMPLES / "library.xls").read_bytes(), "library.xls")
    assert (found.losses, found.faults) == ((), ())
    assert found.definition is not None
    assert found.definition.title == {"mk": "Библиотека", "ka": "Библиотека"}
    assert [(question.key, question.show_if) for question in found.definition.questions] == [
        ("member", ""),
        ("books", "member == 'yes'"),
    ]


def test_title_and_address_come_from_the_settings() -> None:
    definition = xlsform.take(form(row("text"), form_title="Town Survey", form_id="Town_2026")).definition
    assert (definition.key, definition.title) == ("town-2026", {"en": "Town Survey"})
