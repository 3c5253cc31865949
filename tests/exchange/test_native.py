"""Our own format: every definition comes back whole, whatever it holds."""

from __future__ import annotations

import msgspec
import pytest

from consult.exchange import formats
from consult.surveys.authoring.yaml_reading import write
from consult.surveys.definition import schema as d
from tests.exchange import surveys
from tests.surveys.makers import free, multiple, number, options, page, scale, single, survey, text


def again(definition: d.Definition) -> d.Definition | None:
    return formats.take(write(definition).encode(), "survey.yaml").definition


@pytest.mark.parametrize("seed", range(60))
def test_every_type_comes_back(seed: int) -> None:
    definition = surveys.definition(seed)
    assert again(definition) == definition


def test_every_setting_comes_back() -> None:
    picture = d.Image(file="a.png", alt=text("A tree"))
    pictured = msgspec.structs.replace(
        options("red")[0], image=picture, hint=text("warm"), show_if="age > 2", value=0.25
    )
    definition = survey(
        pages=(
            page(
                number("age", unit=text("years"), min=-1.5, max=120.0, decimals=2, help=text("a\n\nb"), sensitive=True),
                single("colour", options=(pictured, *options("blue", other=True)), image=picture, order="random"),
                multiple("modes", min=1, max=2, public=False, concept="use.modes", required=True),
                scale("mood", rules=(d.Rule(must="mood > 1", message=text("More: 50 % # no")),), measure="effort"),
                free("wish", long=True, min_length=2, max_length=90, hint=text("- a\n  b: c")),
                d.Hidden(key="poster", text=text("Poster"), parameter="p", options=options("a", "b")),
                d.Date(key="day", text=text("Day?"), earliest="2026-01-01", latest="2026-12-31"),
                d.File(key="plan", text=text("Plan?"), kinds=("pdf",), max_mib=3),
                intro=text("Hello ${name}, $${x}"),
                show_if="",
            ),
            d.Page(key="out", screen_out=text("Not for you"), show_if="age < 18"),
        ),
        source=text("ISO 10004:2018"), mode="identified", minutes=4, review=True, resume=True, editable=True,
        order="random", thanks=text("'quoted' \"twice\""), design=d.Design(kind="sample", population=500),
        results=d.Results(public=False, breaks=("colour",)),
        quotas=(d.Quota(key="young", when="age < 30", limit=5, text=text("Full")),),
    )  # fmt: skip
    assert again(definition) == definition
