from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.columns.reading import columns
from consult.results.building import chart, has_chart
from consult.results.counting import PUBLIC, STAFF
from tests.results.makers import a_chart, definition, one_of_each, question, source


def shares(made: Any, row: int = 0) -> list[float | None]:
    return [part.share for part in made.rows[row].parts]


def test_shares_rest_on_those_who_gave_an_answer() -> None:
    made = a_chart(question("single"), ["yes"] * 7 + ["no"] * 3 + ["dont_know"] * 5 + [None] * 2)
    assert (made.kind, made.base) == ("bars", 10)
    assert [row.parts[0].share for row in made.rows] == [0.7, 0.3, 0.0]
    assert [(item.kind, item.count) for item in made.left_out] == [("skipped", 2), ("dont_know", 5)]


def test_an_open_consultation_has_no_margin_of_error() -> None:
    for made in one_of_each("open"):
        assert not made.has_intervals
        assert all(figure.low is None for figure in made.figures)
        assert made.source.confidence is None


def test_a_declared_sample_has_intervals() -> None:
    made = a_chart(question("single"), ["yes"] * 70 + ["no"] * 30, design="sample")
    part = made.rows[0].parts[0]
    assert [part.low, part.high] == pytest.approx([0.6042, 0.7811], abs=1e-4)
    assert (made.source.method, made.source.confidence) == ("wilson", 0.95)


def test_a_small_population_narrows_the_interval() -> None:
    wide = a_chart(question("single"), ["yes"] * 70 + ["no"] * 30, design="sample").rows[0].parts[0]
    narrow = a_chart(question("single"), ["yes"] * 70 + ["no"] * 30, design="sample", population=120).rows[0].parts[0]
    assert wide.low is not None and narrow.low is not None
    assert narrow.low > wide.low


@pytest.mark.parametrize("type_", ["single", "multiple", "scale", "nps", "number", "matrix_scale", "matrix_single"])
def test_a_base_under_five_is_hidden_and_an_empty_one_says_so(type_: str) -> None:
    answer: dict[str, Any] = {
        "single": "yes", "multiple": ["yes"], "scale": 4, "nps": 9, "number": 30,
        "matrix_scale": {"parks": 4, "roads": 3}, "matrix_single": {"parks": "yes", "roads": "no"},
    }  # fmt: skip
    asked = question(type_)
    assert a_chart(asked, []).reason is Reason.NO_ANSWERS
    hidden = a_chart(asked, [answer[type_]] * 4)
    assert (hidden.reason, hidden.rows, hidden.base, hidden.left_out) == (Reason.HIDDEN, (), 0, ())
    assert a_chart(asked, [answer[type_]] * 5).reason is None
    assert a_chart(asked, [answer[type_]] * 4, policy=STAFF).reason is None


def test_a_matrix_hides_only_the_row_with_too_few() -> None:
    made = a_chart(question("matrix_scale"), [{"parks": 4, "roads": 3}] * 4 + [{"parks": 5, "roads": None}] * 6)
    assert [(row.key, row.reason, row.base) for row in made.rows] == [("parks", None, 10), ("roads", Reason.HIDDEN, 0)]


def test_an_opinion_few_people_share_is_shown() -> None:
    assert shares(a_chart(question("single"), ["yes"] * 30 + ["no"]), 1) == [pytest.approx(1 / 31)]


def test_a_sensitive_question_hides_small_counts_and_what_would_reveal_them() -> None:
    made = a_chart(question("single", sensitive=True), ["yes"] * 30 + ["no"] * 3 + ["other"] * 20 + ["dont_know"] * 2)
    parts = [row.parts[0] for row in made.rows]
    assert [part.share is None for part in parts] == [False, True, True]
    assert all(part.count is None for part in parts[1:])
    assert made.has_hidden_parts
    assert made.left_out == ()


def test_staff_see_every_count() -> None:
    made = a_chart(question("single", sensitive=True), ["yes"] * 30 + ["no"] * 3, policy=STAFF)
    assert [row.parts[0].count for row in made.rows] == [30, 3, 0]


def test_a_sensitive_scale_shows_no_figure_made_of_hidden_counts() -> None:
    made = a_chart(question("scale", sensitive=True), [5] * 30 + [4] * 3 + [3] * 20)
    assert made.rows[0].figures == ()
    assert made.figures == ()


def test_a_scale_counts_satisfied_and_dissatisfied() -> None:
    made = a_chart(question("scale"), [5] * 29 + [4] * 45 + [3] * 15 + [2] * 8 + [1] * 3 + ["dont_know"] * 9)
    figures = {figure.kind: figure.value for figure in made.figures}
    assert made.base == 100
    assert figures == {"positive": 0.74, "negative": pytest.approx(0.11), "mean": pytest.approx(3.89)}


def test_a_reversed_scale_is_turned_so_that_the_better_end_is_on_the_right() -> None:
    made = a_chart(question("scale", reversed=True), [1] * 6 + [5] * 4)
    assert made.series[-1]["en"] == "Very dissatisfied"
    assert shares(made)[-1] == 0.6
    assert {f.kind: f.value for f in made.figures}["positive"] == 0.6


def test_long_scales_are_drawn_like_numbers() -> None:
    made = a_chart(
        question("scale", points=11, first=0, labels=[], low={"en": "x"}, high={"en": "y"}), [0, 10, 10, 7, 7]
    )
    assert (made.kind, len(made.rows), made.rows[0].span) == ("histogram", 11, (0, 1))


def test_recommendation_has_its_three_groups_and_score() -> None:
    made = a_chart(question("nps"), [10] * 40 + [8] * 40 + [3] * 20, design="sample")
    assert shares(made) == [0.2, 0.4, 0.4]
    score = made.figure("nps")
    assert score is not None and score.value == pytest.approx(20)
    assert score.low == pytest.approx(5.0766758714968)


def test_shares_of_several_choices_are_of_people() -> None:
    made = a_chart(question("multiple"), [["yes", "no"]] * 6 + [["yes"]] * 4 + [[]] * 3)
    assert [row.parts[0].share for row in made.rows] == [1.0, 0.6, 0.0]
    assert (made.base, made.several) == (10, True)


def test_numbers_have_mean_and_median() -> None:
    made = a_chart(question("number"), [1, 2, 3, 4, 90])
    figures = {figure.kind: figure.value for figure in made.figures}
    assert figures == {"mean": 20, "median": 3}


def test_texts_have_no_chart() -> None:
    made = definition(question("text"))
    assert not has_chart(made.questions[0], columns(made, []))
    with pytest.raises(TypeError):
        chart(made.questions[0], columns(made, []), source())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["yes", "no", "other", "dont_know", None]), max_size=60), st.booleans())
def test_published_counts_never_contradict_the_base(answers: Any, sensitive: bool) -> None:
    made = a_chart(question("single", sensitive=sensitive), answers)
    counts = [row.parts[0].count for row in made.rows]
    known = [count for count in counts if count is not None]
    if made.reason is None and None not in counts:
        assert sum(known) == made.base
    if sensitive:
        assert not any(0 < count < PUBLIC.sensitive for count in known)
        assert counts.count(None) != 1
