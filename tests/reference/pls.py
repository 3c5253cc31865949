"""Reference cases of the topic `pls`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.ecsi import Latent as EcsiLatent
from consult.analysis.ecsi import ecsi
from consult.analysis.pathestimate import path_model
from consult.analysis.pathmodel import PathModel, PathResult
from tests.reference.cases import Case


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
    return _figures(found)


def _figures(found: PathResult) -> dict[str, object]:
    names = list(found.model.latents)
    coefficient = {(path.source, path.target): path.value.value for path in found.paths}
    effects = {(effect.source, effect.target): effect for effect in found.effects}
    pairs = [(one, other) for j, one in enumerate(names) for other in names[j + 1 :]]
    total = {pair: effects[pair].total.value if pair in effects else 0.0 for pair in pairs}
    indices = {latent.name: latent.index and latent.index.value for latent in found.latents}
    satisfaction = next((name for name in names if name.upper().startswith(("SAT", "CUSA"))), None)
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
        "bootstrap_1000_approx": _bootstrap(found),
    }


def _bootstrap(found: PathResult) -> dict[str, object]:
    """Standard errors and intervals of the paths, in the order of the inner model, and of the indices."""
    return {
        "path": [f"{path.source} -> {path.target}" for path in found.paths],
        "estimate": [path.value.value for path in found.paths],
        "se": [path.value.se for path in found.paths],
        "ci_low": [path.value.low for path in found.paths],
        "ci_high": [path.value.high for path in found.paths],
    }


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
