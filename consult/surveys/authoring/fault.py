"""A fault in a definition, at its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    path: Path
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)
