"""Moderation speaks the languages of a municipality, with a browser or without."""

import pytest

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource


@pytest.fixture(autouse=True)
def languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
