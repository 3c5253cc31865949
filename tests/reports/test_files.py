"""The report's files, opened by other programs."""

import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from consult.documents.glyphs import printable
from consult.i18n import locale
from consult.profile import Profile
from consult.reports.making import make
from tests.reports.makers import KEY, a_reported_survey
from tests.results.makers import NOON


async def test_pdf_is_tagged_and_speaks_georgian(profile: Profile, tmp_path: Path) -> None:
    survey, file = await a_reported_survey(), tmp_path / "report.pdf"
    counted = await make(survey, "pdf", file, locale=locale("ka"), profile=profile, key=KEY, at=NOON)
    assert counted == 120
    reader = PdfReader(io.BytesIO(file.read_bytes()))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("ka", True)
    assert "pdfuaid" in root["/Metadata"].get_data().decode()  # typst refuses to write it where it is not so
    assert len(reader.outline) >= 5  # what a reader's program offers as contents
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert "კმაყოფილების ანგარიში" in words and "ქალაქზე" in words and "და მომსახურება?" in words
    assert "Карпош" not in words and "Something kept private" not in words


def test_letters_that_no_font_has_do_not_stop_a_report() -> None:
    assert printable("Јас ❤ ჩემი ▲ city →") == "Јас ? ჩემი + city "
