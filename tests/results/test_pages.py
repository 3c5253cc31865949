import gzip
import json
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from consult.results.operations import publish_results, withdraw_results
from tests.results.makers import NOON, a_survey, answered, definition, question

LANGUAGES = ("mk", "ka", "en")
ALL = [
    question("scale", "overall"),
    question("matrix_scale", "services"),
    question("single", "opinion"),
    question("multiple", "ways"),
    question("nps", "recommend"),
    question("matrix_single", "habits"),
    question("number", "waiting"),
    question("text", "words"),
    question("single", "sex"),
    question("single", "secret", public=False),
]
ANSWERS: list[dict[str, Any]] = [
    {
        "overall": 1 + i % 5, "services": {"parks": 5 - i % 2, "roads": 1 + i % 3}, "opinion": "yes", "ways": ["yes"],
        "recommend": i % 11, "habits": {"parks": "yes", "roads": "no"}, "waiting": i, "words": "Anna", "sex": "no",
        "secret": "yes",
    }
    for i in range(40)
]  # fmt: skip


async def published(*, design: str = "open", public: bool = True) -> Any:
    made = definition(*ALL, design={"kind": design}, results={"breaks": ["sex"]})
    survey_id = await a_survey(made, ANSWERS)
    if public:
        await publish_results(survey_id=survey_id, at=NOON)
    return survey_id


class Outline(HTMLParser):
    """Headings, ids and styles of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.styled = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.styled += "style" in found or tag == "style"
        if tag in {"h1", "h2", "h3"}:
            self.levels.append(int(tag[1]))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_results_page_is_complete_without_javascript(client: httpx.AsyncClient, language: str) -> None:
    await published()
    answer = await client.get(f"/{language}/surveys/trees/results")
    assert answer.status_code == 200
    page = answer.text
    assert page.count('<svg role="img"') == 8
    assert page.count("<table") == 9  # eight charts and the census
    assert page.count("c-says") == 8
    assert page.index("c-headlines") < page.index("c-chart") < page.index('id="method"')
    assert "Anna" not in page
    assert "secret" not in page
    outline = Outline()
    outline.feed(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.styled == 0
    assert outline.levels[0] == 1


async def test_the_results_page_fits_its_budget(client: httpx.AsyncClient) -> None:
    await published()
    answer = await client.get("/ka/surveys/trees/results", headers={"accept-encoding": "identity"})
    assert len(gzip.compress(answer.content)) < 60_000


async def test_an_open_consultation_says_why_there_is_no_margin_of_error(client: httpx.AsyncClient) -> None:
    await published()
    page = (await client.get("/en/surveys/trees/results")).text
    assert "None is stated, because no sample was drawn." in page
    assert "confidence" not in page


async def test_a_sample_shows_intervals_and_their_method(client: httpx.AsyncClient) -> None:
    await published(design="sample")
    page = (await client.get("/en/surveys/trees/results")).text
    assert "The thin line is the 95% confidence interval." in page
    assert "Wilson" in page
    assert "Probably between" in page


@pytest.mark.parametrize("path", ["", "/opinion.json", "/tables.csv"])
async def test_unpublished_results_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    survey_id = await published(public=False)
    assert (await client.get(f"/mk/surveys/trees/results{path}")).status_code == 404
    await publish_results(survey_id=survey_id, at=NOON)
    assert (await client.get(f"/mk/surveys/trees/results{path}")).status_code == 200
    await withdraw_results(survey_id=survey_id, at=NOON)
    assert (await client.get(f"/mk/surveys/trees/results{path}")).status_code == 404


@pytest.mark.parametrize("path", ["gone/results", "trees/results/gone.json", "trees/results/secret.json",
                                  "trees/results/words.json", "trees/results/opinion.xml"])  # fmt: skip
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    await published()
    assert (await client.get(f"/mk/surveys/{path}")).status_code == 404


async def test_a_figure_for_plotly_is_in_the_pages_language(client: httpx.AsyncClient) -> None:
    await published()
    answer = await client.get("/mk/surveys/trees/results/opinion.json")
    assert answer.headers["content-type"].startswith("application/json")
    figure = answer.json()
    assert "Да" in [note["text"] for note in figure["layout"]["annotations"]]
    assert figure["layout"]["separators"] == ",."
    assert set(figure) == {"data", "layout", "config"}


async def test_pages_are_cached_until_an_answer_changes_them(client: httpx.AsyncClient) -> None:
    survey_id = await published()
    for path in ("/mk/surveys/trees/results", "/mk/surveys/trees/results/opinion.json", "/mk/results"):
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    await answered(survey_id, ANSWERS[:1])
    changed = await client.get("/mk/surveys/trees/results", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_list_says_what_came_out(client: httpx.AsyncClient, language: str) -> None:
    empty = await client.get(f"/{language}/results")
    assert empty.status_code == 200
    await published()
    page = (await client.get(f"/{language}/results")).text
    assert f"/{language}/surveys/trees/results" in page
    assert "c-says" in page


async def test_tables_can_be_taken_away(client: httpx.AsyncClient) -> None:
    await published()
    answer = await client.get("/en/surveys/trees/results/tables.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="trees-en.csv"' in answer.headers["content-disposition"]
    assert "opinion,,Yes,100%,40" in answer.text


async def test_the_api_gives_published_results_only(client: httpx.AsyncClient) -> None:
    survey_id = await published(public=False)
    assert (await client.get("/api/v1/results")).json() == []
    assert (await client.get("/api/v1/surveys/trees/results")).status_code == 404
    await publish_results(survey_id=survey_id, at=NOON)
    assert [found["slug"] for found in (await client.get("/api/v1/results")).json()] == ["trees"]
    found = (await client.get("/api/v1/surveys/trees/results")).json()
    assert (found["responses"], found["design"]) == (40, "open")
    assert "secret" not in found["charts"]
    assert found["charts"]["opinion"]["rows"][0]["parts"][0] == {"count": 40, "share": 1.0}
    assert "Anna" not in json.dumps(found)
