"""A ratio beyond its limit is told, beyond the margin it fails the run."""

from __future__ import annotations

import pytest

from tests.bench.limits import Limits


@pytest.mark.parametrize(
    ("ratio", "exactly", "is_held", "told"),
    [
        (5.9, False, True, "limit 6.00, fails above 9.00)\n"),
        (8.9, False, True, "over the limit\n"),
        (9.1, False, False, "FAILS\n"),
        (6.1, True, False, "(limit 6.00)   FAILS\n"),
    ],
)
def test_limits(
    ratio: float, exactly: bool, is_held: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    limits = Limits(margin=1.5)
    assert limits.hold("a page in bare ones", ratio, 6.0, exactly=exactly) is is_held
    assert bool(limits.failed) is not is_held
    assert capsys.readouterr().out.endswith(told)
