"""The satisfaction model, asked with the questions of the ready-made survey."""

from __future__ import annotations

import random
from typing import Any

import httpx

from consult.app import Application
from consult.explorer import model
from consult.explorer.items import items_of
from consult.explorer.selecting import opened, selected
from consult.i18n import locale
from consult.surveys.definition.schema import Definition
from consult.web.forms import Form
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question, text

SCALE: dict[str, Any] = {"points": 10, "labels": [], "low": text("bad"), "high": text("good")}


def asked(**more: Any) -> Definition:
    concepts = ("image.trust", "image.people", "hardware.range", "software.staff", "value", "satisfaction.overall",
                "satisfaction.ideal", "complaints.handling", "complaints.expected", "loyalty.stay")  # fmt: skip
    made = [question("scale", one.replace(".", "_"), concept=f"ecsi.{one}", **SCALE) for one in concepts]
    return definition(*made, **more)


def answers(n: int) -> list[dict[str, Any]]:
    """Everything follows one opinion, with some noise; half complained, and so are asked another question."""
    drawn = random.Random(4)
    made = []
    for place in range(n):
        opinion = drawn.randint(3, 8)
        one = {q.key: min(10, max(1, opinion + drawn.randint(-2, 2))) for q in asked().questions}
        del one["complaints_expected" if place % 2 else "complaints_handling"]
        made.append(one)
    return made


async def test_blocks_follow_concepts_and_both_questions_on_complaints_are_one(application: Application) -> None:
    given_answers = answers(60)
    await a_survey(asked(), given_answers)
    survey, given = await opened("trees")
    blocks = model.blocks_of(items_of(given))
    assert blocks["quality"] == ["hardware_range", "software_staff"]
    assert list(blocks) == ["image", "quality", "value", "satisfaction", "complaints", "loyalty"]
    wanted, _ = model.read(Form(), given)
    found = await model.found(await selected(survey, given, wanted.who, NOON))
    assert found is not None
    assert found.reason is None
    assert found.n == 60
    # One question alone: its index is its mean, from 0 to 100.
    mean = sum((one["value"] - 1) / 9 * 100 for one in given_answers) / 60
    value = found.latent("value").index
    assert value is not None
    assert value.value is not None
    assert abs(value.value - mean) < 1e-9
    assert "of 100" in model.says(found, locale("en"))


async def test_the_page_speaks_every_language(client: httpx.AsyncClient) -> None:
    await a_survey(asked(design={"kind": "sample", "population": 9000}), answers(40))
    await staff(client, NOON, "analyst")
    for language in ("mk", "ka", "en"):
        page = await client.get(f"/staff/{language}/results/trees/model")
        assert page.status_code == 200
        assert page.text.count("<table") == 3
    assert "bootstrap samples" in page.text
    assert (await client.get("/staff/en/results/trees/model.xlsx")).content.startswith(b"PK")
    few = await client.get("/staff/en/results/trees/model?where=value:1")
    assert few.status_code == 200
    assert "results/trees/model" in (await client.get("/staff/en/results/trees/explore")).text


async def test_other_surveys_have_no_such_page_linked(client: httpx.AsyncClient) -> None:
    await a_survey(definition(question("scale")), [{"q": 3}])
    await staff(client, NOON, "analyst")
    assert "results/trees/model" not in (await client.get("/staff/en/results/trees/explore")).text
    assert "does not ask" in (await client.get("/staff/en/results/trees/model")).text
