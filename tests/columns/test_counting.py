"""Tables from the files are those that counting every answer gives, in one file or many, all answers or some."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from consult.analysis.basis.tables import Asked
from consult.columns import store
from consult.columns.column import Coded
from consult.columns.counting import tables
from consult.columns.frame import Frame, frame
from tests.columns.test_store import ANSWERS, a_store, agrees
from tests.results.makers import answered

ASKED = [Asked("s"), Asked("@channel"), Asked("h"), Asked("y"), Asked("s", "t.r0"), Asked("v", "@weekday")]


def one_by_one(made: Frame, asked: Asked, weights: Any) -> Any:
    """The weights' sums, cell by cell."""
    columns = [made.column(key) for key in (asked.row, asked.column) if key is not None]
    names = [made.variables[key].points for key in (asked.row, asked.column) if key is not None]
    shape = [max(1, len(points)) for points in names]
    found = np.zeros((shape[0], shape[1] if len(shape) > 1 else 1))
    for i in range(made.n):
        codes = [int(column.codes[i]) for column in columns if isinstance(column, Coded)]
        if all(code < len(points) for code, points in zip(codes, names, strict=True)):
            found[codes[0], codes[1] if len(codes) > 1 else 0] += weights[i]
    return found


@pytest.mark.parametrize("without", [(), ("straight_lined",)])
async def test_tables_are_what_counting_one_by_one_gives(
    db: None, monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...]
) -> None:
    monkeypatch.setattr(store, "BLOCK", 4)
    survey_id = await a_store()
    await frame(survey_id)
    await answered(survey_id, ANSWERS, channel="paper")
    await agrees(survey_id)
    made = await frame(survey_id, without=without)
    assert len(made.columns.segments) == 2
    weights = np.random.default_rng(1).gamma(4, 0.25, made.n)
    found = tables(made.columns, ASKED, weights=weights)
    for asked in ASKED:
        assert found[asked].weights == pytest.approx(one_by_one(made, asked, weights)), asked
    some = np.arange(made.n) % 2 == 0
    chosen = tables(made.columns, ASKED[:1], where=some)[ASKED[0]]
    assert chosen.weights == pytest.approx(one_by_one(made, ASKED[0], some.astype(float)))


async def test_only_codes_are_crossed(db: None) -> None:
    made = await frame(await a_store())
    for key in ("n", "m", "w"):
        with pytest.raises(KeyError):
            tables(made.columns, [Asked(key)])
