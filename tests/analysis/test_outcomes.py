"""Outcome rates against the arithmetic of the Standard Definitions."""

from dataclasses import astuple, fields

import pytest

from consult.analysis.sampling.outcomes import Dispositions, OutcomeRates, outcome_rates

# I=820 P=31 R=402 NC=911 O=22 UH=350 UO=60, e=0.7; each figure is its definition written out, for instance
# RR3 = 820/(820+31+402+911+22+0.7*410)
CASE = Dispositions(820, 31, 402, 911, 22, 350, 60)
EXPECTED = OutcomeRates(
    rr1=0.315870570107858, rr2=0.327812018489985, rr3=0.33158107561666, rr4=0.344116457743631, rr5=0.375114364135407,
    rr6=0.389295516925892, coop1=0.643137254901961, coop2=0.667450980392157, coop3=0.654429369513168,
    coop4=0.679169992019154, ref1=0.154853620955316, ref2=0.162555600485241, ref3=0.183897529734675,
    con1=0.491140215716487, con2=0.515568135867368, con3=0.583257090576395,
)  # fmt: skip


def test_all_rates_follow_their_definitions() -> None:
    assert astuple(outcome_rates(CASE, e=0.7)) == pytest.approx(astuple(EXPECTED), rel=1e-12)


def test_e_of_one_and_nought_are_the_outer_rates() -> None:
    one, nought = outcome_rates(CASE, e=1.0), outcome_rates(CASE, e=0.0)
    assert (one.rr3, one.ref2, one.con2) == (one.rr1, one.ref1, one.con1)
    assert (nought.rr3, nought.ref2, nought.con2) == (nought.rr5, nought.ref3, nought.con3)


def test_an_empty_sample_has_no_rates() -> None:
    rates = outcome_rates(Dispositions(0))
    assert all(getattr(rates, field.name) is None for field in fields(rates))


@pytest.mark.parametrize("e", [-0.1, 1.1])
def test_e_is_a_share(e: float) -> None:
    with pytest.raises(ValueError, match="share"):
        outcome_rates(CASE, e=e)


def test_counts_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Dispositions(1, refused=-1)
