"""Agreement of coders, with the example of Krippendorff (Computing Krippendorff's alpha-reliability, 2011)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.models.coders import Level, krippendorff_alpha

NAN = math.nan
CODES = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_example_with_missing_codes(level: Level, alpha: float) -> None:
    found = krippendorff_alpha(CODES, level)
    assert found.alpha == pytest.approx(alpha, abs=0.0006)
    assert (found.units, found.codes) == (11, 40)


@given(st.integers(0, 1000))
def test_alpha_is_one_for_twins_and_about_nothing_by_chance(seed: int) -> None:
    draw = np.random.default_rng(seed)
    codes = draw.integers(0, 4, size=(2, 300)).astype(float)
    assert krippendorff_alpha(codes[[0, 0]]).alpha == pytest.approx(1)
    assert abs(krippendorff_alpha(codes).alpha or 0) < 0.25
    renamed = np.array([7.0, 3, 9, 1])[codes.astype(int)]
    assert krippendorff_alpha(renamed).alpha == pytest.approx(krippendorff_alpha(codes).alpha)


def test_reasons_stand_in_for_alpha() -> None:
    assert krippendorff_alpha([[1, NAN], [NAN, 2]]).reason is Reason.NO_ANSWERS
    assert krippendorff_alpha([[2, 2], [2, 2]]).reason is Reason.NO_SPREAD
