"""The languages of Skopje, which every letter needs."""

from __future__ import annotations

import pytest

from consult.i18n import configure
from consult.profile import load_profile
from consult.settings import resource


@pytest.fixture(autouse=True)
def _languages() -> None:
    configure(load_profile(resource("profiles", "skopje.toml")))
