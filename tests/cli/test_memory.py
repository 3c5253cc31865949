"""Objects that stay are left alone by the collector, a limited number of times."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from consult.cli.memory import Keeper


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def collected(keeper: Keeper, generation: int = 2) -> int:
    """How many objects more are left alone after a collection."""
    before = gc.get_freeze_count()
    keeper("start", {"generation": generation})
    keeper("stop", {"generation": generation})
    return gc.get_freeze_count() - before


def test_what_survives_a_long_collection_is_left_alone() -> None:
    assert collected(Keeper(dear_s=0.0)) > 0


def test_a_short_collection_or_a_young_one_changes_nothing() -> None:
    assert collected(Keeper(dear_s=60.0)) == 0
    assert collected(Keeper(dear_s=0.0), generation=1) == 0


def test_it_is_done_a_limited_number_of_times() -> None:
    keeper = Keeper(dear_s=0.0, most=1)
    collected(keeper)
    assert collected(keeper) == 0
