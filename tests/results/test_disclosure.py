"""What of an analyst's chart everybody may see."""

from __future__ import annotations

import msgspec
import pytest

from consult.analysis.estimate import Reason
from consult.charts.chart import Chart
from consult.charts.kinds import Heat, Intervals, Words
from consult.charts.spec import Spec
from consult.results.disclosure import for_public, hidden_places
from tests.charts import makers
from tests.results.makers import a_chart, question


def heat_with(*bases: int) -> Heat:
    """A matrix whose groups have these bases, and everybody."""
    spec = makers.heat()
    columns = tuple(msgspec.structs.replace(c, base=b) for c, b in zip(spec.columns, bases, strict=False))
    return makers.heat(columns=(*columns, spec.columns[-1]))


def shown(spec: object) -> list[bool]:
    """For each column of the second row whether its figure is there."""
    assert isinstance(spec, Heat)
    return [cell.value is not None for cell in spec.rows[1].cells]


def test_a_group_of_few_takes_the_next_smallest_with_it() -> None:
    made = for_public(heat_with(300, 200, 100, 3))
    assert shown(made) == [True, True, False, False, True]
    assert isinstance(made, Heat)
    assert [column.base for column in made.columns] == [300, 200, None, None, 1015]
    assert all("D" not in cell.letters for row in made.rows for cell in row.cells)
    assert shown(for_public(heat_with(300, 200, 3, 3))) == [True, True, False, False, True]
    assert shown(for_public(heat_with(300, 200, 100, 5))) == [True] * 5


def test_two_hidden_groups_of_too_few_together_take_a_third() -> None:
    totals = [False, False, False, True]
    assert hidden_places([1, 2, 50, 53], totals, 5) == {0, 1, 2}
    assert hidden_places([3, 4, 50, 57], totals, 5) == {0, 1}
    assert hidden_places([3, 40, 50], [False] * 3, 5) == {0}


def test_few_people_in_no_group_are_not_left_over_beside_everybody() -> None:
    totals = [False, False, True]
    assert hidden_places([40, 50, 93], totals, 5) == {0}
    assert hidden_places([40, 50, 95], totals, 5) == set()
    assert hidden_places([40, 50, 90], totals, 5) == set()
    assert hidden_places([40, 60, 90], totals, 5) == set()


def test_nothing_is_left_of_a_chart_of_few_people() -> None:
    few: list[Spec] = []
    for spec in makers.each_kind():
        made = for_public(msgspec.structs.replace(spec, base=4))
        assert (made.reason, made.base) == (Reason.HIDDEN, 0)
        few.append(made)
    for one in few:
        for name in ("rows", "columns", "groups", "waves", "spots", "words", "left_out", "notes"):
            assert getattr(one, name, ()) == ()
    single = a_chart(question("single"), ["yes"] * 10)
    chart = for_public(single, least=11)
    assert isinstance(chart, Chart) and chart.reason is Reason.HIDDEN and chart.rows == ()


def test_rare_words_and_rows_of_few_are_taken_out() -> None:
    words = for_public(makers.words(), least=40)
    assert isinstance(words, Words)
    assert [word.count for word in words.words] == [84, 61, 40]
    rows = makers.intervals().rows
    few = makers.intervals(rows=(msgspec.structs.replace(rows[0], base=2), *rows[1:]))
    made = for_public(few)
    assert isinstance(made, Intervals)
    assert [row.figure.value is None for row in made.rows] == [True, False, False, False, False]
    assert made.rows[0].base == 0


@pytest.mark.parametrize("spec", makers.each_kind()[:1])
def test_charts_of_many_stay_as_they_are(spec: msgspec.Struct) -> None:
    assert for_public(makers.grouped()) == spec
