"""Documents beside a draft: staff change them, a version keeps them, the public reads them; languages side by side."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from consult import storage
from consult.drafts import operations, queries
from consult.drafts.markup import to_html
from consult.drafts.sources import operations as documents
from consult.drafts.sources import parallel
from consult.drafts.sources import queries as sources
from consult.errors import Invalid
from consult.records.cleaning import has_macros
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import TEXTS, a_draft, the_articles
from tests.drafts.sources.makers import a_word_file, changed
from tests.people.makers import staff
from tests.records.makers import a_pdf

PDF = a_pdf("map")


async def test_a_version_keeps_its_documents_whatever_becomes_of_the_working_copy(db: None) -> None:
    draft = await a_draft(published=False)
    await documents.keep_legal_basis(
        draft_id=draft.id, legal_basis={"mk": "Член 36.", "en": " "}, actor=None, at=DURING
    )
    file = await documents.attach(
        draft.id, name="m.pdf", content=PDF, kind="map", title={"mk": "Мапа"}, actor=None, at=DURING
    )
    loose = await documents.attach(
        draft.id, name="x.pdf", content=PDF, kind="other", title={"mk": "Вишок"}, actor=None, at=DURING
    )
    await documents.detach(draft_id=draft.id, attachment_id=loose, actor=None, at=DURING)
    assert await storage.fetchval("select count(*) from attachment") == 1
    await operations.publish_version(draft.id, actor=None, at=DURING)
    await documents.keep_legal_basis(draft_id=draft.id, legal_basis={}, actor=None, at=DURING)
    await documents.detach(draft_id=draft.id, attachment_id=file, actor=None, at=DURING)

    version = await queries.version(draft.id)
    assert version is not None
    kept = await sources.of_version(version.id)
    assert (kept.legal_basis, [(one.id, one.title, one.kind) for one in kept.files]) == (
        {"mk": "Член 36."},
        [(file, {"mk": "Мапа"}, "map")],
    )
    assert not await sources.working(draft.id)
    for statement in (
        "update version_basis set legal_basis = '{}'",
        "delete from version_file",
        "update attachment set content = 'x'",
        "delete from attachment",
        "insert into version_basis (version, legal_basis) select id, '{}' from draft_version",
    ):
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.ForeignKeyViolationError, asyncpg.RaiseError)):
            await storage.execute(statement)
    with pytest.raises(Invalid) as refused:
        await documents.attach(
            draft.id, name="x", content=b"MZ", kind="?", title={}, language="x!", actor=None, at=DURING
        )
    assert [problem.place for problem in refused.value.problems] == ["title-mk", "kind", "file_language"]
    word = a_word_file(lambda document: document.add_paragraph("x"))
    assert not has_macros(word)
    assert has_macros(changed(word, {"word/vbaProject.bin": b"x"}))


async def test_staff_attach_and_the_public_reads(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    annexed = {
        "mk": TEXTS["mk"] + "\n## Прилог 1. Видови\n| Вид | Висина |\n|---|---|\n| Липа[^1] | 20 |\n\n[^1]: Tilia.\n"
    }
    draft = await a_draft(published=False, texts={**TEXTS, **annexed, "ka": TEXTS["ka"] + "\n## დანართი 1\nცაცხვი\n"})
    address = f"/staff/en/drafts/{draft.slug}/documents"
    assert (await client.get(address)).status_code == 303
    await staff(client, DURING, "designer")
    assert (await client.post(address, data={"action": "basis", "legal_basis-mk": "Член 36."})).status_code == 303
    wrong = await client.post(address, data={"action": "attach", "title-mk": "Мапа", "kind": "map"})
    assert wrong.status_code == 422
    assert "Choose a file." in wrong.text
    assert 'value="Мапа"' in wrong.text
    evil = {"file": ("map.pdf", b"MZ\x90", "application/pdf")}
    refused = await client.post(address, data={"action": "attach", "title-mk": "Мапа", "kind": "map"}, files=evil)
    assert (refused.status_code, "must be a PDF" in refused.text) == (422, True)
    sent = {"file": ("../map.exe", PDF, "application/pdf")}
    done = await client.post(address, data={"action": "attach", "title-mk": "Мапа", "kind": "map"}, files=sent)
    assert done.status_code == 303
    (file,) = (await sources.working(draft.id)).files
    assert (await client.get(f"{address}/{file.id}")).content == PDF
    public = f"/en/drafts/{draft.slug}"
    assert (await client.get(f"{public}/files/{file.id}")).status_code == 404

    english = TEXTS["en"] + "\n## Annex 1. Species\nLime\n"
    await operations.save_working_version(
        draft_id=draft.id,
        texts={**TEXTS, **annexed, "ka": TEXTS["ka"] + "\n## დანართი 1\nცაცხვი\n", "en": english},
        memorandum={},
        actor=None,
        at=DURING,
    )
    await operations.publish_version(draft.id, actor=None, at=DURING)
    reading = (await client.get(public)).text
    assert "Legal basis" in reading
    assert f"{public}/documents?version=1" in reading
    assert '<div class="c-law__table" tabindex="0"><table>' in (await client.get(f"/mk/drafts/{draft.slug}")).text
    page = (await client.get(f"{public}/documents")).text
    assert "Map or plan · PDF, 1 kB" in page
    (told,) = (await client.get(f"/api/v1/drafts/{draft.slug}")).json()["attachments"]
    assert (told["kind"], told["url"]) == ("map", f"/mk/drafts/{draft.slug}/files/{file.id}")
    download = await client.get(f"{public}/files/{file.id}")
    assert (download.content, download.headers["content-type"]) == (PDF, "application/pdf")
    assert download.headers["content-disposition"].startswith('attachment; filename="map.pdf"')
    assert "nosniff" in download.headers["x-content-type-options"]

    jump = await client.get(f"{public}/languages?article=Annex 1")
    assert jump.status_code == 303
    assert jump.headers["location"].endswith("/languages?version=1&show=mk&show=en&show=ka&page=1#article-annex-1")
    side = await client.get(jump.headers["location"])
    assert side.status_code == 200
    assert side.text.index("Прилог 1") < side.text.index("Annex 1</a>") < side.text.index("დანართი 1")
    assert side.text.count("authentic text</strong>") == 4
    two = (await client.get(f"{public}/languages?show=ka&show=en&version=1")).text
    assert "Член 1" not in two
    assert "There is no article 77 in this version." in (await client.get(f"{public}/languages?article=77")).text
    for wrong_address in ("languages?version=9", "languages?version=x", "languages?page=9", "documents?version=9"):
        assert (await client.get(f"{public}/{wrong_address}")).status_code == 404


async def test_annexes_are_articles_of_their_own(db: None) -> None:
    annexed = {"mk": TEXTS["mk"] + "\n## Прилог А. Видови\nЛипа\n"}
    articles = await the_articles(await a_draft(texts=annexed))
    assert [(article.number, article.label["mk"]) for article in articles][-1] == ("annex-a", "Прилог А")


def test_languages_are_the_authentic_one_first_and_at_most_three() -> None:
    written = ("mk", "sq", "en", "ka")
    assert parallel.chosen((), written, "mk", "ka") == ("mk", "ka", "sq")
    assert parallel.chosen(("en", "mk", "tr"), written, "mk", "ka") == ("mk", "en")
    assert parallel.chosen((), ("ka",), "mk", "en") == ("ka",)


def test_footnotes_numbers_and_tables_without_a_head_are_shown_as_the_law_has_them() -> None:
    html = to_html(
        "1) прва[^1]\n2) втора м<sup>x</sup>\nа) буква\n\n|  |  |\n|---|---|\n| a<br>b | <b>c</b> |\n\n[^1]: Бел."
    )
    assert html.startswith("<p>1) прва<sup>1</sup></p>\n<p>2) втора м<sup>x</sup></p>\n<p>а) буква</p>")
    assert "<thead>" not in html
    assert "<td>a<br>b</td>" in html
    assert "&lt;b&gt;c&lt;/b&gt;" in html
    assert html.endswith("<hr>\n<p><sup>1</sup> Бел.</p>\n")
