"""Every way in for files with a virus scanner: what it finds is told in the reader's language, and typed words stay."""

from __future__ import annotations

import contextlib
from pathlib import Path

import httpx
import pytest

from consult.settings import Settings
from consult.storage import fetchval
from consult.surveys.definition import schema as d
from tests.conftest import NOON, Clock
from tests.consultations.makers import DURING
from tests.documents.scanners import HARM, a_scanner
from tests.drafts.makers import a_draft
from tests.people.makers import staff
from tests.records.makers import a_pdf
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import survey, text

HARMFUL = ("план.pdf", a_pdf() + HARM)
GOOD = ("план.pdf", a_pdf())
COMMENTS = "/mk/drafts/tree-rows/comments"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(base_url="http://consult.test", data=tmp_path, clamd=str(tmp_path / "small.ctl"))


async def kept() -> int:
    found = await fetchval("select (select count(*) from attachment) + (select count(*) from survey_file)")
    return int(found)


async def test_a_comment_comes_back_with_its_words_and_without_the_file(
    client: httpx.AsyncClient, clock: Clock, tmp_path: Path
) -> None:
    clock.now = DURING
    await a_draft()
    form = await client.get(COMMENTS)
    said = {**hidden(form.text), "text": "Повеќе дрвја.", "kind": "objection"}
    away = await client.post(COMMENTS, data=said, files={"file-1": GOOD})
    assert (away.status_code, "не може да се провери" in away.text) == (422, True)
    async with a_scanner("small", tmp_path):
        found = await client.post(COMMENTS, data=said, files={"file-1": HARMFUL, "file-2": GOOD})
        assert found.status_code == 422
        assert 'href="#file-1"' in found.text and "Повеќе дрвја." in found.text
        assert "нешто штетно" in found.text
        assert await kept() == 1
        sent = await client.post(COMMENTS, data={**hidden(found.text), "text": "Повеќе дрвја.", "kind": "objection"})
        assert sent.status_code == 303
    assert await fetchval("select name from attachment where record = 'comment'") == "план.pdf"


async def test_answers_come_back_and_the_file_is_not_kept(client: httpx.AsyncClient, tmp_path: Path) -> None:
    paper = d.File(key="paper", text=text("Attach it"), max_mib=2)
    await publish(survey(paper))
    fields = hidden((await client.get("/en/surveys/small")).text)
    for harm, said in (("away", "cannot be checked"), ("found", "something harmful")):
        async with a_scanner("small", tmp_path) if harm == "found" else contextlib.nullcontext():
            refused = await client.post("/en/surveys/small", data=fields, files={"paper.file": HARMFUL})
        assert (refused.status_code, said in refused.text, await kept()) == (422, True, 0)
    async with a_scanner("small", tmp_path):
        sent = await client.post("/en/surveys/small", data=hidden(refused.text), files={"paper.file": GOOD})
    assert ('id="receipt"' in sent.text, await kept()) == (True, 1)


async def test_forms_of_staff_say_it_on_a_page_that_keeps_the_rest(
    client: httpx.AsyncClient, clock: Clock, tmp_path: Path
) -> None:
    clock.now = NOON
    await staff(client, NOON, "admin", "designer")
    importing = "/staff/ka/surveys/new"
    away = await client.post(importing, files={"file": GOOD})
    assert (away.status_code, away.headers["retry-after"]) == (503, "60")
    async with a_scanner("small", tmp_path):
        found = await client.post(importing, data={"source": "key: a"}, files={"file": HARMFUL})
        assert (found.status_code, "ვირუს" in found.text) == (409, True)
        assert 'name="source" value="key: a"' in found.text and 'type="file"' in found.text
        assert "აირჩიეთ ფაილი" in found.text
        assert found.text.count("план.pdf") == 1, "the harmful file is named, and not asked for again"
        assert (await client.post(importing, files={"file": GOOD})).status_code == 422
