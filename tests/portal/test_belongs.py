"""What belongs to a consultation, for staff: what is missing, and surveys that come and go."""

from __future__ import annotations

import httpx

from tests.conftest import Clock
from tests.consultations.makers import a_consultation
from tests.people.makers import staff
from tests.portal.makers import a_town
from tests.results.makers import a_survey, definition, question

AT = "/staff/en/consultations/trees/contents"


async def test_staff_see_what_belongs_and_what_is_missing(client: httpx.AsyncClient, clock: Clock) -> None:
    assert (await client.get(AT)).status_code in {303, 401, 403}
    await a_town()
    await staff(client, clock.now, "designer")
    shown = await client.get(AT)
    assert shown.status_code == 200
    for words in ("tree-rows", "surveys/trees", "Legal basis: not written in", "15 January 2027"):
        assert words in shown.text, words
    assert (await client.post(AT, data={"survey": "none"})).status_code == 422
    assert (await client.post(AT, data={"remove": "trees"})).status_code == 303
    assert "surveys/trees" not in (await client.get("/en/consultations/trees")).text
    assert (await client.post(AT, data={"remove": "trees"})).status_code == 422
    assert (await client.post(AT, data={"survey": "trees"})).status_code == 303
    assert "surveys/trees" in (await client.get("/en/consultations/trees")).text
    assert (await client.get(AT.replace("trees", "none"))).status_code == 404


async def test_an_empty_one_lacks_its_days_and_everything_else(client: httpx.AsyncClient, clock: Clock) -> None:
    await a_consultation(published=False, opens_on=None, last_on=None, answers_due=None, phases=())
    await a_survey(definition(question("single")))
    await staff(client, clock.now, "designer")
    words = (await client.get(AT)).text
    for said in ("Needed:", "The first and the last day are not set.", "Nothing belongs to it", "No steps are shown"):
        assert said in words
