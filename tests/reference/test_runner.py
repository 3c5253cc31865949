"""The runner of reference cases: what passes, what fails, and what it says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.__main__ import main
from tests.reference.cases import Case, read_folder
from tests.reference.compare import differences
from tests.reference.names import TOPICS, adapter


def a_folder(folder: Path, *, cases: Any, designs: Any = None, data: str = 'x,g\n1,"a"\n2,\n,"NA"\n') -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "tiny.csv").write_text(data)
    content = {"schema": "statref/1", "designs": designs or [], "cases": cases}
    (folder / "tiny.json").write_text(json.dumps(content))
    return folder


def a_case(folder: Path, **fields: Any) -> Case:
    record = {"id": "one", "statistic": "mean", "data": "tiny", "expected": {}} | fields
    return next(iter(read_folder(a_folder(folder, cases=[record], designs={"d": {"weights": "x", "ids": ["g"]}}))))


def test_unknown_statistics_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_folder(tmp_path, cases=[{"id": "one", "statistic": "luck", "data": "tiny", "expected": {"x": 1}}])
    assert main([str(folder)]) == 1
    assert capsys.readouterr().out.endswith("0 passed, 1 failed\n")


def test_a_missing_data_file_fails_its_case_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = a_folder(tmp_path, cases=[{"id": "one", "statistic": "mean", "data": "lost", "expected": {}}])
    assert main([str(folder)]) == 1
    assert "tiny.json one : got 'there is no data file lost.csv'" in capsys.readouterr().out


def test_a_folder_that_does_not_exist_is_a_mistake_of_use() -> None:
    assert main(["/nowhere"]) == 2


def test_every_name_belongs_to_a_module() -> None:
    assert all(adapter(name) is None or callable(adapter(name)) for name in TOPICS)
    assert len(TOPICS) == 58


def test_empty_cells_and_bare_na_are_missing_but_quoted_na_is_a_text(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    assert np.isnan(case.column("x")).tolist() == [False, False, True]
    assert case.columns["g"].texts == ("a", None, "NA")
    assert case.codes("g")[0].tolist() == [1, -1, 0]


def test_conditions_keep_missing_values_apart(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    assert case.condition("x >= 2").tolist()[:2] == [0, 1]
    assert np.isnan(case.condition("x >= 2")[2])
    assert case.condition("x >= 2 & g == a").tolist()[0] == 0
    assert case.condition("x == 1 | x == 2").tolist()[:2] == [1, 1]
    assert case.condition("g %in% c('a', 'NA')").tolist()[::2] == [1, 1]
    assert case.condition("I(g == 'a')").tolist()[::2] == [1, 0]
    assert case.condition("x").tolist()[:2] == [1, 1]
    with pytest.raises(ValueError, match="not understood"):
        case.condition("launch()")


@pytest.mark.parametrize(
    ("got", "want"),
    [(1.0, [1]), ([1.0], 1), (1 + 1e-9, 1), ({"a": "1"}, {"a": 1}), (None, None), (np.float64(1), 1), ((1, 2), [1, 2])],
)
def test_values_that_agree(got: Any, want: Any) -> None:
    assert not differences({"key": got}, {"key": want}, rtol=1e-7, atol=0)


@pytest.mark.parametrize(
    ("got", "want"),
    [(1.1, 1), ([1.0, 2.0], [1]), (float("nan"), 1), (None, 1), (1, None), ("a", "b"), (True, 1), ({}, {"a": 1})],
)
def test_values_that_differ(got: Any, want: Any) -> None:
    assert differences({"key": got}, {"key": want}, rtol=1e-7, atol=0)


def test_tiny_p_values_are_not_compared() -> None:
    assert not differences({"p_value": 3e-20}, {"p_value": 1e-20}, rtol=1e-7, atol=0)
    assert differences({"p_value": 3e-10}, {"p_value": 1e-10}, rtol=1e-7, atol=0)
    assert differences({"spread": 3e-20}, {"spread": 1e-20}, rtol=1e-7, atol=0)


def test_weights_may_follow_from_the_population_counts(tmp_path: Path) -> None:
    data = "h,psu,n1,n2\n1,1,4,10\n1,1,4,10\n1,2,4,3\n2,1,2,5\n"
    design = {"strata": "h", "ids": ["psu"], "fpc": ["n1", "n2"], "weights": "implied by fpc"}
    case = next(
        iter(
            read_folder(
                a_folder(
                    tmp_path,
                    cases=[{"id": "a", "statistic": "mean", "data": "tiny", "design": design, "expected": {}}],
                    data=data,
                )
            )
        )
    )
    assert case.design.weights.tolist() == [10, 10, 6, 10]
    assert case.design.df == 1
