"""Reference cases of the topic `replicates`: each statistic's name -> what computes its figures.

Their args do not name the variables; the R call does: `svymean(~api00+enroll, ...)`, `svyratio(~alive, ~arrests, ...)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design_estimates import design_ratio
from consult.analysis.complex_samples.replicates import balanced, jackknife, replicate_means, replicate_ratios
from tests.reference.cases import Case

_FORMULA = re.compile(r"~\s*((?:[\w.+: ]|\([^()]*(?:\([^()]*\)[^()]*)*\))+)")


def formulas(case: Case) -> list[list[str]]:
    """The one-sided formulas of the call, each as its terms; those of a design (`id=~dnum`) are left out."""
    text = re.sub(r"\w+\s*=\s*~\s*[\w.+]+", "", case.call)
    return [[term.strip() for term in re.split(r"\+(?![^(]*\))", found)] for found in _FORMULA.findall(text)]


def columns(case: Case, term: str) -> NDArray[np.float64]:
    """A term's columns: numbers, the levels of a categorical, or a condition `I(x == 'Yes')`."""
    inner = re.fullmatch(r"(?:I|as\.numeric|as\.integer|factor|as\.factor)\((.*)\)", term)
    name = inner[1].strip() if inner else term
    if re.search(r"[=<>]", name):
        return case.condition(name.replace("'", "").replace('"', ""))[:, None]
    if case.columns[name].numbers is None or (inner and "factor" in term):
        codes, levels = case.codes(name)
        chosen = (codes[:, None] == np.arange(len(levels))).astype(np.float64)
        return np.where(codes[:, None] < 0, np.nan, chosen)
    return case.column(name)[:, None]


def jackknifed(case: Case) -> Mapping[str, object]:
    """Means of the expected names, and shares of whatever else the call mentions."""
    design = case.design
    if re.search(r"\b(no|none|without|ignored?|dropped|not used)\b", str(case.args.get("fpc") or "").lower()):
        design = replace(design, fpc=())
    replicates = jackknife(design, kind=case.args["type"], mse=bool(case.args["mse"]))
    wanted = case.expected["names"]
    names = wanted if isinstance(wanted, list) else [wanted]
    means = replicate_means(case.matrix(names), replicates)
    assert means.se is not None
    found: dict[str, object] = {"names": names, "estimate": means.values, "se": means.se, "df": replicates.df}
    others = [term for terms in formulas(case) for term in terms if term not in names]
    if others:
        shares = replicate_means(np.column_stack([columns(case, term) for term in others]), replicates)
        assert shares.se is not None
        found |= {"prop": shares.values, "prop_se": shares.se}
        wanted = case.expected.get("prop")
        if others[0].startswith("I(") and isinstance(wanted, list) and len(wanted) == 2:
            # R gives a condition two columns, FALSE and TRUE.
            found |= {"prop": [1 - shares.values[0], shares.values[0]], "prop_se": [shares.se[0]] * 2}
    return found


def _ratio_terms(case: Case) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    above, below = (terms[0] for terms in formulas(case)[:2])
    return case.column(above), case.column(below)


def repeated(case: Case) -> Mapping[str, object]:
    above, below = _ratio_terms(case)
    factors = np.asarray(case.args["repweights"], dtype=np.float64)
    if factors.shape[0] != case.n:
        factors = factors.T
    replicates = balanced(case.design, factors * float(case.args.get("factor", 1)))
    found = replicate_ratios(above, below, replicates)
    assert found.se is not None
    return {"estimate": found.values, "se": found.se}


def linearised(case: Case) -> Mapping[str, object]:
    found = design_ratio(*_ratio_terms(case), case.design)
    return {"estimate": found.value, "se": found.se}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "jackknife variance": jackknifed,
    "ratio with balanced repeated replication": repeated,
    "ratio, linearisation": linearised,
}
