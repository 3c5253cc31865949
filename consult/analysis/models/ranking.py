"""Ranking questions: places, points and agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.estimate import Reason
from consult.analysis.models.plackett_luce import Unranked, Worth, plackett_luce

PartialRule = Literal["places", "share"]


@dataclass(frozen=True, slots=True)
class RankedItem:
    """One item: people who ranked it, its mean place among them (1 is best), how many (and which share of all who
    ranked anything) put it first, and its Borda points."""

    item: int
    n: int
    mean_rank: float | None
    first: float
    first_share: float | None
    borda: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Friedman's test of "nobody prefers anything" and Kendall's W in [0, 1] (0: no agreement, 1: all alike), over the
    n rankings of all items. Everything None with a reason."""

    n: int
    w: float | None = None
    statistic: float | None = None
    df: int | None = None
    p_value: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """items in the order of the columns; n people who ranked at least one; worth by Plackett-Luce."""

    n: int
    items: tuple[RankedItem, ...]
    agreement: Agreement
    worth: Worth
    partial_rule: PartialRule


def ranking(
    ranks: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    partial: PartialRule = "places",
    unranked: Unranked = "last",
) -> Ranking:
    """Sum up a ranking question.

    ranks     shape (n, k), one column per item; 1 is best, NaN not ranked; no equal ranks within a row.
    weights   shape (n,), >= 0, for places, first places, points and worth; agreement is of rows.
    partial   what an item gets that somebody did not rank. "places": a ranked item gets k - rank points, another 0.
              "share": those not ranked share the points of the places left evenly.
    unranked  what not being ranked means for the worth, see `plackett_luce`.

    Mean ranks are over those who ranked the item: an item that few rank, but rank high, looks good; read them beside n.
    """
    table = np.asarray(ranks, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("ranks are a table of people and items")
    if ((table < 1) | (table != np.floor(table)) & ~np.isnan(table)).any():
        raise ValueError("ranks are whole numbers from 1")
    w = np.ones(len(table)) if weights is None else np.asarray(weights, dtype=np.float64)
    given = ~np.isnan(table)
    some = given.any(axis=1) & (w > 0)
    table, given, w = table[some], given[some], w[some]
    k = table.shape[1]
    points = np.where(given, k - np.nan_to_num(table), 0.0)
    if partial == "share":
        left = k - given.sum(axis=1, keepdims=True)
        points = np.where(given, points, (left - 1) / 2)
    total = float(w.sum())
    items: list[RankedItem] = []
    for j in range(k):
        weight = float(w[given[:, j]].sum())
        first = float(w[table[:, j] == 1].sum())
        mean = float(w[given[:, j]] @ table[given[:, j], j]) / weight if weight else None
        first_share = first / total if total else None
        items.append(RankedItem(j, int(given[:, j].sum()), mean, first, first_share, float(w @ points[:, j])))
    return Ranking(
        len(table), tuple(items), agreement(table), plackett_luce(table, weights=w, unranked=unranked), partial
    )


def agreement(ranks: ArrayLike) -> Agreement:
    """Friedman (JASA 32, 1937) with correction for ties, chi-square with k - 1; Kendall's W = statistic/(n (k - 1)).

    ranks  shape (n, k); rows that lack an item are left out; rows are ranked anew, so any scores will do.
    """
    table = np.asarray(ranks, dtype=np.float64)
    k = table.shape[1]
    table = table[~np.isnan(table).any(axis=1)]
    n = len(table)
    if k < 2:
        return Agreement(n, reason=Reason.ONE_ITEM)
    if n < 2:
        return Agreement(n, reason=Reason.TOO_FEW_ANSWERS if n else Reason.NO_ANSWERS)
    placed = _midranks(table)
    sums = placed.sum(axis=0)
    ties = 12 * float(((placed - (k + 1) / 2) ** 2).sum())
    if ties == 0:
        return Agreement(n, reason=Reason.NO_SPREAD)
    statistic = 12 * (k - 1) * float(((sums - n * (k + 1) / 2) ** 2).sum()) / ties
    p_value = float(scipy.special.chdtrc(k - 1, statistic))
    return Agreement(n, min(1.0, statistic / (n * (k - 1))), statistic, k - 1, p_value)


def _midranks(table: Array) -> Array:
    smaller = (table[:, :, None] > table[:, None, :]).sum(axis=2)
    equal = (table[:, :, None] == table[:, None, :]).sum(axis=2)
    return np.asarray(smaller + (equal + 1) / 2)
