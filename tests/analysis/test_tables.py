"""Weighted tables, against the same sums written row by row."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.tables import BLOCK, Asked, Axis, Table, Tally, cross, tabulate
from consult.analysis.simple_samples.letters import effective_bases

SEX, MOOD, BOTH = Asked("sex"), Asked("mood"), Asked("sex", "mood")


def people(n: int, seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    mood = rng.integers(0, 4, n).astype(np.uint16)
    mood[rng.random(n) < 0.2] = 65535
    return {
        "sex": rng.integers(0, 2, n).astype(np.uint8),
        "mood": mood,
        "weights": rng.gamma(2, 0.5, n),
        "strata": rng.integers(0, 3, n).astype(np.int32),
        "clusters": rng.integers(0, 7, n).astype(np.int32),
    }


def by_hand(found: dict[str, Any], where: Any, power: int) -> Any:
    sums = np.zeros((3, 3, 5))
    rows = np.flatnonzero(where)
    place = (found["strata"][rows], found["sex"][rows], np.minimum(found["mood"][rows], 4))
    np.add.at(sums, place, found["weights"][rows] ** power)
    return sums


def test_sums_per_stratum_and_cell_over_several_blocks() -> None:
    n = BLOCK + 1234
    found = people(n)
    where = np.random.default_rng(2).random(n) < 0.7
    columns = {"sex": (found["sex"], 2), "mood": (found["mood"], 4)}
    tables = tabulate(columns, [BOTH, MOOD], weights=found["weights"], where=where, strata=found["strata"])
    for power, part in enumerate((tables[BOTH].n, tables[BOTH].weight, tables[BOTH].squares)):
        assert np.allclose(part, by_hand(found, where, power), rtol=1e-12)
    assert np.allclose(tables[MOOD].weights[:, 0], by_hand(found, where, 1)[:, :, :4].sum(axis=(0, 1)))


def test_segments_add_up_and_clusters_are_kept_apart() -> None:
    found = people(1000)
    tally = Tally({"sex": Axis(2), "mood": Axis(4)}, [BOTH], clusters=7)
    for part in (slice(0, 300), slice(300, 1000)):
        tally.add(
            {"sex": found["sex"][part], "mood": found["mood"][part]},
            weights=found["weights"][part],
            clusters=found["clusters"][part],
        )
    sums = np.zeros((7, 3, 5))
    np.add.at(sums, (found["clusters"], found["sex"], np.minimum(found["mood"], 4)), found["weights"])
    assert np.allclose(tally.cluster_tables()[BOTH], sums)
    assert np.allclose(tally.tables()[BOTH].weight[0], sums.sum(axis=0))


def test_a_margin_is_the_same_counted_alone_and_beside_a_cross() -> None:
    found = people(500)
    columns = {"sex": (found["sex"], 2), "mood": (found["mood"], 4)}
    alone = tabulate(columns, [MOOD], weights=found["weights"])[MOOD]
    beside = tabulate(columns, [MOOD, BOTH], weights=found["weights"])[MOOD]
    assert (alone.n == beside.n).all()
    assert np.allclose(alone.weight, beside.weight)
    assert np.allclose(alone.squares, beside.squares)


def test_rows_of_weight_zero_and_no_rows_at_all_count_nothing() -> None:
    codes = np.array([0, 1, 1], dtype=np.uint8)
    found = tabulate({"sex": (codes, 2)}, [SEX], weights=np.array([1.5, 0.0, 2.0]))[SEX]
    assert found.counts.tolist() == [[1], [1]]
    assert found.weights.tolist() == [[1.5], [2.0]]
    nobody = tabulate({"sex": (codes[:0], 2)}, [SEX], weights=np.array([]))[SEX]
    assert nobody.counts.tolist() == [[0], [0]]


def test_without_weights_each_row_weighs_one() -> None:
    found = tabulate({"sex": (np.array([0, 1, 1, 255], dtype=np.uint8), 2)}, [SEX])[SEX]
    assert found.n[0].tolist() == [[1, 0], [2, 0], [1, 0]]
    assert found.weights.tolist() == found.weights_squared.tolist() == [[1.0], [2.0]]


def test_codes_of_any_integers_can_be_crossed() -> None:
    found = cross(np.array([0, -1, 1, 1]), np.array([0, 1, 1, 9]), (2, 2), np.ones(4))
    assert found.counts.tolist() == [[1, 0], [0, 1]]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 200), st.integers(0, 2**31))
def test_order_of_rows_and_of_columns_does_not_matter(n: int, seed: int) -> None:
    found = people(n, seed)
    order = np.random.default_rng(seed).permutation(n)
    columns = {"sex": (found["sex"], 2), "mood": (found["mood"], 4)}
    mixed = {name: (codes[order], points) for name, (codes, points) in columns.items()}
    here = tabulate(columns, [BOTH], weights=found["weights"])[BOTH]
    there = tabulate(mixed, [Asked("mood", "sex")], weights=found["weights"][order])[Asked("mood", "sex")]
    assert (here.counts == there.transposed().counts).all()
    assert np.allclose(here.weights, there.transposed().weights)


def test_callers_mistakes_are_named() -> None:
    codes = np.array([0, 1], dtype=np.uint8)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"weights": np.array([1.0, -1.0])}, "negative"),
        ({"weights": np.array([1.0, np.nan])}, "missing"),
        ({"weights": np.array([1, 2], dtype=np.float32)}, "float64"),
        ({"where": np.array([True])}, "shapes"),
    ]
    for given_, message in wrong:
        with pytest.raises(ValueError, match=message):
            tabulate({"sex": (codes, 2)}, [SEX], **given_)
    with pytest.raises(ValueError, match="not unsigned"):
        tabulate({"sex": (codes.astype(np.int64), 2)}, [SEX])
    with pytest.raises(ValueError, match="announced"):
        Tally({"sex": Axis(2)}, [SEX], strata=2).add({"sex": codes})
    with pytest.raises(ValueError, match="at least one"):
        Axis(0)


def test_tables_of_two_groups_add_up() -> None:
    codes = np.array([0, 1, 1, 0, 1], dtype=np.uint8)
    parts = [tabulate({"sex": (part, 2)}, [SEX])[SEX] for part in (codes[:2], codes[2:])]
    both = parts[0] + parts[1]
    assert isinstance(both, Table)
    assert both.counts.tolist() == tabulate({"sex": (codes, 2)}, [SEX])[SEX].counts.tolist()


def test_a_column_may_use_every_code_of_its_type() -> None:
    codes = np.array([0, 255, 255], dtype=np.uint8)
    found = tabulate({"place": (codes, 256)}, [Asked("place")])[Asked("place")]
    assert (found.counts[0, 0], found.counts[255, 0], found.n.sum()) == (1, 2, 3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_the_effective_number_of_people_is_at_most_their_number(weights: Any) -> None:
    codes = np.zeros(len(weights), dtype=np.uint8)
    found = tabulate({"a": (codes, 1)}, [Asked("a")], weights=np.array(weights, dtype=np.float64))[Asked("a")]
    effective = effective_bases(found.weights, found.weights_squared)
    assert effective[0] <= found.counts[0, 0] * (1 + 1e-9)
