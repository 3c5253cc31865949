"""What the explorer answers, held against counting by hand."""

from __future__ import annotations

from typing import Any

import pytest

from consult.app import Application
from consult.charts.kinds import Grouped, Heat, Intervals
from consult.explorer.queries import Explored, explored
from consult.storage import fetchval
from consult.web.forms import Form
from tests.results.makers import NOON, a_survey, definition, question

QUESTIONS = (
    question("single", "gender"),
    question("scale", "satisfied"),
    question("multiple", "uses"),
    question("number", "minutes"),
    question("matrix_scale", "services"),
)
ANSWERS: list[dict[str, Any]] = [
    {"gender": "yes", "satisfied": 5, "uses": ["yes", "no"], "minutes": 10, "services": {"parks": 5, "roads": 1}},
    {"gender": "yes", "satisfied": 4, "uses": ["yes"], "minutes": 20, "services": {"parks": 4, "roads": 2}},
    {"gender": "yes", "satisfied": "dont_know", "uses": ["no"], "minutes": 30, "services": {"parks": 3}},
    {"gender": "no", "satisfied": 1, "uses": ["yes", "no"], "minutes": None, "services": {"parks": 5, "roads": 5}},
    {"gender": None, "satisfied": 2, "uses": None, "minutes": 50},
]  # fmt: skip


async def ask(**values: Any) -> Explored:
    if not await fetchval("select count(*) from survey"):
        await a_survey(definition(*QUESTIONS), ANSWERS)
    given = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return await explored("trees", Form(given), at=NOON)


def counts(heat: Heat) -> list[list[int | None]]:
    return [[cell.count for cell in row.cells] for row in heat.rows]


async def test_answers_by_groups_are_counted_with_everybody_last(db: None) -> None:
    [chart] = (await ask(rows="satisfied", columns="gender")).charts
    assert isinstance(chart, Heat)
    assert [column.key for column in chart.columns] == ["yes", "no", "other", "all"]
    assert [column.base for column in chart.columns] == [2, 1, 0, 4]
    assert counts(chart) == [[0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1], [1, 0, 0, 1]]
    assert [cell.value for cell in chart.rows[4].cells] == [0.5, 0.0, None, 0.25]
    assert chart.base == 4


@pytest.mark.parametrize(
    ("statistic", "figures"),
    [("row", [1.0, 0.0, 0.0, 1.0]), ("total", [0.25, 0.0, 0.0, 0.25]), ("count", [1.0, 0.0, 0.0, 1.0])],
)
async def test_shares_can_be_of_rows_or_of_everybody(db: None, statistic: str, figures: list[float]) -> None:
    [chart] = (await ask(rows="satisfied", columns="gender", statistic=statistic)).charts
    assert isinstance(chart, Heat)
    assert [cell.value for cell in chart.rows[4].cells] == figures


async def test_a_question_with_several_answers_counts_people_who_gave_any(db: None) -> None:
    [chart] = (await ask(rows="uses", columns="gender")).charts
    assert isinstance(chart, Heat)
    assert chart.several
    assert counts(chart)[0] == [2, 1, 0, 3]
    assert [cell.value for cell in chart.rows[0].cells] == [2 / 3, 1.0, None, 0.75]


async def test_groups_may_overlap(db: None) -> None:
    [chart] = (await ask(rows="gender", columns="uses")).charts
    assert isinstance(chart, Heat)
    assert [column.base for column in chart.columns] == [3, 3, 0, 4]
    assert counts(chart)[:2] == [[2, 2, 0, 3], [1, 1, 0, 1]]


async def test_one_question_alone_is_bars(db: None) -> None:
    [chart] = (await ask(rows="gender")).charts
    assert isinstance(chart, Grouped)
    assert [value.value for value in chart.groups[0].values] == [0.75, 0.25, 0.0]


async def test_means_are_of_numbers_and_scales(db: None) -> None:
    [chart] = (await ask(rows="minutes", columns="gender")).charts
    assert isinstance(chart, Intervals)
    assert [row.figure.value for row in chart.rows] == [20.0, None, None, 27.5]
    [chart] = (await ask(rows="satisfied", statistic="mean")).charts
    assert isinstance(chart, Intervals)
    assert chart.rows[0].figure.value == 3.0


async def test_a_table_question_is_one_matrix(db: None) -> None:
    [chart] = (await ask(rows="services")).charts
    assert isinstance(chart, Heat)
    assert [row.key for row in chart.rows] == ["services.parks", "services.roads"]
    assert [row.base for row in chart.rows] == [4, 3]
    [chart] = (await ask(rows="services", columns="gender", statistic="mean")).charts
    assert isinstance(chart, Heat)
    assert [[cell.value for cell in row.cells] for row in chart.rows] == [
        [4.0, 5.0, None, 4.25],
        [1.5, 5.0, None, 8 / 3],
    ]


async def test_filters_say_whom_they_count(application: Application) -> None:
    found = await ask(rows="satisfied", where=["gender:yes", "uses:yes"])
    assert found.people == 2
    [chart] = found.charts
    assert chart.base == 2
    assert chart.source.filters[0]["mk"].endswith(": Да")


async def test_nothing_asked_is_nothing_answered(db: None) -> None:
    found = await ask()
    assert (found.charts, found.problems, found.people) == ([], [], 5)
