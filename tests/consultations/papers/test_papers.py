"""Files beside a consultation and its public history, from the clerk's upload to the resident's download."""

from __future__ import annotations

import httpx

from consult.consultations import operations
from consult.consultations.papers import queries
from tests.conftest import Clock
from tests.consultations.makers import AFTER, DURING, ZONE, a_consultation, content
from tests.people.makers import staff
from tests.records.makers import a_pdf

PDF = a_pdf()


async def test_files_and_history_stand_on_the_page(client: httpx.AsyncClient, clock: Clock) -> None:
    found = await a_consultation()
    await operations.change_consultation(
        consultation_id=found.id,
        content=content(contact={"mk": "075"}),
        minimum_days=20,
        time_zone=ZONE,
        reason="Нов број",
        actor=None,
        at=DURING,
    )
    await staff(client, clock.now, "designer")
    at = "/staff/en/consultations/trees/documents"
    wrong = await client.post(at, data={"title-mk": "План"}, files={"file": ("plan.pdf", b"MZ not a document")})
    assert wrong.status_code == 422
    assert "План" in wrong.text
    nameless = await client.post(at, data={"file_language": "xx"}, files={"file": ("plan.pdf", PDF)})
    assert nameless.status_code == 422
    kept = await client.post(at, data={"title-en": "Plan of rows"}, files={"file": ("../plan.exe", PDF)})
    assert kept.status_code == 303
    (paper,) = await queries.papers(found.id)
    public = (await client.get("/en/consultations/trees")).text
    assert "Plan of rows" in public
    assert "PDF, 1" in public
    assert 'Consultation changed (Who answers questions). <span lang="mk">Нов број' in public
    assert "Consultation created" not in public
    file = await client.get(f"/en/consultations/trees/files/{paper.id}")
    assert file.content == PDF
    assert "plan.pdf" in file.headers["content-disposition"]
    await client.post(at, data={"remove": str(paper.id)})
    assert (await client.get(f"/en/consultations/trees/files/{paper.id}")).status_code == 404
    assert "Attached document removed" in (await client.get("/en/consultations/trees")).text
    assert (await client.post(at, data={"remove": "x"})).status_code == 404


async def test_a_consultation_in_preparation_keeps_its_files_to_itself(client: httpx.AsyncClient, clock: Clock) -> None:
    found = await a_consultation(published=False, at=AFTER)
    await staff(client, clock.now, "designer")
    await client.post(
        "/staff/en/consultations/trees/documents", data={"title-en": "Plan"}, files={"file": ("plan.pdf", PDF)}
    )
    (paper,) = await queries.papers(found.id)
    assert (await client.get(f"/staff/en/consultations/trees/documents/{paper.id}")).content == PDF
    assert (await client.get(f"/en/consultations/trees/files/{paper.id}")).status_code == 404
