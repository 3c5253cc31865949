"""Staff pages and the JSON of consultations, as a browser gets them."""

import httpx
import pytest

from consult.consultations import queries
from tests.conftest import Clock
from tests.consultations.makers import AFTER, DURING, a_consultation, form_of
from tests.people.makers import staff

LIST = "/staff/mk/consultations"


@pytest.fixture
async def designer(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    clock.now = DURING
    await staff(client, DURING, "designer")
    return client


async def test_a_consultation_is_made_published_changed_and_told(designer: httpx.AsyncClient, clock: Clock) -> None:
    assert (await designer.get(f"{LIST}/new")).status_code == 200
    made = await designer.post(f"{LIST}/new", data=form_of())
    assert (made.status_code, made.headers["location"]) == (303, f"{LIST}/trees")
    assert (await designer.post(f"{LIST}/trees/publish")).status_code == 303
    edit = await designer.get(f"{LIST}/trees/edit")
    assert 'value="2026-12-12"' in edit.text
    changed = await designer.post(f"{LIST}/trees/edit", data=form_of(last_on="2026-12-20", reason="Подолго."))
    assert changed.status_code == 303
    page = (await designer.get(f"{LIST}/trees")).text
    assert "Подолго." in page
    assert "20 декември 2026" in page
    clock.now = AFTER.replace(day=22)
    await staff(designer, clock.now, "designer", email="second@example.org")
    told = {"asked-mk": "Прашавме", "said-mk": "Рековте", "did-mk": "Направивме"}
    assert (await designer.post(f"{LIST}/trees/outcome", data=told)).status_code == 303
    assert (await designer.post(f"{LIST}/trees/state", data={"to": "reported"})).status_code == 303
    found = await queries.consultation("trees")
    assert found is not None
    assert found.outcome is not None
    assert found.stored.value == "reported"


async def test_what_is_wrong_is_named_and_what_was_typed_is_kept(designer: httpx.AsyncClient) -> None:
    fields = form_of(opens_on="soon", **{"title-mk": "", "summary-mk": "Остана напишано"})
    answer = await designer.post(f"{LIST}/new", data=fields)
    assert answer.status_code == 422
    assert 'href="#opens_on"' in answer.text
    late = await designer.post(f"{LIST}/new", data=form_of(opens_on="9999-12-31"))
    assert (late.status_code, 'href="#opens_on"' in late.text) == (422, True)
    assert 'href="#title-mk"' in answer.text
    assert "Остана напишано" in answer.text
    assert await queries.all_consultations() == []


async def test_an_outcome_told_too_early_is_kept_in_the_form(designer: httpx.AsyncClient) -> None:
    made = await a_consultation()
    told = {"asked-mk": "Прашавме", "said-mk": "Рековте", "did-mk": "Направивме"}
    answer = await designer.post(f"{LIST}/{made.slug}/outcome", data=told)
    assert answer.status_code == 409
    assert "Направивме" in answer.text


async def test_a_period_below_the_rule_needs_its_reason(designer: httpx.AsyncClient) -> None:
    short = form_of(last_on="2026-11-10", answers_due="")
    assert 'href="#short_reason"' in (await designer.post(f"{LIST}/new", data=short)).text
    assert (await designer.post(f"{LIST}/new", data={**short, "short_reason": "Поплава"})).status_code == 303


async def test_changing_the_language_keeps_what_was_typed(designer: httpx.AsyncClient) -> None:
    answer = await designer.post(f"{LIST}/new", data=form_of(language="ka"))
    assert answer.status_code == 200
    assert '<html lang="ka"' in answer.text
    assert "Кој ги полева дрвјата?" in answer.text
    assert await queries.all_consultations() == []


async def test_a_wrong_state_is_refused_with_a_page(designer: httpx.AsyncClient) -> None:
    await a_consultation()
    assert (await designer.post(f"{LIST}/trees/publish")).status_code == 409
    assert (await designer.post(f"{LIST}/trees/state", data={"to": "reported"})).status_code == 409
    assert (await designer.post(f"{LIST}/trees/state", data={"to": "open"})).status_code == 409
    assert (await designer.post(f"{LIST}/trees/state", data={"to": "cancelled"})).status_code == 422
    told = {"asked-mk": "x", "said-mk": "x", "did-mk": "x"}
    assert (await designer.post(f"{LIST}/trees/outcome", data=told)).status_code == 409
    assert (await designer.get(f"{LIST}/nowhere")).status_code == 404


async def test_strangers_and_other_roles_do_not_come_in(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    await a_consultation()
    client.headers["sec-fetch-site"] = "same-origin"
    assert (await client.get(LIST)).status_code == 303
    assert (await client.post(f"{LIST}/trees/publish")).status_code == 303
    await staff(client, DURING, "moderator")
    assert (await client.get(LIST)).status_code == 200
    assert (await client.get(f"{LIST}/trees")).status_code == 200
    assert (await client.get(f"{LIST}/new")).status_code == 403
    assert (await client.post(f"{LIST}/trees/edit", data=form_of())).status_code == 403


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_page_is_there_in_every_language(designer: httpx.AsyncClient, language: str) -> None:
    await a_consultation()
    for path in ("", "/new", "/trees", "/trees/edit", "/trees/outcome"):
        page = await designer.get(f"/staff/{language}/consultations{path}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in page.text


async def test_the_json_tells_what_is_public(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    await a_consultation()
    await a_consultation(slug="hidden", published=False)
    listed = (await client.get("/api/v1/consultations")).json()
    assert (listed["total"], [one["slug"] for one in listed["items"]]) == (1, ["trees"])
    one = (await client.get("/api/v1/consultations/trees")).json()
    assert (one["state"], one["title"]["en"]) == ("open", "Tree rows and green areas")
    assert one["phases"][0] == {
        "key": "1",
        "label": {"mk": "Коментари", "ka": "კომენტარები", "en": "Comments"},
        "starts": "2026-11-03",
        "ends": "2026-12-12",
    }
    assert (await client.get("/api/v1/consultations/hidden")).status_code == 404
    assert (await client.get("/api/v1/consultations?page=0")).status_code in {400, 404}
    schema = (await client.get("/api/openapi.json")).json()
    assert "/api/v1/consultations/{slug}" in schema["paths"]
