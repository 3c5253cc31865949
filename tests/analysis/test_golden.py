"""What R says of a synthetic town (tests/golden), and that a wrong figure would be noticed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.reference.__main__ import evaluate
from tests.reference.cases import Case, read_folder

CASES = list(read_folder(Path(__file__).parents[1] / "golden"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}-{case.id}" for case in CASES])
def test_statistics_agree_with_r(case: Case) -> None:
    assert evaluate(case) == []


def test_every_topic_of_the_golden_figures_is_read() -> None:
    topics = {case.file for case in CASES}
    assert topics == {
        f"{topic}.json"
        for topic in (
            [
                "estimates",
                "proportion_ci",
                "quantiles",
                "chisq",
                "ranktests",
                "weighting",
                "multiple_response",
                "reliability",
            ]
        )
    }


def test_a_figure_that_is_slightly_wrong_is_found() -> None:
    case = next(case for case in CASES if case.id == "strata-ratio")
    estimate = float(str(case.expected["estimate"])) * 1.00001
    wrong = dataclasses.replace(case, expected={**case.expected, "estimate": estimate})
    assert [difference.key for difference in evaluate(wrong)] == ["estimate"]
