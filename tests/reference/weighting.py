"""Reference cases of the topic `weighting`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.reference.cases import Case

CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {}
