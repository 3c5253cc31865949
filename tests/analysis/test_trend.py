"""Control charts. Golden numbers by R from the formulas, with the commands beside them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.trend import Signal, p_chart, u_chart, xmr_chart

WAVES = [10.0, 12, 11, 13, 9, 12, 14, 10, 25, 11]
COUNTS, SIZES = [12.0, 15, 9, 14, 11, 13, 30], [100.0, 120, 90, 110, 100, 105, 100]


def test_limits_rest_on_the_baseline_and_stay_frozen() -> None:
    found = xmr_chart(WAVES, baseline=8)  # r <- mean(abs(diff(x[1:8]))); m -+ 3 * r / 1.128; 3.267 * r
    assert found.centre[0] == pytest.approx(11.375)
    assert [found.mean_range, found.range_high] == pytest.approx([2.57142857142857, 8.40085714285714])
    assert [found.low[9], found.high[9]] == pytest.approx([4.53609422492401, 18.213905775076])
    assert found.signals[8] == (Signal.BEYOND,)
    assert not any(found.signals[:8])
    later = xmr_chart([*WAVES, 12.0, 14.0], baseline=8)
    assert later.low[:10] == found.low


def test_too_few_waves_have_no_limits() -> None:
    found = xmr_chart(WAVES[:5])
    assert (found.reason, found.centre, found.baseline) == (Reason.FEW_WAVES, (None,) * 5, 0)
    assert xmr_chart([]).reason is Reason.FEW_WAVES
    assert xmr_chart([1.0, None, 2, 3, None, 4, 5]).reason is Reason.FEW_WAVES
    assert xmr_chart([1.0, None, 2, 3, 2, 4, 5]).reason is None


def test_a_change_of_method_starts_new_limits() -> None:
    found = xmr_chart([*WAVES[:8], 40.0, 42, 41, 40, 43, 41, 40], breaks=[8])
    assert found.centre[0] == pytest.approx(11.375)
    assert found.centre[8] == pytest.approx(41)
    assert not any(found.signals)
    assert xmr_chart([*WAVES[:8], 40.0, 42], breaks=[8]).centre[8:] == (None, None)


def test_eight_waves_on_one_side_stand_out() -> None:
    found = xmr_chart([5.0, 6, 4, 5, 6, 4, 5, *[5.5] * 7], baseline=7)
    assert not any(found.signals)
    longer = xmr_chart([5.0, 6, 4, 5, 6, 4, 5, *[5.5] * 9], baseline=7)
    assert longer.signals[7:] == ((Signal.RUN,),) * 9


def test_limits_are_cut_at_the_ends_of_the_scale() -> None:
    found = xmr_chart([98.0, 90, 99, 91, 98, 92], lowest=0, highest=100)
    assert found.high == (100,) * 6


def test_shares_have_limits_by_their_number_of_answers() -> None:
    found = p_chart(COUNTS, SIZES, baseline=6)  # p + 3 * sqrt(p * (1 - p) / n)
    assert found.method == "p"
    assert found.centre[0] == pytest.approx(0.1184)
    assert found.low[:2] == pytest.approx((0.0214756501182495, 0.0299205786637367))
    assert found.high[:2] == pytest.approx((0.215324349881751, 0.206879421336263))
    assert found.signals[6] == (Signal.BEYOND,)


def test_large_waves_are_judged_by_how_much_shares_vary_beyond_chance() -> None:
    found = p_chart([c * 1000 for c in COUNTS], [n * 1000 for n in SIZES], baseline=6)
    # z <- ((d/n - p)/sqrt(p*(1-p)/n))[1:6]; s <- mean(abs(diff(z)))/1.128; p + 3*s*sqrt(p*(1-p)/n)
    assert found.method == "laney-p"
    assert found.sigma == pytest.approx(15.3978739173276)
    assert found.high[:2] == pytest.approx((0.165594746299371, 0.161482711906498))
    assert p_chart(COUNTS, SIZES, laney=True).method == "laney-p"


def test_events_per_unit() -> None:
    found = u_chart([10, 12, 8, 14, 10, 16], [5] * 6)
    half = 3 * (70 / 30 / 5) ** 0.5
    assert found.centre[0] == pytest.approx(70 / 30)
    assert [found.low[0], found.high[0]] == pytest.approx([70 / 30 - half, 70 / 30 + half])
    assert u_chart([0, 0, 1, 0, 0, 0], [5] * 6).low[0] == 0


def test_a_wave_without_answers_has_no_figure_and_no_limits() -> None:
    found = p_chart([*COUNTS, 0], [*SIZES, 0])
    assert (found.values[7], found.low[7], found.signals[7]) == (None, None, ())
    with pytest.raises(ValueError, match="not negative"):
        p_chart([1], [-1])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30), st.booleans())
def test_limits_hold_the_centre_and_nothing_raises(waves: Any, laney: bool) -> None:
    counts, sizes = [float(c) for c, _ in waves], [float(c + rest) for c, rest in waves]
    for found in (p_chart(counts, sizes, laney=laney), u_chart(counts, sizes), xmr_chart(counts)):
        assert len(found.signals) == len(found.values) == len(waves)
        for centre, low, high in zip(found.centre, found.low, found.high, strict=True):
            if low is not None and high is not None:
                assert centre is not None and low - 1e-12 <= centre <= high + 1e-12
                assert found.method == "xmr" or low >= 0
