"""What the pages of one survey offer to each role: tabs and links that it may open, and no others."""

from __future__ import annotations

import re

import httpx
import pytest

from consult.surveys import operations
from consult.surveys.access import Access
from consult.surveys.staff import access_operations
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.makers import survey

HOME = "/staff/en/surveys/small"
TABS = {
    "designer": ["", "edit", "translate", "checks", "access", "contacts", "paper", "fieldwork", "responses"],
    "translator": ["", "translate"],
    "clerk": ["", "contacts", "paper", "entry", "fieldwork", "responses"],
    "analyst": ["", "fieldwork", "responses"],
}


@pytest.mark.parametrize("role", TABS)
@pytest.mark.parametrize("who", ["open", "mixed"])
async def test_no_page_leads_to_one_that_its_reader_may_not_open(
    client: httpx.AsyncClient, role: str, who: str
) -> None:
    survey_id = await operations.import_working_copy(definition=survey(), at=NOON)
    if who == "mixed":
        await operations.publish(survey_id=survey_id, at=NOON)
        await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=None, languages=("en",), at=NOON)
        await access_operations.set_access(survey_id=survey_id, access=Access(who="mixed"), at=NOON)
    await staff(client, NOON, role)
    home = (await client.get(HOME)).text
    tabs = re.search(r'<nav class="c-tabs".*?</nav>', home, re.DOTALL)
    assert tabs is not None
    offered = re.findall(rf'href="{HOME}/?([a-z]*)"', tabs[0])
    assert offered == TABS[role]
    for tab in offered:
        page = await client.get(f"{HOME}/{tab}".rstrip("/"))
        assert page.status_code == 200
        main = page.text[page.text.index("<main") : page.text.index("</main>")]
        for link in sorted(set(re.findall(r'href="(/staff/en/surveys[^"#]*)', main))):
            assert (await client.get(link.replace("&amp;", "&"))).status_code in (200, 303), f"{tab}: {link}"
