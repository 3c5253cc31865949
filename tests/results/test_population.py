"""Where census figures are given, results stand beside them; where none are, the page says so."""

from __future__ import annotations

import pytest

from consult.i18n import configure, locale
from consult.profile import load_profile
from consult.settings import resource
from consult.web import render


@pytest.mark.parametrize(
    ("profile", "said", "unsaid"),
    [("skopje", "77,735", "no census figures"), ("telavi", "no census figures", "<table")],
)
def test_the_census_or_its_absence_is_told(profile: str, said: str, unsaid: str) -> None:
    town = load_profile(resource("profiles", f"{profile}.toml"))
    configure(town)
    text = render(locale("en"), "results/population.html", profile=town)
    assert said in text
    assert unsaid not in text
