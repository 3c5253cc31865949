"""A queue with tasks of its own: what a test registers is gone after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consult.jobs import housekeeping, registry


@pytest.fixture(autouse=True)
def own_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_tasks", {})
    monkeypatch.setattr(registry, "_periodic", {})
    monkeypatch.setattr(housekeeping, "LOOK_AGAIN_S", 0.0)
    yield
