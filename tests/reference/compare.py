"""Comparing what was computed with what a case expects."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

ENVELOPE = "bootstrap_1000_approx"
"""Expected figures below this key come from 1,000 random resamples of another generator."""
ENVELOPE_RTOL, ENVELOPE_ATOL = 0.15, 0.01
SMALLEST_P = 1e-12
"""Smaller p-values are not compared: rounding decides them. The statistic beside them is."""
ROUNDING = 1e-13
"""An expected 0 may come out as a rounding error, and the SE of a mean that was calibrated to as another one."""
_ERROR = re.compile(r"(^|\.)se$")
_P_VALUE = re.compile(r"(^|[._ ])p([._ ]|$)|pvalue")


@dataclass(frozen=True)
class Difference:
    """One thing that differs: at which key, what was got, what was wanted."""

    key: str
    got: object
    want: object

    def __str__(self) -> str:
        return f"{self.key}: got {self.got!r}, want {self.want!r}"


def differences(got: Mapping[str, object], want: Mapping[str, object], *, rtol: float, atol: float) -> list[Difference]:
    """Where `got` misses a key of `want` or its value; keys that only `got` has do not matter.

    Numbers: |got - want| <= atol + rtol |want|. A list of one element may stand for its element, and a number for the
    text of that number (labels). null is met by None only; NaN by nothing.
    """
    return list(_differ(dict(got), want, "", rtol, atol))


def _differ(got: object, want: object, key: str, rtol: float, atol: float) -> Iterator[Difference]:
    got = _plain(got)
    if isinstance(want, Mapping):
        if not isinstance(got, Mapping):
            yield Difference(key, got, want)
            return
        for name, value in want.items():
            inner = f"{key}.{name}" if key else str(name)
            wide = name == ENVELOPE
            if name not in got:
                yield Difference(inner, "nothing", value)
            else:
                yield from _differ(
                    got[name], value, inner, ENVELOPE_RTOL if wide else rtol, ENVELOPE_ATOL if wide else atol
                )
    elif isinstance(want, list) or isinstance(got, list):
        yield from _lists(got, want, key, rtol, atol)
    elif not _same(got, want, key, rtol, atol):
        yield Difference(key, got, want)


def _lists(got: object, want: object, key: str, rtol: float, atol: float) -> Iterator[Difference]:
    gots = got if isinstance(got, list) else [got]
    wants = want if isinstance(want, list) else [want]
    if len(gots) != len(wants):
        # A list of one list, such as a matrix of one row, may stand for that row.
        if len(wants) == 1 and isinstance(wants[0], list):
            yield from _lists(got, wants[0], key, rtol, atol)
        elif len(gots) == 1 and isinstance(gots[0], list):
            yield from _lists(gots[0], want, key, rtol, atol)
        else:
            yield Difference(key, got, want)
        return
    for place, (one, other) in enumerate(zip(gots, wants, strict=True)):
        yield from _differ(one, other, f"{key}[{place}]" if len(wants) > 1 else key, rtol, atol)


def _same(got: object, want: object, key: str, rtol: float, atol: float) -> bool:
    if want is None or got is None or isinstance(want, bool) or isinstance(got, bool):
        return got is want or (isinstance(want, bool) and isinstance(got, bool) and got == want)
    if isinstance(want, str) or isinstance(got, str):
        return got == want or (_number(got) is not None and _number(got) == _number(want))
    if not isinstance(want, int | float) or not isinstance(got, int | float) or math.isnan(got):
        return False
    if _P_VALUE.search(re.sub(r"\[\d+\]", "", key)) and abs(want) < SMALLEST_P:
        return abs(got) < 10 * SMALLEST_P
    nothing = want == 0 or (abs(want) < ROUNDING and _ERROR.search(re.sub(r"\[\d+\]", "", key)))
    return got == want or abs(got - want) <= max(atol, ROUNDING if nothing else 0.0) + rtol * abs(want)


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except ValueError:
        return None


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return list(value) if isinstance(value, tuple) else value
