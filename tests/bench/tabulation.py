"""Tables and tests of many answers: all tables of a survey in one pass, and a test of independence of a million."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.tables import BLOCK, Asked, Axis, Tally, tabulate
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.rao_scott import design_independence, rao_scott
from consult.analysis.disclosure.suppression import suppress

SIZES = (2, 5, 10, 5, 7, 27, 4, 5, 5, 3, 11, 5, 6, 5, 8, 12, 5, 2, 9, 5)
"""Possible answers of each of 20 questions."""
CROSSED = tuple((2 * i, 2 * i + 1) for i in range(10))
TEST_LIMIT_S = 0.15
BARE_LIMIT = 2.0


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=4_600_000, help="answers to tabulate")


def _best(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def _columns(folder: Path, rows: int) -> tuple[list[NDArray[np.uint8]], NDArray[np.float64]]:
    """Written to files and mapped, as the store does."""
    rng = np.random.default_rng(1)
    columns = []
    for number, size in enumerate(SIZES):
        codes = rng.integers(0, size, rows).astype(np.uint8)
        codes[rng.random(rows) < 0.1] = 255
        codes.tofile(folder / str(number))
        columns.append(np.memmap(folder / str(number), np.uint8, "r"))
    rng.gamma(4, 0.25, rows).tofile(folder / "weights")
    return list(columns), np.memmap(folder / "weights", np.float64, "r")


def _bare(columns: list[NDArray[np.uint8]], weights: NDArray[np.float64]) -> None:
    """What a programmer would write first: numpy.bincount, block by block, one table after another."""
    for start in range(0, weights.size, BLOCK):
        part = slice(start, start + BLOCK)
        w = np.asarray(weights[part])
        codes = [np.minimum(column[part], size) for column, size in zip(columns, SIZES, strict=True)]
        for code, size in zip(codes, SIZES, strict=True):
            for by in (None, w, w * w):
                np.bincount(code, by, minlength=size + 1)
        for row, column in CROSSED:
            place = codes[row].astype(np.intp) * (SIZES[column] + 1) + codes[column]
            for by in (None, w):
                np.bincount(place, by, minlength=(SIZES[row] + 1) * (SIZES[column] + 1))


def _tallied(columns: list[NDArray[np.uint8]], weights: NDArray[np.float64]) -> None:
    asked = [*(Asked(str(i)) for i in range(len(SIZES))), *(Asked(str(i), str(j)) for i, j in CROSSED)]
    tally = Tally({str(i): Axis(size) for i, size in enumerate(SIZES)}, asked)
    tally.add({str(i): column for i, column in enumerate(columns)}, weights=weights)
    tally.tables()


def run(args: argparse.Namespace) -> None:
    slow = []
    with tempfile.TemporaryDirectory() as folder:
        columns, weights = _columns(Path(folder), args.rows)
        bare, ours = (_best(lambda work=work: work(columns, weights)) for work in (_bare, _tallied))  # type: ignore[misc]
    print(f"{args.rows:,} answers: 20 one-way and 10 two-way tables {ours:.2f} s, bare bincount {bare:.2f} s,"
          f" ratio {ours / bare:.2f} (limit {BARE_LIMIT})", flush=True)  # fmt: skip
    slow += ["tables"] if ours > BARE_LIMIT * bare else []
    rng = np.random.default_rng(2)
    row, column = rng.integers(0, 5, 1_000_000).astype(np.uint8), rng.integers(0, 10, 1_000_000).astype(np.uint8)
    strata, w = rng.integers(0, 20, 1_000_000), rng.gamma(4, 0.25, 1_000_000)
    asked = Asked("row", "column")
    counted = {"row": (row, 5), "column": (column, 10)}
    test = _best(lambda: rao_scott(tabulate(counted, [asked], weights=w, strata=strata)[asked]))
    design = Design(w, strata=strata, stages=(rng.integers(0, 50, 1_000_000) * 20 + strata,))
    clustered = _best(lambda: design_independence(row, column, (5, 10), design))
    print(f"Rao-Scott of 1,000,000 x 5 x 10: in 20 strata {test:.3f} s, in 1,000 clusters {clustered:.3f} s"
          f" (limit {TEST_LIMIT_S})", flush=True)  # fmt: skip
    slow += ["Rao-Scott"] if test > TEST_LIMIT_S else []
    for shape in ((5, 6), (10, 8), (20, 10)):
        table = np.round(np.random.default_rng(1).gamma(1.2, 20, shape)).astype(int)
        start = time.perf_counter()
        hidden = suppress(table, 5).hidden.sum()
        print(f"suppression {shape[0]} x {shape[1]}: {hidden} cells hidden in {time.perf_counter() - start:.2f} s")
    if slow:
        raise SystemExit(f"slower than the limit: {', '.join(slow)}")
