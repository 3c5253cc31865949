"""The European Customer Satisfaction Index (ECSI, EPSI) as a ready path model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from consult.analysis.models.pathmodel import PathModel

Latent = Literal["image", "expectations", "quality", "value", "satisfaction", "complaints", "loyalty"]
LATENTS: tuple[Latent, ...] = get_args(Latent)

PATHS: tuple[tuple[Latent, Latent], ...] = (
    ("image", "expectations"),
    ("image", "satisfaction"),
    ("image", "loyalty"),
    ("expectations", "quality"),
    ("expectations", "value"),
    ("expectations", "satisfaction"),
    ("quality", "value"),
    ("quality", "satisfaction"),
    ("value", "satisfaction"),
    ("satisfaction", "complaints"),
    ("satisfaction", "loyalty"),
    ("complaints", "loyalty"),
)
"""Tenenhaus et al. (Computational Statistics & Data Analysis 48, 2005, figure 1); ECSI Technical Committee (1998)."""

USUAL_ITEMS: Mapping[Latent, int] = {
    "image": 5, "expectations": 3, "quality": 7, "value": 2, "satisfaction": 3, "complaints": 1, "loyalty": 3
}  # fmt: skip
"""Questions that the mobile phone study of 1998 asked for each, on scales from 1 to 10."""


def ecsi(items: Mapping[Latent, Sequence[str]]) -> PathModel:
    """The model for items of a survey. A latent variable without items is left out with its paths: "complaints" often
    is, because few people ever complained. "satisfaction" and one other are the least."""
    blocks: dict[str, tuple[str, ...]] = {name: tuple(items[name]) for name in LATENTS if items.get(name)}
    if "satisfaction" not in blocks or len(blocks) < 2:
        raise ValueError("the model needs items of satisfaction and of something linked with it")
    return PathModel(blocks, tuple(path for path in PATHS if blocks.keys() >= set(path)))
