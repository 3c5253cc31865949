"""The questionnaire on paper: the same numbers and codes as the form for keying, readable in every language."""

from __future__ import annotations

import io

import httpx
import pytest
from pypdf import PdfReader

from consult.fieldwork import keying
from consult.fieldwork.questionnaire import Sheet
from consult.i18n import locale
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import SAMPLES, free, options, page, rows, single, survey, text

HOME = "/staff/en/surveys/sample/paper"
EVERY_TYPE = sorted(path for path in SAMPLES.glob("*.yaml"))


def printed(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(
    ("spoken", "words"),
    [("mk", "Означете го одговорот со крстче"), ("ka", "მონიშნეთ პასუხი"), ("en", "Mark your answer with a cross")],
)
async def test_a_sheet_is_printed_in_each_language(client: httpx.AsyncClient, spoken: str, words: str) -> None:
    await publish()
    await staff(client, NOON, "clerk")
    answer = await client.get(f"{HOME}/{spoken}/questionnaire.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    found = printed(answer.content)
    assert words in found
    assert "consult.test/s/" in found


async def test_languages_that_the_survey_lacks_are_not_printed(client: httpx.AsyncClient) -> None:
    await publish()
    await staff(client, NOON, "clerk")
    assert (await client.get(f"{HOME}/sq/questionnaire.pdf")).status_code == 404
    assert (await client.get(HOME)).status_code == 200
    await staff(client, NOON, "analyst")
    assert (await client.get(f"{HOME}/mk/questionnaire.pdf")).status_code == 403


@pytest.mark.parametrize("sample", EVERY_TYPE, ids=lambda path: path.stem)
def test_every_type_has_boxes_and_codes_as_the_clerk_types_them(sample: object, application: object) -> None:
    definition = load(sample.read_bytes())  # type: ignore[attr-defined]
    sheet = Sheet(definition, locale("en"))
    for made, (_, questions) in zip(sheet.pages, keying.keyed(definition), strict=True):
        for shown, typed in zip(made[1], questions, strict=True):
            form = sheet._question(shown)
            codes = [choice.printed for cell in typed.cells[:1] for choice in cell.choices]
            told = [one["code"] for one in (*form.get("options", ()), *form.get("columns", ()))]
            told += [*form.get("steps", ()), *(one["code"] for one in form.get("beside", ()))]
            assert told == codes
            assert bool(typed.cells) == (form["form"] != "none" and typed.number > 0)


def test_paper_says_in_words_what_a_screen_would_hide(application: object) -> None:
    asked = survey(
        pages=(
            page(single("colour"), key="one"),
            page(free("why", text=text("Why ${colour}?"), show_if="colour == 'red'"), key="two"),
        )
    )
    sheet = Sheet(asked, locale("en"))
    (question,) = [sheet._question(one) for one in sheet.pages[1][1]]
    assert question["text"] == "Why [your answer to question 1]?"
    assert "Red" in question["condition"]
    assert question["number"] == 2


def test_a_ranking_and_points_get_a_figure_for_each_option(application: object) -> None:
    ranking = d.Ranking(key="order", text=text("Order"), options=options("bus", "tram"))
    table = d.MatrixMultiple(key="use", text=text("Use"), rows=rows("day"), options=options("bus", "tram"))
    sheet = Sheet(survey(ranking, table), locale("en"))
    first, second = [sheet._question(one) for one in sheet.pages[0][1]]
    assert (first["form"], first["rows"]) == ("figures", ["Bus", "Tram"])
    assert (second["form"], second["is_square"]) == ("matrix", True)
