"""Dear statistics, beside the library that one would otherwise call: `pip install .[peers]` brings those libraries.

Processor time. The ratio is to one bare numpy.bincount over as many rows, measured in the same run.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.rao_scott import design_independence
from consult.analysis.models.drivers import key_drivers
from consult.analysis.models.ecsi import ecsi
from consult.analysis.models.pathestimate import path_model
from consult.analysis.sampling.weighting import Margin, rake

Floats = NDArray[np.float64]
ROWS = 1_000_000
ITEMS = {"image": 5, "expectations": 3, "quality": 7, "value": 2, "satisfaction": 3, "complaints": 1, "loyalty": 3}
RESPONDENTS, RESAMPLES, DRIVERS = 250, 1000, 10


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", action="store_true", help="also run the libraries of the group peers")


def seconds(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def row(words: str, ours: float, aim: float, bare: float, other: str = "") -> None:
    print(f"{words:<46}{ours:8.3f} s   aim {aim:5.2f} s   ratio {ours / bare:7.1f}{other}", flush=True)


def bare_count(rng: np.random.Generator) -> float:
    """The least that a figure of a million rows costs: their codes counted once with weights."""
    codes, weights = rng.integers(0, 50, ROWS), rng.gamma(4, 0.25, ROWS)
    return seconds(lambda: np.bincount(codes, weights, minlength=50))


def peer(name: str, run: Callable[[Any], object], wanted: bool) -> str:
    """How long another library takes; what is not installed is named."""
    if not wanted:
        return ""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return f"   {name}: not installed"
    return f"   {name}: {seconds(lambda: run(module), 1):.3f} s"


def raking(rng: np.random.Generator, wanted: bool, bare: float) -> None:
    sizes = (3, 5, 10)
    codes = [rng.integers(0, size, ROWS) for size in sizes]
    margins = [
        Margin(f"m{size}", code, tuple(map(str, range(size))), rng.uniform(0.5, 1.5, size))
        for size, code in zip(sizes, codes, strict=True)
    ]
    ours = seconds(lambda: rake(np.ones(ROWS), margins))

    def other(ipfn: Any) -> object:
        pandas = importlib.import_module("pandas")
        names = [margin.name for margin in margins]
        frame = pandas.DataFrame({margin.name: margin.codes for margin in margins} | {"total": 1.0})
        known = [
            pandas.Series(m.population / m.population.sum() * ROWS, index=pandas.RangeIndex(len(m.labels), name=m.name))
            for m in margins
        ]
        return ipfn.ipfn.ipfn(frame, known, [[name] for name in names]).iteration()

    row("raking, 1 M rows x 3 margins", ours, 0.2, bare, peer("ipfn", other, wanted))


def independence(rng: np.random.Generator, wanted: bool, bare: float) -> None:
    a, b, strata = rng.integers(0, 5, ROWS), rng.integers(0, 10, ROWS), rng.integers(0, 20, ROWS)
    design = Design(rng.gamma(4, 0.25, ROWS), strata=strata)
    design_independence(a, b, (5, 10), design)  # the design's strata are counted once for all tests
    ours = seconds(lambda: design_independence(a, b, (5, 10), design))

    def other(svy: Any) -> object:
        polars = importlib.import_module("polars")
        frame = polars.DataFrame({"a": a, "b": b, "w": design.weights, "h": strata})
        return svy.Sample(frame, svy.Design(stratum="h", wgt="w")).categorical.tabulate("a", "b")

    row("Rao–Scott, 1 M rows x 5 x 10, 20 strata", ours, 0.15, bare, peer("svy", other, wanted))


def satisfaction_model(rng: np.random.Generator, bare: float) -> None:
    latent = rng.normal(size=RESPONDENTS)
    names = {block: [f"{block}{i}" for i in range(count)] for block, count in ITEMS.items()}
    answers = {
        item: np.clip(np.round(6 + 1.5 * latent + rng.normal(0, 1.5, RESPONDENTS)), 1, 10)
        for block in names.values()
        for item in block
    }
    model = ecsi(names)  # type: ignore[arg-type]  # the keys are its latents
    ours = seconds(lambda: path_model(answers, model, scale=(1, 10), resamples=RESAMPLES), 2)
    row("ECSI, 24 items, n = 250, 1,000 bootstraps", ours, 10, bare)


def drivers(rng: np.random.Generator, wanted: bool, bare: float) -> None:
    x = rng.normal(size=(RESPONDENTS * 4, DRIVERS)) + rng.normal(size=(RESPONDENTS * 4, 1))
    y = x @ rng.uniform(0, 1, DRIVERS) + rng.normal(size=RESPONDENTS * 4)
    names = [f"d{i}" for i in range(DRIVERS)]
    ours = seconds(lambda: key_drivers(y, x, names))

    def other(statsmodels: Any) -> object:
        """R2 of every subset by fits, which is what LMG averages."""
        sets = (subset for k in range(1, DRIVERS + 1) for subset in combinations(range(DRIVERS), k))
        return [statsmodels.OLS(y, statsmodels.add_constant(x[:, list(subset)])).fit().rsquared for subset in sets]

    row("LMG, 10 drivers, n = 1,000", ours, 0.3, bare, peer("statsmodels.api", other, wanted))


def run(args: argparse.Namespace) -> None:
    rng = np.random.default_rng(1)
    bare = bare_count(rng)
    print(f"{'one bare numpy.bincount of 1 M rows':<46}{bare:8.3f} s")
    independence(rng, args.peers, bare)
    raking(rng, args.peers, bare)
    satisfaction_model(rng, bare)
    drivers(rng, args.peers, bare)
