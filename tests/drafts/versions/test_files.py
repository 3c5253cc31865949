"""A comparison as a file, from the command line and from the page."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from consult.cli.comparing import compare
from tests.conftest import Clock
from tests.consultations.makers import DURING
from tests.drafts.versions.makers import a_draft_of_two_versions

OLD = """Совет.

## Член 1. Рок

(1) Рокот е 10 дена.

## Член 2. Такса

Се плаќа такса.

## Член 3. Крај

Влегува во сила веднаш.
"""
NEW = """Совет.

## Член 1. Рок

(1) Рокот е 15 дена.

## Член 1-а. Оглас

Огласот е јавен за сите граѓани.

## Член 2. Крај

Влегува во сила веднаш.
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(OLD)
    new.write_text(NEW)
    return str(old), str(new)


def test_two_files_are_compared_in_the_terminal_and_as_files(files: tuple[str, str], tmp_path: Path) -> None:
    said = CliRunner().invoke(compare, files)
    assert said.exit_code == 3
    for words in ("[-10-] {+15+}", "{+Оглас+} (нов)", "беше член 3", "[-Такса-] (изоставен)"):
        assert words in said.output
    assert CliRunner().invoke(compare, [files[0], files[0]]).exit_code == 0
    out = {ending: tmp_path / f"x{ending}" for ending in (".md", ".html", ".json", ".pdf")}
    for file in out.values():
        done = CliRunner().invoke(compare, [*files, "--lang", "mk", "--side-by-side", "--out", str(file)])
        assert done.exit_code == 3, done.output
    assert "<del>10</del> <ins>15</ins>" in out[".md"].read_text()
    assert "<del>" in out[".html"].read_text()
    assert json.loads(out[".json"].read_text())["counts"]["removed"] == 1
    pdf = PdfReader(out[".pdf"])
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "mk"
    assert "Огласот е јавен" in pdf.pages[0].extract_text()


@pytest.mark.parametrize(
    "words", [["a.md", "b.md"], ["x@1", "y@2"], ["x", "y", "--out", "z.exe"], ["x", "y", "--lang", "English"]]
)
def test_a_wrong_command_is_told(words: list[str]) -> None:
    assert CliRunner().invoke(compare, words).exit_code == 2


async def test_the_page_gives_a_pdf_and_json(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    draft = await a_draft_of_two_versions()
    for view in ("marked", "sides"):
        made = await client.get(f"/mk/drafts/{draft.slug}/compare.pdf", params={"view": view})
        assert made.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
        assert "По коментарите." in text
    found = (await client.get(f"/api/v1/drafts/{draft.slug}/comparison", params={"language": "en"})).json()
    assert (found["old"], found["new"], found["counts"]["removed"]) == (1, 2, 1)
    assert [(one["what"], one["number"]) for one in found["articles"]] == [
        ("added", "1"),
        ("moved", "2"),
        ("removed", None),
    ]
    assert found["articles"][0]["text"] == [{"kind": "inserted", "text": "A fine of 300 euros."}]
    assert (await client.get(f"/api/v1/drafts/{draft.slug}/comparison?language=xx")).status_code in {400, 422}
    assert (await client.get(f"/mk/drafts/{draft.slug}/compare.pdf?from=2&to=2")).status_code == 404
