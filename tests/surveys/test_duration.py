"""The estimated time of a survey."""

from __future__ import annotations

from pytest import approx

from consult.surveys.definition import schema as d
from consult.surveys.definition.duration import SECONDS, minutes, seconds
from tests.surveys.makers import free, matrix, page, single, survey, text


def test_reading_and_answering_both_take_time() -> None:
    short = survey(single("colour"))
    long = survey(single("colour", text=text("word " * 220)))
    assert 5 < seconds(short) < 10
    assert 59 < seconds(long) - seconds(short) < 61


def test_each_row_of_a_matrix_is_an_answer() -> None:
    assert seconds(survey(matrix(codes=("a", "b", "c", "e")))) > seconds(survey(matrix(codes=("a", "b")))) + 7


def test_what_may_be_hidden_counts_half_and_what_ends_the_survey_nothing() -> None:
    always, maybe = survey(single(), free("wish")), survey(single(), free("wish", show_if="colour == 'red'"))
    assert seconds(always) - seconds(survey(single())) == approx(2 * (seconds(maybe) - seconds(survey(single()))))
    out = page(key="out", show_if="colour == 'red'", screen_out=text("word " * 500))
    assert seconds(survey(pages=(page(single()), out))) == seconds(survey(single()))


def test_the_authors_own_figure_comes_first_and_every_type_has_seconds() -> None:
    assert minutes(survey(single(), minutes=7)) == 7
    assert minutes(survey(single())) == 1
    assert set(SECONDS) == set(d.AnyQuestion.__args__)
