"""Whether 95 % intervals hold what they promise: samples drawn again and again from a town whose figures are known."""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import design_mean
from consult.analysis.complex_samples.design_shares import design_share
from consult.analysis.estimate import Estimate

LOWEST, HIGHEST = 0.935, 0.965
DISTRICTS, BLOCKS, HOMES = 8, 80, 30
"""A town of 8 districts with 80 blocks of 30 homes each."""
DRAWN_HOMES, DRAWN_BLOCKS, DRAWN_OF_BLOCK = 60, 12, 10


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draws", type=int, default=2000, help="samples drawn for each design")


class Town:
    """Everybody: shape (districts, blocks, homes). Neighbours resemble each other, districts differ."""

    def __init__(self, rng: np.random.Generator) -> None:
        district = rng.normal(0, 0.4, (DISTRICTS, 1, 1))
        block = rng.normal(0, 0.3, (DISTRICTS, BLOCKS, 1))
        mood = district + block + rng.normal(0, 1, (DISTRICTS, BLOCKS, HOMES))
        self.minutes = np.exp(2.5 + 0.3 * mood)
        self.satisfied = mood > 0.3
        self.rare = mood > 1.6

    def values(self, name: str) -> NDArray[np.float64]:
        return np.asarray(getattr(self, name), dtype=np.float64)


def stratified(rng: np.random.Generator) -> tuple[NDArray[np.intp], Design]:
    """Homes drawn in every district, more than their share in some: unequal weights, finite population."""
    sizes = [DRAWN_HOMES // 2 if district % 2 else DRAWN_HOMES for district in range(DISTRICTS)]
    per = BLOCKS * HOMES
    chosen = [district * per + rng.choice(per, size, replace=False) for district, size in enumerate(sizes)]
    strata = np.repeat(np.arange(DISTRICTS), sizes)
    weights = np.repeat([per / size for size in sizes], sizes)
    return np.concatenate(chosen), Design(weights, strata=strata, fpc=(np.full(len(strata), float(per)),))


def clustered(rng: np.random.Generator) -> tuple[NDArray[np.intp], Design]:
    """Blocks drawn in every district, then homes within them."""
    chosen, strata, units = [], [], []
    for district in range(DISTRICTS):
        for block in rng.choice(BLOCKS, DRAWN_BLOCKS, replace=False):
            start = (district * BLOCKS + block) * HOMES
            chosen.append(start + rng.choice(HOMES, DRAWN_OF_BLOCK, replace=False))
            strata += [district] * DRAWN_OF_BLOCK
            units += [int(block)] * DRAWN_OF_BLOCK
    n = len(units)
    weight = BLOCKS / DRAWN_BLOCKS * HOMES / DRAWN_OF_BLOCK
    fpc = (np.full(n, float(BLOCKS)), np.full(n, float(HOMES)))
    return np.concatenate(chosen), Design(np.full(n, weight), np.array(strata), (np.array(units),), fpc)


def covers(found: Estimate, truth: float) -> bool:
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def run(args: argparse.Namespace) -> None:
    rng = np.random.default_rng(1)
    town = Town(rng)
    failed = []
    for name, draw in (("stratified", stratified), ("clustered", clustered)):
        hits = dict.fromkeys(("minutes", "satisfied", "rare"), 0)
        for _ in range(args.draws):
            rows, design = draw(rng)
            for variable in hits:
                values = town.values(variable).ravel()
                found = (design_mean if variable == "minutes" else design_share)(values[rows], design)
                hits[variable] += covers(found, float(values.mean()))
        for variable, count in hits.items():
            share = count / args.draws
            is_good = LOWEST <= share <= HIGHEST
            kind = "mean" if variable == "minutes" else "share"
            print(f"{name:<12}{kind} of {variable:<12}{share:8.1%} of {args.draws} intervals hold the truth"
                  f"{'' if is_good else '   OUTSIDE 93.5 to 96.5 %'}", flush=True)  # fmt: skip
            failed += [] if is_good else [(name, variable)]
    if failed:
        raise SystemExit("intervals do not hold what they promise")
