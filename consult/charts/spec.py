"""Any chart specification as one type, and keeping it: `Spec`, `to_builtins`, `from_builtins`."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from consult.charts.chart import Chart
from consult.charts.kinds import Grouped, Heat, Intervals, Line, Scatter, Words

OtherKind: TypeAlias = Grouped | Intervals | Line | Heat | Scatter | Words
Spec: TypeAlias = Chart | OtherKind
TAGS = frozenset(str(kind.__struct_config__.tag) for kind in (Grouped, Intervals, Line, Heat, Scatter, Words))


def to_builtins(spec: Spec) -> dict[str, Any]:
    """The chart as plain values for JSON; `kind` says which one it is."""
    plain: dict[str, Any] = msgspec.to_builtins(spec)
    return plain


def from_builtins(value: object) -> Spec:
    """Read a chart that was kept, whenever that was. Raises msgspec.ValidationError."""
    if isinstance(value, dict) and value.get("kind") in TAGS:
        other: OtherKind = msgspec.convert(value, OtherKind)
        return other
    return msgspec.convert(value, Chart)


def kind_of(spec: Spec) -> str:
    return spec.kind if isinstance(spec, Chart) else str(type(spec).__struct_config__.tag)
