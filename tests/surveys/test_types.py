"""Every choice and scale type: what a page posts, what is stored, what the receipt says, and the file to take away."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from consult.columns.answers import blocks
from consult.i18n import locale
from consult.results import sheet
from consult.results.exports import csv_blocks
from consult.results.formats import dictionary
from consult.results.formats.taking import Wanted
from consult.surveys import queries
from consult.surveys.authoring.yaml_reading import load, write
from tests.surveys.conftest import Resident, publish
from tests.surveys.makers import SAMPLES

# What is posted; what is stored; what the receipt says; what the file says, by codes.
CASES: dict[str, tuple[dict[str, Any], Any, str, dict[str, str]]] = {
    "single": ({"single": "bus"}, "bus", "By bus", {"single": "bus", "single.other": ""}),
    "multiple": (
        {"multiple": ["waste", "parks"]},
        ["parks", "waste"],
        "Parks and green areas, Waste collection",
        {"multiple.parks": "1", "multiple.streets": "0", "multiple.waste": "1", "multiple.none": "0"},
    ),
    "scale": ({"scale": "dont_know"}, "dont_know", "Don't know", {"scale": "dont_know"}),
    "nps": ({"nps": "10"}, 10, "10", {"nps": "10"}),
    "smiley": ({"smiley": "4"}, 4, "Good", {"smiley": "4"}),
    "matrix_scale": (
        {"matrix_scale.weekdays": "5", "matrix_scale.weekend": "dont_know"},
        {"weekdays": 5, "weekend": "dont_know", "holidays": None},
        "Very satisfied",
        {"matrix_scale.weekdays": "5", "matrix_scale.weekend": "dont_know", "matrix_scale.holidays": "NA"},
    ),
    "matrix_single": (
        {f"matrix_single.{row}": "noon" for row in ("weekdays", "weekend", "holidays")},
        {"weekdays": "noon", "weekend": "noon", "holidays": "noon"},
        "Around noon",
        {"matrix_single.weekend": "noon"},
    ),
    "matrix_multiple": (
        {"matrix_multiple.weekdays": ["bicycle", "bus"], "matrix_multiple.weekend": "none"},
        {"weekdays": ["bus", "bicycle"], "weekend": ["none"], "holidays": None},
        "Bus, Bicycle",
        {
            "matrix_multiple.weekdays.bus": "1",
            "matrix_multiple.weekdays.car": "0",
            "matrix_multiple.weekend.none": "1",
            "matrix_multiple.holidays.bus": "NA",
        },
    ),
    "ranking": (
        {"ranking.parks": "3", "ranking.streets": "1", "ranking.waste": "4", "ranking.buses": "2"},
        ["streets", "buses", "parks", "waste"],
        "1. Streets and pavements, 2. Public transport, 3. Parks and green areas, 4. Waste collection",
        {"ranking.parks": "3", "ranking.streets": "1", "ranking.waste": "4", "ranking.buses": "2"},
    ),
    "allocation": (
        {"allocation.parks": "40", "allocation.streets": "60", "allocation.waste": "", "allocation.buses": "0"},
        {"parks": 40, "streets": 60, "waste": 0, "buses": 0},
        "60",
        {"allocation.parks": "40", "allocation.streets": "60", "allocation.waste": "0"},
    ),
}


def sample(name: str) -> Any:
    return load((SAMPLES / f"{name}.yaml").read_bytes())


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("name", CASES)
async def test_answer_goes_from_the_page_to_the_file(name: str, client: httpx.AsyncClient) -> None:
    posted, stored, said, cells = CASES[name]
    survey_id = await publish(sample(name))
    resident = Resident(client, name.replace("_", "-"), "en")
    form = (await resident.open()).text
    for field in posted:
        assert f'name="{field}"' in form
    receipt = await resident.send(posted)
    assert receipt.status_code == 200
    assert said in words(receipt.text)
    assert (await queries.answers(survey_id))[0][1] == {name: stored}
    lines = [line async for block in csv_blocks(survey_id, Wanted()) for line in block.decode().splitlines()]
    found = dict(zip(*(line.split(",") for line in lines), strict=True))
    assert {column: found[column] for column in cells} == cells
    rows = [row async for block in blocks(survey_id) for row in block]
    in_words = {f.name: sheet.cell(f, rows[0], locale("en")) for f in sheet.fields(sample(name)) if f.kind != "fact"}
    assert any(cell != "" for cell in in_words.values())
    codebook = list(dictionary.lines(sample(name), locale("en")))
    assert {line[0] for line in codebook} >= cells.keys()


@pytest.mark.parametrize("name", CASES)
def test_file_of_a_type_comes_back_the_same(name: str) -> None:
    definition = sample(name)
    assert definition.question(name).__struct_config__.tag == name
    assert load(write(definition)) == definition
