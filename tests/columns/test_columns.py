from typing import Any

import numpy as np

from consult.columns.column import Coded, Masked, Measured
from consult.columns.reading import columns
from tests.results.makers import definition, question


def column(asked: dict[str, Any], *answers: Any) -> Any:
    """The column of a question whose answers are these; ... stands for a question that was not asked."""
    given = [({} if a is ... else {asked["key"]: a}, "web") for a in answers]
    found = columns(definition(asked), given)
    return {key: found.column(key) for key in found.found if not key.startswith("@")}


def test_each_kind_of_no_answer_has_its_own_code() -> None:
    found = column(question("single"), "no", None, "dont_know", ..., "gone")["q"]
    assert isinstance(found, Coded)
    assert found.codes.dtype == np.uint8
    missing = found.missing
    assert found.codes.tolist() == [
        1, missing["skipped"], missing["dont_know"], missing["not_asked"], missing["skipped"],
    ]  # fmt: skip
    assert len(set(missing.values())) == 4
    assert found.points == ("yes", "no", "other")


def test_scale_points_are_coded_from_the_first_one() -> None:
    found = column(question("scale"), 1, 5, "dont_know")["q"]
    assert found.codes.tolist() == [0, 4, found.missing["dont_know"]]


def test_recommendations_begin_at_zero() -> None:
    assert column(question("nps"), 0, 10)["q"].codes.tolist() == [0, 10]


def test_several_choices_are_bits_and_repeats_count_once() -> None:
    found = column(question("multiple"), ["yes", "other", "yes"], [], None, ["dont_know"], ...)["q"]
    assert isinstance(found, Masked)
    assert found.bits.tolist() == [[0b101], [0], [0], [0], [0]]
    assert found.status.tolist() == [0, 2, 2, 3, 1]
    assert found.chosen(2).tolist() == [True, False, False, False, False]


def test_more_than_sixty_four_options_take_more_words() -> None:
    options = [{"code": f"o{i}", "text": {"en": str(i)}} for i in range(70)]
    found = column(question("multiple", options=options), ["o0", "o69"])["q"]
    assert found.bits.shape == (1, 2)
    assert [i for i in range(70) if found.chosen(i)[0]] == [0, 69]


def test_many_options_of_a_single_choice_take_two_bytes() -> None:
    options = [{"code": f"o{i}", "text": {"en": str(i)}} for i in range(300)]
    found = column(question("single", options=options), "o299")["q"]
    assert (found.codes.dtype, found.codes.tolist()) == (np.uint16, [299])


def test_a_matrix_has_a_column_for_each_row() -> None:
    found = column(question("matrix_scale"), {"parks": 4, "roads": None}, {"parks": 2}, None, ...)
    parks, roads = found["q.parks"], found["q.roads"]
    assert parks.codes.tolist() == [3, 1, parks.missing["skipped"], parks.missing["not_asked"]]
    skipped, not_asked = roads.missing["skipped"], roads.missing["not_asked"]
    assert roads.codes.tolist() == [skipped, not_asked, skipped, not_asked]


def test_numbers_are_floats_with_a_status() -> None:
    found = column(question("number", outside=[]), 3, 2.5, None, ...)["q"]
    assert isinstance(found, Measured)
    assert found.values[:2].tolist() == [3, 2.5]
    assert np.isnan(found.values[2:]).all()
    assert found.status.tolist() == [0, 0, 2, 1]


def test_texts_never_become_columns() -> None:
    assert column(question("text"), "Anna lives here") == {}


def test_channels_are_counted() -> None:
    found = columns(definition(question("single")), [({}, "web"), ({}, "paper"), ({}, "web")])
    assert (found.n, found.channels) == (3, {"web": 2, "paper": 1})
