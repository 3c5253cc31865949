"""Languages, so that letters and accounts have one to speak."""

from __future__ import annotations

import pytest

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource


@pytest.fixture(autouse=True)
def spoken() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
