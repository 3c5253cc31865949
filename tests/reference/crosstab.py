"""Reference cases of the topic `crosstab`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.comparisons import adjusted
from consult.analysis.complex_samples.crosstab import residuals
from consult.analysis.simple_samples.association import strength
from consult.analysis.simple_samples.independence import chi_square
from consult.analysis.simple_samples.letters import column_letters
from tests.reference.cases import Case


def _levels(case: Case, name: str, wanted: object) -> tuple[NDArray[np.int64], list[str]]:
    """Codes and labels in the order of R's factor: that of the expected labels, else of the levels."""
    codes, levels = case.codes(name)
    order = [str(label) for label in wanted] if isinstance(wanted, list) else list(levels)
    if sorted(order) != sorted(levels):
        order = list(levels)
    place = np.array([order.index(level) for level in levels] + [-1])
    return place[codes], order


def _table(case: Case) -> tuple[NDArray[np.float64], list[str], list[str]]:
    expected = case.expected
    labels = expected["rows"]
    if labels and isinstance(labels[0], Mapping):
        labels = [row["row"] for row in labels]
    row, rows = _levels(case, str(case.args["row"]), labels)
    column, columns = _levels(case, str(case.args["col"]), expected.get("cols", expected.get("columns")))
    frequency = case.args.get("frequency")
    counts = case.column(str(frequency)) if frequency else np.ones(case.n)
    table = np.zeros((len(rows), len(columns)))
    given = (row >= 0) & (column >= 0) & ~np.isnan(counts)
    np.add.at(table, (row[given], column[given]), counts[given])
    return table, rows, columns


def cross_table(case: Case) -> Mapping[str, object]:
    table, rows, columns = _table(case)
    test, size, rest = chi_square(table), strength(table), residuals(table)
    return {
        "statistic": test.statistic,
        "p_value": test.p_value,
        "df": test.df,
        "yates_statistic": test.yates,
        "likelihood_ratio": test.likelihood_ratio,
        "cramers_v": size.cramers_v,
        "cramers_v_bias_corrected": size.corrected_v,
        "contingency_c": size.contingency,
        "table": table,
        "rows": rows,
        "cols": columns,
        "expected": test.expected,
        "pearson_residuals": rest.pearson,
        "adjusted_residuals": rest.adjusted,
        "min_expected": test.min_expected,
    }


def column_proportions(case: Case) -> Mapping[str, object]:
    table, rows, columns = _table(case)
    level = float(case.args.get("alpha", 0.05))
    found = column_letters(table, level=level, correction="bonferroni")
    pairs = [first + second for first, second in combinations(found.names, 2)]
    shown = []
    for label, row in zip(rows, found.rows, strict=True):
        p = [pair.p for pair in row.pairs]
        shown.append(
            {
                "row": label,
                "proportions": row.values,
                "pair": pairs,
                "p_raw": p,
                "p_bonferroni": adjusted(p, "bonferroni"),
                "p_holm": adjusted(p, "holm"),
                "p_bh": adjusted(p, "benjamini-hochberg"),
                f"letters_bonferroni_{str(level).replace('.', '').removeprefix('0')}": row.letters,
            }
        )
    return {"columns": columns, "letters": found.names, "rows": shown}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "cross-tab: chi-square, effect sizes, residuals": cross_table,
    "column proportion tests with letters (pooled z, no continuity correction)": column_proportions,
}
