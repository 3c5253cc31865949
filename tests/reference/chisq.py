"""Reference cases of the topic `chisq`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from consult.analysis.complex_samples.rao_scott import Statistic, cell_codes, design_independence
from tests.reference.cases import Case

# Without the package CompQuadForm, R's svychisq computes "lincom" by the saddlepoint approximation too.
AS_IN_R: dict[str, Statistic] = {
    "F": "F",
    "Chisq": "Chisq",
    "Wald": "Wald",
    "adjWald": "adjWald",
    "lincom": "saddlepoint",
    "saddlepoint": "saddlepoint",
}


def independence(case: Case) -> Mapping[str, object]:
    """With the table of weighted totals, of those rows and columns that have anybody in them."""
    (row, rows), (column, columns) = case.codes(str(case.args["row"])), case.codes(str(case.args["col"]))
    shape = len(rows), len(columns)
    design = case.design
    found = design_independence(row, column, shape, design, statistic=AS_IN_R[str(case.args.get("statistic", "F"))])
    cells = cell_codes(row, column, shape)
    table = np.bincount(cells[cells >= 0], design.weights[cells >= 0], minlength=shape[0] * shape[1]).reshape(shape)
    # R multiplies the shares by all rows of the design, those without an answer too, unless the call takes them out.
    rows_in_r = found.n if re.search(r"subset|na\.omit|complete|is\.na|\[", case.call) else case.n
    scale = rows_in_r / found.n if found.n else 1.0
    pearson = None if found.pearson is None else found.pearson * scale
    down, across = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    return {
        "statistic": pearson if found.method in ("Chisq", "lincom", "saddlepoint") else found.statistic,
        "p_value": found.p_value,
        "df": found.df or None,
        "pearson_on_weighted_proportions_times_n": pearson,
        "table": table[np.ix_(down, across)],
        "rows": [name for name, kept in zip(rows, down, strict=True) if kept],
        "cols": [name for name, kept in zip(columns, across, strict=True) if kept],
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {"design-based test of independence": independence}
