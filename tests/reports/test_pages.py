"""The page of the report: writing for it, having it made, taking it away."""

import io

import httpx
from pypdf import PdfReader

from consult.jobs import worker
from consult.storage import fetchval
from consult.storage.embedded import Embedded
from tests.people.makers import staff
from tests.reports.makers import a_reported_survey
from tests.results.makers import NOON

SAME = {"sec-fetch-site": "same-origin"}
HERE = "/staff/mk/results/trees/report"


async def test_analyst_writes_conclusions_and_takes_the_report_away(
    client: httpx.AsyncClient, database: Embedded
) -> None:
    await a_reported_survey()
    person = await staff(client, NOON, "analyst")
    shown = (await client.get(HERE)).text
    assert "не е напишано" in shown and "120" in shown
    words = {"introduction-mk": "Зошто прашавме.", "conclusions-mk": "Ќе ги поправиме патиштата.\n\nДо пролет."}
    kept = await client.post(f"{HERE}/texts", data=words, headers=SAME)
    assert (kept.status_code, kept.headers["location"]) == (303, f"{HERE}?done=written")
    assert "Ќе ги поправиме патиштата." in (await client.get(HERE)).text
    asked = await client.post(HERE, data={"format": "pdf", "words": "mk"}, headers=SAME)
    assert asked.headers["location"] == f"{HERE}#files"
    await worker.run_waiting(database.dsn)
    found = await fetchval("select id from result_export")
    assert "trees-report-mk.pdf" in (await client.get(HERE)).text
    file = await client.get(f"/staff/mk/results/trees/downloads/{found}")
    assert file.headers["content-type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    assert "Ќе ги поправиме патиштата." in text and "Зошто прашавме." in text
    noted = "select count(*) from audit_entry where kind = 'report.written' and actor = $1"
    assert await fetchval(noted, person.id) == 1


async def test_what_is_not_offered_is_said_and_strangers_stay_out(client: httpx.AsyncClient, db: None) -> None:
    await a_reported_survey(answers=6)
    assert (await client.get(HERE)).status_code in (303, 401, 403)
    await staff(client, NOON, "analyst")
    wrong = await client.post(HERE, data={"format": "exe", "words": "mk"}, headers=SAME)
    assert wrong.status_code == 422 and "govuk-error-summary" in wrong.text
    long = await client.post(f"{HERE}/texts", data={"conclusions-ka": "ა" * 12_001}, headers=SAME)
    assert long.status_code == 422 and "ააა" in long.text
