from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.disclosure.cellkey import MODULUS, Base, lookup_table, record_keys, rounded, rounded_table

SECRET = b"a secret of the town hall"
IDS = [bytes([number % 256, number // 256]) for number in range(3000)]
BASES: tuple[Base, ...] = (3, 5)


@pytest.mark.parametrize("base", BASES)
def test_the_published_table_covers_all_keys_and_its_noise_has_mean_zero(base: Base) -> None:
    lines = lookup_table(base)
    for residue in range(base):
        mine = [line for line in lines if line.residue == residue]
        assert sum(line.to_key - line.from_key + 1 for line in mine) == MODULUS
        assert sum((line.to_key - line.from_key + 1) * line.change for line in mine) == 0
        assert all(abs(line.change) < base and (residue + line.change) % base == 0 for line in mine)


@pytest.mark.parametrize("base", BASES)
def test_counts_are_rounded_as_the_table_says(base: Base) -> None:
    for line in lookup_table(base):
        count = 4 * base + line.residue
        for key in (line.from_key, line.to_key):
            assert int(rounded(count, key, base)) == count + line.change


def test_the_same_people_get_the_same_noise_in_another_table() -> None:
    keys = record_keys(IDS, SECRET)
    assert (keys == record_keys(IDS, SECRET)).all()
    assert (keys != record_keys(IDS, SECRET + b"!")).any()
    assert keys.min() >= 1 and keys.max() <= MODULUS
    codes = (np.arange(3000) % 7).astype(np.uint8)
    other = (np.arange(3000) % 2).astype(np.uint8)
    tables = tabulate({"a": (codes, 7), "b": (other, 2)}, [Asked("a"), Asked("a", "b")], weights=keys)
    alone, crossed = (rounded_table(tables[asked]) for asked in (Asked("a"), Asked("a", "b")))
    assert (alone.cells[:, 0] == crossed.rows).all()
    assert alone.all == crossed.all
    assert np.abs(crossed.cells - tables[Asked("a", "b")].counts).max() < 5


def test_noise_over_many_cells_is_near_zero_on_the_mean() -> None:
    keys = record_keys(IDS, SECRET)
    groups = np.random.default_rng(3).integers(0, 1000, 3000)
    counts, sums = np.bincount(groups, minlength=1000), np.bincount(groups, keys, minlength=1000)
    change = rounded(counts, sums) - counts
    assert abs(change.mean()) < 4 * change.std() / np.sqrt(1000)


def test_shares_come_from_rounded_figures() -> None:
    keys = record_keys(IDS[:9], SECRET)
    codes = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1], dtype=np.uint8)
    table = rounded_table(tabulate({"a": (codes, 3)}, [Asked("a")], weights=keys)[Asked("a")])
    shares = table.shares("total")
    assert ((shares >= 0) & (shares <= 1)).all()
    assert table.shares("row")[2, 0] == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 10**9)), min_size=1), st.sampled_from(BASES))
def test_rounding_stays_near_and_zero_stays_zero(cells: Any, base: Any) -> None:
    counts, keys = np.array(cells).T
    found = rounded(counts, keys, base)
    assert (found % base == 0).all()
    assert (np.abs(found - counts) < base).all()
    assert (found[counts == 0] == 0).all()


def test_callers_mistakes_are_named() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        record_keys(IDS, b"short")
    with pytest.raises(ValueError, match="not negative"):
        rounded([-1], [4])
