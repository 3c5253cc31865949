"""Taking the text of a draft from files, as a browser and as the command line do it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import httpx
from click.testing import CliRunner

from consult.cli import main
from consult.drafts import queries
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.makers import TEXTS, a_draft
from tests.drafts.sources.makers import from_markdown
from tests.people.makers import staff

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def test_files_are_read_corrected_and_kept(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft(published=False)
    address = f"/staff/en/drafts/{draft.slug}/import"
    assert (await client.get(address)).status_code == 303
    await staff(client, DURING, "translator")
    assert (await client.get(address)).status_code == 200
    assert (await client.get("/staff/en/drafts/nothing/import")).status_code == 404

    assert "Choose at least one file." in (await client.post(address, files={"x": ("x", b"y")})).text
    refused = await client.post(address, files={"file-mk": ("a.pdf", b"%PDF-1.7", "application/pdf")})
    assert refused.status_code == 422
    assert "This is a PDF." in refused.text
    assert 'href="#file-mk"' in refused.text

    longer = TEXTS["mk"].replace("> Одлуката важи насекаде.", "") + "\n## Член 3. Глоба\nГлоба од 300 евра.\n"
    page = await client.post(address, files={"file-mk": ("одлука.docx", from_markdown(longer, "mk"), WORD)})
    assert page.status_code == 200
    assert "3 articles were read from “одлука.docx” (Word document)." in page.text
    assert "missing in this language: 3" in page.text
    assert (await queries.working_copy(draft.id)).texts["mk"] == TEXTS["mk"]  # type: ignore[union-attr]

    written = {
        name: html.unescape(found)
        for name, found in re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    }
    assert written["text-en"].strip() == TEXTS["en"].strip()
    sent = {name: (None, value.encode()) for name, value in {**written, "action": "save"}.items()}
    assert (await client.post(f"/staff/en/drafts/{draft.slug}", files=sent)).status_code == 200
    kept = (await queries.working_copy(draft.id)).texts  # type: ignore[union-attr]
    assert "## Член 3. Глоба\n\nГлоба од 300 евра." in kept["mk"]
    assert kept["ka"].strip() == TEXTS["ka"].strip()


def test_the_command_line_writes_markdown_and_tells_losses(tmp_path: Path) -> None:
    word, target = tmp_path / "law.docx", tmp_path / "law.md"
    word.write_bytes(from_markdown("## Article 1. Fee\nFive.", "en"))
    run = CliRunner().invoke(main, ["draft", "import", str(word), "--out", str(target)])
    assert (run.exit_code, run.output) == (0, f"{word}: 1 articles.\n{word}: everything was carried over.\n")
    assert target.read_text() == "## Article 1. Fee\n\nFive.\n"
    page = tmp_path / "law.html"
    page.write_text("<html><p>Article 1</p><p>Five <del>six</del></p></html>")
    run = CliRunner().invoke(main, ["draft", "import", str(page), "--out", "-", "--json"])
    assert run.exit_code == 3
    assert run.stdout == "## Article 1\n\nFive\n"
    assert json.loads(run.stderr)["losses"][0]["what"] == "six"
    page.write_text("<html></html>")
    run = CliRunner().invoke(main, ["draft", "import", str(page), "--out", "-"])
    assert (run.exit_code, run.output) == (1, "file: There is no text in the file.\n")
