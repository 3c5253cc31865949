"""Texts of one language become texts of all, so every test here knows the municipality's languages."""

import pytest

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource


@pytest.fixture(autouse=True)
def speaking() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
