"""Path models: against the textbook's loop over rows, and rules."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.models.ecsi import LATENTS, USUAL_ITEMS, ecsi
from consult.analysis.models.pathestimate import path_model
from consult.analysis.models.pathfit import Scheme
from consult.analysis.models.pathmodel import PathModel, PathResult

MODEL = PathModel(
    {"image": ("i1", "i2", "i3"), "quality": ("q1", "q2"), "satisfaction": ("s1", "s2", "s3"), "loyalty": ("l1",)},
    (("image", "quality"), ("image", "satisfaction"), ("quality", "satisfaction"), ("satisfaction", "loyalty")),
)
Answers = dict[str, np.ndarray]


def answers(seed: int = 1, n: int = 200, model: PathModel = MODEL) -> Answers:
    """Ratings from 1 to 10 that follow the model."""
    draw = np.random.default_rng(seed)
    score: Answers = {}
    for name in model.latents:
        sources = [source for source, target in model.paths if target == name]
        score[name] = sum((0.6 * score[source] for source in sources), draw.normal(size=n))
    return {
        item: np.clip(np.round(6.5 + 1.3 * score[name] + draw.normal(size=n)), 1, 10)
        for name, block in model.blocks.items()
        for item in block
    }


def by_rows(data: Answers, scheme: Scheme) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Lohmoeller's algorithm on the rows themselves, latent by latent: path coefficients and outer weights."""
    names, leads = MODEL.latents, MODEL.leads
    x = {name: np.column_stack([data[item] for item in MODEL.blocks[name]]) for name in names}
    x = {name: (block - block.mean(axis=0)) / block.std(axis=0) for name, block in x.items()}
    weight = {name: np.ones(block.shape[1]) for name, block in x.items()}

    def scores() -> np.ndarray:
        found = np.column_stack([x[name] @ weight[name] for name in names])
        return np.asarray(found / found.std(axis=0))

    for _ in range(200):
        y = scores()
        r = np.corrcoef(y.T)
        inner = np.zeros_like(r)
        for i in range(len(names)):
            before = np.flatnonzero(leads[i])
            for j in range(len(names)):
                if leads[j, i] or (leads[i, j] and scheme != "path"):
                    inner[i, j] = np.sign(r[i, j]) if scheme == "centroid" else r[i, j]
            if scheme == "path" and len(before):
                inner[i, before] = np.linalg.lstsq(y[:, before], y[:, i], rcond=None)[0]
        target = y @ inner.T
        weight = {name: x[name].T @ target[:, i] for i, name in enumerate(names)}
    y = scores()
    found = np.zeros((len(names), len(names)))
    for i in range(len(names)):
        before = np.flatnonzero(leads[i])
        if len(before):
            found[i, before] = np.linalg.lstsq(y[:, before], y[:, i], rcond=None)[0]
    return found, {name: weight[name] / (x[name] @ weight[name]).std() for name in names}


@pytest.mark.parametrize("scheme", ["path", "factorial", "centroid"])
def test_covariances_give_what_the_rows_give(scheme: Scheme) -> None:
    data = answers()
    found = path_model(data, MODEL, scheme=scheme)
    paths, weights = by_rows(data, scheme)
    place = {name: j for j, name in enumerate(MODEL.latents)}
    for path in found.paths:
        assert path.value.value == pytest.approx(paths[place[path.target], place[path.source]], abs=1e-6)
    assert [item.weight for item in found.items] == pytest.approx(np.concatenate(list(weights.values())), abs=1e-6)


def figures(found: PathResult) -> list[float]:
    return [path.value.value or 0.0 for path in found.paths] + [item.loading for item in found.items]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_units_of_the_items_and_order_of_the_rows_do_not_matter(seed: int) -> None:
    data = answers(seed, 80)
    found = path_model(data, MODEL)
    turned = {item: (x[::-1] - 3) * 7 for item, x in data.items()}
    assert figures(path_model(turned, MODEL)) == pytest.approx(figures(found), abs=1e-6)
    halved = path_model(data, MODEL, weights=np.full(80, 0.5))
    assert figures(halved) == pytest.approx(figures(found), abs=1e-9)
    for latent in found.latents:
        assert 0 <= latent.communality <= 1 and latent.rho <= 1 + 1e-12
        assert latent.r_squared is None or 0 <= latent.r_squared <= 1
    for effect in found.effects:
        assert effect.direct + effect.indirect == pytest.approx(effect.total.value)


