"""Scales under a design, against R on the data of `crossed`."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_scales import design_likert, table_likert
from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.scales import likert
from tests.analysis.crossed import CLUSTERED, COLUMN, POPULATION, STRATA, STRATIFIED, WEIGHTS


# D <- update(D, v = c + 1, top = as.numeric(c == 3), net = (c == 3) - (c == 0)); svymean(~v, D, na.rm = TRUE), ...;
# svyciprop(~top, D, na.rm = TRUE, df = degf(D))
@pytest.mark.parametrize(
    ("design", "mean_se", "net_se", "top"),
    [
        (STRATIFIED, 0.0861568990234909, 0.0533537529491092, (0.213428009877685, 0.360947681533660)),
        (CLUSTERED, 0.0600457245781801, 0.039582142160314, (0.229801125746565, 0.339347466861369)),
    ],
)
def test_weighted_summary_equals_r(design: Design, mean_se: float, net_se: float, top: Any) -> None:
    found = design_likert(COLUMN, 4, design, boxes=1)
    assert [found.mean.value, found.mean.se] == pytest.approx([2.7033527696793, mean_se], rel=1e-10)
    assert [found.net.value, found.net.se] == pytest.approx([0.134110787172012, net_se], rel=1e-10)
    assert [found.top.low, found.top.high] == pytest.approx(top, rel=1e-8)
    assert found.top.value == pytest.approx(0.28134110787172)
    # sqrt(svyvar(~v, D, na.rm = TRUE)), which takes the 120 rows, with missing ones, for n
    assert found.sd == pytest.approx(1.03669992329731 * (119 / 120 * 114 / 113) ** 0.5)
    assert (found.n, sum(found.counts)) == (114, 114)


def test_sums_alone_give_the_same_summary() -> None:
    codes = np.where(COLUMN < 0, 255, COLUMN).astype(np.uint8)
    table = tabulate({"c": (codes, 4)}, [Asked("c")], weights=WEIGHTS, strata=STRATA)[Asked("c")]
    here, there = table_likert(table, population=POPULATION), design_likert(COLUMN, 4, STRATIFIED)
    assert here.mean.se == pytest.approx(there.mean.se, rel=1e-10)
    assert here.index.low == pytest.approx(there.index.low, rel=1e-5)
    assert here.top.high == pytest.approx(there.top.high, rel=1e-5)
    assert (here.median, here.modes) == (there.median, there.modes)
    assert here.leik == pytest.approx(there.leik)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=60))
def test_equal_weights_and_no_design_give_the_plain_summary(answers: Any) -> None:
    codes = np.array(answers)
    counts = np.bincount(codes, minlength=5).tolist()
    plain, weighted = likert(counts), design_likert(codes, 5, Design(np.full(codes.size, 3.7)))
    assert weighted.mean.value == pytest.approx(plain.mean.value)
    assert weighted.mean.se == pytest.approx(plain.mean.se, abs=1e-9)
    assert weighted.sd == pytest.approx(plain.sd, abs=1e-12)
    assert (weighted.median, weighted.modes) == (plain.median, plain.modes)
    assert weighted.tastle_wierman == pytest.approx(plain.tastle_wierman)


def test_nobody_one_person_and_a_census() -> None:
    nobody = design_likert(np.full(3, -1), 5, Design.simple(3))
    assert (nobody.mean.reason, nobody.median, nobody.shares) == (Reason.NO_ANSWERS, None, None)
    one = design_likert(np.array([2]), 5, Design.simple(1))
    assert (one.mean.value, one.mean.reason, one.sd) == (3.0, Reason.ONE_ANSWER, None)
    everybody = design_likert(np.array([0, 2, 4]), 5, Design.simple(3, population=3))
    assert (everybody.mean.se, everybody.mean.method) == (0, "census")
    codes = np.array([0, 2, 4], dtype=np.uint8)
    table = tabulate({"c": (codes, 5)}, [Asked("c")])[Asked("c")]
    assert table_likert(table, population=[3]).mean.method == "census"
    empty = tabulate({"c": (codes[:0], 5)}, [Asked("c")])[Asked("c")]
    assert table_likert(empty).mean.reason is Reason.NO_ANSWERS
