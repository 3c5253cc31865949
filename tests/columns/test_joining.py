"""Segments written under one definition, read under another: the same as if they had been decoded by it."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from consult.columns import segment
from consult.columns.column import Coded, Masked
from consult.columns.reading import Columns, columns
from consult.surveys.definition.schema import Definition
from tests.results.makers import definition, question, text


def asked(codes: list[str]) -> Definition:
    options = [{"code": code, "text": text(code)} for code in codes]
    return definition(question("single", "s", options=options), question("multiple", "m", options=options),
                      question("hidden", "h", parameter="from"))  # fmt: skip


def answers(codes: list[str], n: int, chance: random.Random) -> list[tuple[dict[str, Any], str]]:
    return [
        (
            {"s": chance.choice([*codes, None]), "m": chance.sample(codes, 3), "h": chance.choice(["x", "y", None])},
            "web",
        )
        if chance.random() > 0.1
        else ({}, "paper")
        for _ in range(n)
    ]


@pytest.mark.parametrize(("before", "after"), [(5, 5), (5, 9), (60, 70), (70, 90), (200, 300), (300, 310)])
def test_codes_move_to_the_points_of_the_newest_definition(before: int, after: int) -> None:
    chance = random.Random(before + after)
    old = [f"o{i}" for i in range(before)]
    new = [f"o{i}" for i in range(after)]
    chance.shuffle(new)
    first, second = answers(old, 40, chance), answers(new, 40, chance)
    made = Columns(asked(new), [*columns(asked(old), first).segments, *columns(asked(new), second).segments])
    expected = columns(asked(new), [*first, *second])
    for key in ("s", "h", "@channel"):
        mine, theirs = made.column(key), expected.column(key)
        assert isinstance(mine, Coded)
        assert isinstance(theirs, Coded)
        assert mine.codes.dtype == theirs.codes.dtype
        assert (mine.codes.tolist(), mine.points) == (theirs.codes.tolist(), theirs.points)
        assert made.frequencies(key) == expected.frequencies(key)
    mine, theirs = made.column("m"), expected.column("m")
    assert isinstance(mine, Masked)
    assert isinstance(theirs, Masked)
    assert (mine.bits.tolist(), mine.status.tolist()) == (theirs.bits.tolist(), theirs.status.tolist())
    assert made.chosen("m") == expected.chosen("m") == tuple(int(theirs.chosen(i).sum()) for i in range(after))


def test_many_different_values_are_counted_from_the_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    made = definition(question("hidden", "h", parameter="from"), question("number", "n", decimals=2, outside=[]))
    given = [({"h": f"link{i % 7}", "n": i % 5 / 4}, "web") for i in range(50)]
    few = columns(made, given)
    monkeypatch.setattr(segment, "MOST_DIFFERENT", 2)
    many = columns(made, given)
    assert many.segments[0].held["n"].summary.values is None
    assert many.segments[0].held["h"].summary.codes is None
    assert many.frequencies("h") == few.frequencies("h")
    for a, b in zip(many.different("n"), few.different("n"), strict=True):
        assert np.array_equal(a, b)
