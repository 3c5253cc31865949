"""Reference cases of the topic `pls`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.estimate import Estimate
from consult.analysis.models.ecsi import Latent as EcsiLatent
from consult.analysis.models.ecsi import ecsi
from consult.analysis.models.pathestimate import path_model
from consult.analysis.models.pathmodel import Path, PathModel, PathResult
from tests.reference.cases import Case

SATISFACTION = ("SAT", "CUSA")
"""How the latent variable of satisfaction is called."""


def path_model_figures(case: Case) -> dict[str, object]:
    a = case.args
    names = list(a["blocks"])
    blocks = {name: tuple(items) if isinstance(items, list) else (items,) for name, items in a["blocks"].items()}
    matrix = a["path_from_column_to_row"]
    paths = tuple((names[i], names[j]) for j, row in enumerate(matrix) for i, linked in enumerate(row) if linked)
    model = PathModel(blocks, paths)
    low, high = a.get("index_item_range") or (1, 10)
    found = path_model(
        {item: case.column(item) for block in blocks.values() for item in block},
        model,
        scale=(low, high),
        scheme=a["scheme"],
        # The rule says that weights are divided by the items' sd, but the expected indices are those of weights that
        # were not: the sd was that of items already standardised, which is 1.
        index_weights="standardised",
        resamples=1000 if "bootstrap_1000_approx" in case.expected else 0,
    )
    return _figures(found, case.expected.get("bootstrap_1000_approx"))


def _figures(found: PathResult, bootstrap: object) -> dict[str, object]:
    names = list(found.model.latents)
    coefficient = {(path.source, path.target): path.value.value for path in found.paths}
    effects = {(effect.source, effect.target): effect for effect in found.effects}
    pairs = [(one, other) for j, one in enumerate(names) for other in names[j + 1 :]]
    total = {pair: effects[pair].total.value if pair in effects else 0.0 for pair in pairs}
    indices = {latent.name: latent.index and latent.index.value for latent in found.latents}
    satisfaction = next((name for name in names if name.upper().startswith(SATISFACTION)), None)
    return {
        "latent": names,
        "path_matrix": [[coefficient.get((source, target), 0.0) for source in names] for target in names],
        "inner": {
            "to": [path.target for path in found.paths],
            "from": [path.source for path in found.paths],
            "b": [path.value.value for path in found.paths],
            "se": [path.se for path in found.paths],
            "t": [path.t for path in found.paths],
            "p": [path.p for path in found.paths],
        },
        "r_squared": [latent.r_squared or 0.0 for latent in found.latents],
        "communality": [latent.communality for latent in found.latents],
        "ave": [latent.communality for latent in found.latents],
        "gof": found.gof,
        "outer": {
            "item": [item.name for item in found.items],
            "block": [item.latent for item in found.items],
            "weight": [item.weight for item in found.items],
            "loading": [item.loading for item in found.items],
        },
        # plspm shows a negative alpha as 0.
        "cronbach": [max(0.0, latent.alpha) for latent in found.latents],
        "dillon_goldstein": [latent.rho for latent in found.latents],
        "total_effects": {
            "path": [f"{one} -> {other}" for one, other in pairs],
            "direct": [effects[pair].direct if pair in effects else 0.0 for pair in pairs],
            "indirect": [effects[pair].indirect if pair in effects else 0.0 for pair in pairs],
            "total": [total[pair] for pair in pairs],
        },
        "score_correlations": None if found.scores is None else found.scores.tolist(),
        "index_0_100": list(indices.values()),
        "satisfaction_index": indices.get(satisfaction or ""),
        "bootstrap_1000_approx": _bootstrap(found, bootstrap),
    }


def _bootstrap(found: PathResult, want: object) -> object:
    """Bootstrap figures of the paths in the shape in which a case states them, since it may name them as it likes.

    Either lists, one entry per path, with a list of labels "A -> B" beside them or in the order of the inner model; or
    an object per path. What a list holds is told by its key; a number by itself is about the satisfaction index.
    """
    if not isinstance(want, Mapping):
        return None
    by_label = {f"{path.source}->{path.target}": path for path in found.paths}
    if any(_label(key) in by_label for key in want):
        return {key: _figures_of(by_label.get(_label(key)), value) for key, value in want.items()}
    labels = next((value for value in want.values() if isinstance(value, list) and isinstance(value[0], str)), None)
    paths = [by_label.get(_label(label)) for label in labels] if labels else list(found.paths)
    figures = [None if path is None else path.value for path in paths]
    overall = next((one.index for one in found.latents if one.name.upper().startswith(SATISFACTION)), None)
    return {
        key: value
        if value is labels
        else [_figure(one, key) for one in figures]
        if isinstance(value, list)
        else _figure(overall, key)
        for key, value in want.items()
    }


def _label(text: str) -> str:
    return text.replace(" ", "")


def _figures_of(path: Path | None, want: object) -> object:
    one = None if path is None else path.value
    return {key: _figure(one, key) for key in want} if isinstance(want, Mapping) else _figure(one, "se")


def _figure(found: Estimate | None, key: str) -> float | None:
    if found is None:
        return None
    name = key.lower()
    if "se" in name or "error" in name or "sd" in name:
        return found.se
    if "low" in name or "025" in name:
        return found.low
    if "high" in name or "up" in name or "975" in name:
        return found.high
    return found.value


PREFIXES: dict[EcsiLatent, str] = {
    "image": "IMAG",
    "expectations": "CUEX",
    "quality": "PERQ",
    "value": "PERV",
    "satisfaction": "CUSA",
    "complaints": "CUSCO",
    "loyalty": "CUSL",
}
WORDS: dict[str, str] = {
    "image": "Image",
    "expectations": "Expectation",
    "quality": "Quality",
    "value": "Value",
    "satisfaction": "Satisfaction",
    "complaints": "Complaints",
    "loyalty": "Loyalty",
}


def mobile_phones(case: Case) -> dict[str, object]:
    """The European model on the mobile phone data, whose columns begin with what they measure."""
    items = {
        latent: [name for name in case.columns if name.upper().startswith(prefix)]
        for latent, prefix in PREFIXES.items()
    }
    model = ecsi(items)
    found = path_model(
        {item: case.column(item) for block in model.blocks.values() for item in block},
        model,
        scheme=case.args.get("scheme", "path"),
    )
    paths: dict[str, object] = {f"{WORDS[path.source]}->{WORDS[path.target]}": path.value.value for path in found.paths}
    return paths | {f"r2_{WORDS[latent.name]}": latent.r_squared for latent in found.latents}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "PLS path model, mode A, standardised data": path_model_figures,
    "path coefficients from a second package, three decimals": mobile_phones,
}
