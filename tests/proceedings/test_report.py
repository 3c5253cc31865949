"""The report on a consultation, from comments to files: what is in it, what keeps it from being made, that it stays."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from io import BytesIO

import asyncpg
import docx
import httpx
import pypdf
import pytest

from consult import storage
from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.consultation import Outcome, State
from consult.drafts.draft import Draft
from consult.i18n import locale
from consult.jobs import worker
from consult.proceedings import compiling, operations, queries
from consult.proceedings.record import decoded, encoded
from consult.proceedings.unanswered import NoOutcome, NotOver, Unanswered
from consult.proceedings.writing import document
from consult.profile import Profile, load_profile
from consult.settings import resource
from consult.storage.embedded import Embedded
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import a_comment, a_draft, an_answer, released, the_articles
from tests.forums.afterwards.makers import a_past_forum, some_minutes
from tests.people.makers import staff

OVER = datetime(2026, 12, 20, 12, tzinfo=UTC)
OUTCOME = Outcome(
    {"mk": "Прашавме за дрвјата.", "ka": "ხეებზე ვიკითხეთ.", "en": "We asked about the trees."},
    {"mk": "Сакате повеќе дрвја.", "ka": "მეტი ხე გინდათ.", "en": "You want more trees."},
    {"mk": "Засадивме сто.", "ka": "ასი დავრგეთ.", "en": "We planted a hundred."},
)
FORMULA = "=HYPERLINK(1) #let x = 5 <script>alert(1)</script> $x$"


def skopje() -> Profile:
    return load_profile(resource("profiles", "skopje.toml"))


async def a_story() -> Draft:
    """A draft with a comment, a reply to it, an answer; another comment with signs that other programs obey."""
    draft = await a_draft()
    article = (await the_articles(draft))[0]
    one = await a_comment(draft, article=article.id, text="Засадете липи.", name="Ана", published=True)
    await a_comment(draft, text="მეც ასე ვფიქრობ.", language="ka", reply_to=one, published=True)
    other = await a_comment(draft, text=FORMULA, language="en", kind="question", published=True)
    await an_answer(one, "accepted", mk="Ќе засадиме липи.")
    await an_answer(other, "rejected", mk="Не е прашање.", en="This is no question.")
    return draft


async def ended(draft: Draft) -> None:
    assert draft.consultation is not None
    await consultations.record_outcome(consultation_id=draft.consultation.id, outcome=OUTCOME, actor=None, at=OVER)


async def test_a_report_waits_for_the_end_for_every_answer_and_for_the_outcome(db: None) -> None:
    draft = await a_story()
    assert draft.consultation is not None
    waiting = draft.consultation.id
    with pytest.raises(NotOver):
        await compiling.compiled(waiting, skopje(), at=DURING)
    with pytest.raises(Unanswered) as refused:
        await compiling.compiled(waiting, skopje(), at=OVER)
    assert [one.numbers for one in refused.value.missing] == [("2026-0001", "2026-0003")]
    await released(draft)
    with pytest.raises(NoOutcome):
        await compiling.compiled(waiting, skopje(), at=OVER)


async def test_the_record_holds_everything_and_the_same_data_give_the_same_bytes(application: object) -> None:
    draft = await a_story()
    await released(draft)
    await ended(draft)
    forum = await a_past_forum()
    await storage.execute("update forum set consultation = $1 where id = $2", draft.consultation.id, forum.id)  # type: ignore[union-attr]
    await some_minutes(forum)
    assert draft.consultation is not None
    record = await compiling.compiled(draft.consultation.id, skopje(), at=OVER)
    data = encoded(record)
    assert encoded(await compiling.compiled(draft.consultation.id, skopje(), at=OVER)) == data
    assert encoded(decoded(data)) == data

    (kept,) = record.drafts
    first, second = kept.provisions[0].comments[0], kept.whole[0]
    assert (first.text, first.name, first.replies[0].text) == ("Засадете липи.", "Ана", "მეც ასე ვფიქრობ.")
    assert (first.answer.decision, first.answer.reason) == ("accepted", {"mk": "Ќе засадиме липи."})
    assert (second.text, second.language, second.kind) == (FORMULA, "en", "question")
    assert (kept.figures.comments, kept.figures.accepted, kept.figures.replies) == (2, 1, 1)
    assert [entry.kind for entry in record.forums[0].items[0].entries][-1] == "promise"

    for code in ("mk", "ka", "en"):
        made = document(record, locale(code), skopje(), fingerprint="0" * 64)
        said = str(made)
        assert OUTCOME.did[code] in said
        assert "Засадете липи." in said


async def test_a_report_is_compiled_published_and_never_changes(
    client: httpx.AsyncClient, clock: Clock, database: Embedded
) -> None:
    clock.now = OVER
    draft = await a_story()
    assert draft.consultation is not None
    consultation = draft.consultation
    await staff(client, OVER, "admin")
    page = f"/staff/mk/consultations/{consultation.slug}/report"
    early = await client.post(page)
    assert early.status_code == 409
    assert "2026-0003" in early.text
    await released(draft)
    await ended(draft)
    assert (await client.post(page)).status_code == 303
    public = f"/mk/consultations/{consultation.slug}/report"
    assert (await client.get(public)).status_code == 404
    with pytest.raises(operations.NotReady):
        await operations.publish_report(
            consultation_id=consultation.id, number=1, languages=("mk", "ka", "en"), actor=None, at=OVER
        )
    await worker.run_waiting(database.dsn)
    assert "Засадете липи." in (await client.get(f"{page}/1")).text
    assert (await client.post(f"{page}/1/publish")).status_code == 303

    shown = await client.get(public)
    assert "Ќе засадиме липи." in shown.text
    assert '<div lang="ka">' in shown.text
    assert "<script>alert(1)</script>" not in shown.text
    found = await queries.published(consultation.id)
    assert found is not None
    data = await client.get(f"{public}/1/data.json")
    assert hashlib.sha256(data.content).hexdigest() == found.fingerprint
    assert found.fingerprint in shown.text
    assert json.loads(data.content)["slug"] == consultation.slug
    for file in found.files:
        sent = await client.get(f"{public}/1/report-{file.language}.{file.format}")
        assert hashlib.sha256(sent.content).hexdigest() == file.fingerprint
        if file.format == "pdf":
            pdf = pypdf.PdfReader(BytesIO(sent.content))
            assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
            words = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
        else:
            words = "\n".join(one.text for one in docx.Document(BytesIO(sent.content)).paragraphs)
        assert "Засадете липи." in words
        assert "=HYPERLINK(1)" in words
    after = await consultation_queries.by_id(consultation.id)
    assert after is not None
    assert after.state_at(OVER) is State.REPORTED

    assert (await client.post(page)).status_code == 422
    for change in (
        "update proceedings set data = '\\x00', sha256 = sha256('\\x00')",
        "delete from proceedings",
        "update proceedings set published_at = null",
        "update proceedings_file set content = '\\x00', sha256 = sha256('\\x00')",
        "delete from proceedings_file",
    ):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await storage.execute(change)
