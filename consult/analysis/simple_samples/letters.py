"""Column letters: which columns of a cross-table differ from which, row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.comparisons import Correction, adjusted

Case = Literal["upper", "lower"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns compared: their places, the p-value alone and among the row's comparisons; None: not compared."""

    first: int
    second: int
    p: float | None
    p_adjusted: float | None


@dataclass(frozen=True, slots=True)
class RowLetters:
    """letters: per column, those of the columns that its value is significantly greater than; pairs: all of them."""

    values: tuple[float | None, ...]
    letters: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """names: the columns' letters A, B, ..., Z, AA, ...; rows: one for each row of the table (one for means)."""

    names: tuple[str, ...]
    rows: tuple[RowLetters, ...]
    level: float
    correction: Correction


def column_names(count: int) -> tuple[str, ...]:
    """A..Z, AA..AZ, BA.. as in spreadsheets."""

    def name(number: int) -> str:
        return (name(number // 26 - 1) if number >= 26 else "") + ascii_uppercase[number % 26]

    return tuple(name(number) for number in range(count))


def column_letters(
    counts: ArrayLike,
    *,
    bases: ArrayLike | None = None,
    people: ArrayLike | None = None,
    level: float = 0.05,
    correction: Correction = "holm",
    lower_at: float | None = None,
) -> Letters:
    """Compare each pair of columns in each row by the two-proportion z test (pooled, no continuity correction).

    counts      shape (r, c), >= 0: people, or weighted totals.
    bases       shape (c,), effective number of people in each column: for weights Kish's (sum w)^2 / sum w^2, never the
                sum of weights. None takes the columns' sums, which is right for people.
    people      shape (c,), unweighted people; a column of fewer than 2 is not compared. None takes the bases.
    level       a pair below it, after correction, sets a letter in the column with the greater share.
    correction  within each row: "holm", the default; "bonferroni" is what SPSS CTABLES does.
    lower_at    a second, weaker level: pairs between the two set a small letter.

    A share of 0 or 1 is compared with none, as there is nothing in it to judge its spread by. Columns of one row's
    comparisons overlap if people can stand in several: then these letters are not for them. They know no clusters.
    """
    table = np.asarray(counts, dtype=np.float64)
    sums = table.sum(axis=0)
    n = sums if bases is None else np.asarray(bases, dtype=np.float64)
    enough = (n if people is None else np.asarray(people)) >= 2
    names = column_names(table.shape[1])
    rows = []
    for row in table:
        shares = [float(c / s) if s > 0 else None for c, s in zip(row, sums, strict=True)]
        usable = [s is not None and 0 < s < 1 and bool(e) for s, e in zip(shares, enough, strict=True)]
        tests = [
            _proportions(shares[i] or 0, shares[j] or 0, n[i], n[j]) if usable[i] and usable[j] else None
            for i, j in combinations(range(len(names)), 2)
        ]
        rows.append(_row(shares, tests, names, level, correction, lower_at))
    return Letters(names, tuple(rows), level, correction)


def _proportions(first: float, second: float, n: float, m: float) -> float:
    pooled = (first * n + second * m) / (n + m)
    z = (first - second) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(2 * scipy.special.ndtr(-abs(z)))


def mean_letters(
    means: Sequence[float | None],
    variances: Sequence[float | None],
    bases: ArrayLike,
    *,
    pooled: Literal["all", "pair"] = "all",
    level: float = 0.05,
    correction: Correction = "holm",
    lower_at: float | None = None,
) -> Letters:
    """Compare the columns' means pair by pair with Student's t and a pooled variance.

    means, variances  per column; None where nobody answered, variance None or 0 people below 2. Divisor n - 1.
    bases             shape (c,), people, or effective people for weighted means.
    pooled            the variance is taken over "all" columns (SPSS CTABLES' default) or the "pair" compared.

    A column with fewer than 2 people is not compared; nor are columns where the pooled variance is 0.
    """
    n = np.asarray(bases, dtype=np.float64)
    names = column_names(len(means))
    usable = [m is not None and v is not None and b >= 2 for m, v, b in zip(means, variances, n, strict=True)]
    spread = np.array([v if ok and v is not None else 0.0 for v, ok in zip(variances, usable, strict=True)])
    freedom = np.where(usable, n - 1, 0.0)
    tests: list[float | None] = []
    for i, j in combinations(range(len(names)), 2):
        group = np.arange(len(names)) if pooled == "all" else np.array([i, j])
        df = float(freedom[group].sum())
        variance = float((freedom * spread)[group].sum()) / df if df > 0 else 0.0
        first, second = means[i], means[j]
        if not (usable[i] and usable[j]) or variance <= 0 or first is None or second is None:
            tests.append(None)
            continue
        t = (first - second) / math.sqrt(variance * (1 / n[i] + 1 / n[j]))
        tests.append(float(2 * scipy.special.stdtr(df, -abs(t))))
    return Letters(names, (_row(list(means), tests, names, level, correction, lower_at),), level, correction)


def _row(
    values: Sequence[float | None],
    tests: Sequence[float | None],
    names: Sequence[str],
    level: float,
    correction: Correction,
    lower_at: float | None,
) -> RowLetters:
    pairs = tuple(
        Pair(i, j, p, q)
        for (i, j), p, q in zip(combinations(range(len(names)), 2), tests, adjusted(tests, correction), strict=True)
    )
    letters: list[list[str]] = [[] for _ in names]
    for pair in pairs:
        first, second = values[pair.first], values[pair.second]
        if pair.p_adjusted is None or first is None or second is None or first == second:
            continue
        greater, less = (pair.first, pair.second) if first > second else (pair.second, pair.first)
        if pair.p_adjusted < level:
            letters[greater].append(names[less])
        elif lower_at is not None and pair.p_adjusted < lower_at:
            letters[greater].append(names[less].lower())
    ordered = ("".join(sorted(found, key=lambda name: (len(name), name.upper()))) for found in letters)
    return RowLetters(tuple(values), tuple(ordered), pairs)


def effective_bases(weights: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kish's effective number of people per column, shape (c,), from cells' sums of weights and squares, (r, c)."""
    sums, second = weights.sum(axis=0), squares.sum(axis=0)
    return np.asarray(np.divide(sums**2, second, out=np.zeros_like(sums), where=second > 0))