def test_the_index_is_a_weighted_mean_on_a_hundred_points() -> None:
    data = answers()
    found = path_model(data, MODEL, scale=(1, 10))
    for latent in found.latents:
        assert latent.index is not None and latent.index.value is not None
        shares = {item.name: item.share for item in found.items if item.latent == latent.name}
        assert sum(share or 0 for share in shares.values()) == pytest.approx(1)
        mean = sum((share or 0) * float(data[item].mean()) for item, share in shares.items())
        assert latent.index.value == pytest.approx((mean - 1) / 9 * 100)
    loyalty = found.latent("loyalty")
    assert [loyalty.alpha, loyalty.rho, loyalty.communality] == pytest.approx([1, 1, 1])


def test_intervals_come_from_resamples_and_can_be_repeated() -> None:
    data = answers(4)
    found = path_model(data, MODEL, scale=(1, 10), resamples=300)
    again = path_model(data, MODEL, scale=(1, 10), resamples=300)
    assert found.resamples == 300
    assert (found.paths, found.latents) == (again.paths, again.latents)
    for path in found.paths:
        value = path.value
        assert value.low is not None and value.high is not None and value.value is not None and value.se is not None
        assert value.low < value.value < value.high
        assert value.se == pytest.approx(path.se, rel=0.5)
    index = found.latent("satisfaction").index
    assert index is not None and index.low is not None and index.value is not None and index.high is not None
    assert index.low < index.value < index.high


def test_a_reversed_item_does_not_turn_the_latent_variable_round() -> None:
    data = answers()
    data["i2"] = 11 - data["i2"]
    found = path_model(data, MODEL)
    loadings = {item.name: item.loading for item in found.items}
    assert loadings["i1"] > 0 and loadings["i3"] > 0 and loadings["i2"] < 0


def test_missing_answers_become_the_mean_or_leave_the_row_out() -> None:
    data = answers()
    data["q1"][:40] = math.nan
    assert path_model(data, MODEL).n == 200
    assert path_model(data, MODEL, missing="listwise").n == 160
    data["i1"][:70] = math.nan
    found = path_model(data, MODEL)
    assert found.dropped == ("i1",)
    assert [item.name for item in found.items if item.latent == "image"] == ["i2", "i3"]
    data["l1"][:70] = math.nan
    found = path_model(data, MODEL)
    assert (found.reason, found.at_fault) == (Reason.TOO_FEW_ANSWERS, ("i1", "l1"))


def test_an_item_that_everybody_rated_alike_is_named() -> None:
    found = path_model(answers() | {"s2": np.full(200, 7.0)}, MODEL)
    assert (found.reason, found.at_fault, found.paths) == (Reason.NO_SPREAD_IN_ITEM, ("s2",), ())


def test_few_answers_are_said_to_be_few_or_refused() -> None:
    data = answers()
    assert path_model({item: x[:19] for item, x in data.items()}, MODEL).is_small
    assert not path_model({item: x[:20] for item, x in data.items()}, MODEL).is_small
    assert path_model({item: x[:4] for item, x in data.items()}, MODEL).reason is Reason.TOO_FEW_ANSWERS
    assert path_model({item: x * math.nan for item, x in data.items()}, MODEL).reason is Reason.NO_ANSWERS


def test_what_measures_one_thing_twice_has_a_htmt_of_one() -> None:
    draw = np.random.default_rng(3)
    one = draw.normal(size=5000)
    data = {item: one + draw.normal(size=5000) for block in MODEL.blocks.values() for item in block}
    found = path_model(data, MODEL)
    assert found.htmt is not None
    assert found.htmt[0, 1] == pytest.approx(1, abs=0.05)
    assert np.isnan(found.htmt[0, 3])  # loyalty has a single item


@pytest.mark.parametrize(
    ("blocks", "paths"),
    [
        ({"a": ("x",), "b": ("x",)}, (("a", "b"),)),
        ({"a": ("x",), "b": ()}, (("a", "b"),)),
        ({"a": ("x",), "b": ("y",), "c": ("z",)}, (("a", "b"),)),
        ({"a": ("x",), "b": ("y",)}, (("a", "b"), ("b", "a"))),
    ],
)
def test_drawings_that_mean_nothing_are_refused(
    blocks: dict[str, tuple[str, ...]], paths: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(ValueError, match=r"latent|circle"):
        PathModel(blocks, paths)


def test_the_european_model_fits_with_and_without_complaints() -> None:
    items = {name: [f"{name}{j}" for j in range(USUAL_ITEMS[name])] for name in LATENTS}
    model = ecsi(items)
    assert (len(model.latents), len(model.paths)) == (7, 12)
    found = path_model(answers(2, 250, model), model, scale=(1, 10))
    assert found.reason is None and found.gof is not None and 0 < found.gof < 1
    quiet = ecsi({name: block for name, block in items.items() if name != "complaints"})
    assert (len(quiet.latents), len(quiet.paths)) == (6, 10)
    with pytest.raises(ValueError, match="satisfaction"):
        ecsi({"image": ["i"], "loyalty": ["l"]})
