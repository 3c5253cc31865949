"""Each type of question, by its own small survey: what its answers become in results, CSV, XLSX and the codebook."""

import csv
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from consult import i18n
from consult.charts import showing
from consult.profile import load_profile
from consult.results import exports, pages, queries
from consult.results.counting import PUBLIC, STAFF
from consult.results.formats.taking import Wanted
from consult.results.formats.writing import write
from consult.settings import resource
from consult.surveys.authoring.yaml_reading import read
from consult.surveys.definition import municipality
from consult.surveys.definition import schema as d
from tests.results.makers import NOON, a_survey

SAMPLES = Path(__file__).parent.parent / "surveys" / "samples"
TYPES = sorted(path.stem for path in SAMPLES.glob("*.yaml") if path.stem != "everything")
FILE = str(uuid4())
SECRETS = {"email": "ana@example.org", "phone": "+38970123456", "text": '=HYPERLINK("x")', "file": FILE, "photo": FILE}
ANSWERS: dict[str, Any] = {
    "allocation": {"parks": 40, "streets": 30, "waste": 30, "buses": 0},
    "calculated": 5,
    "consent": True,
    "date": "2026-05-01",
    "date_range": {"from": "2026-05-01", "to": "2026-05-09"},
    "hidden": "bus",
    "matrix_multiple": {"weekdays": ["bus", "car"], "weekend": ["none"], "holidays": None},
    "matrix_scale": {"weekdays": 4, "weekend": "dont_know", "holidays": None},
    "matrix_single": {"weekdays": "noon", "weekend": "never", "holidays": "never"},
    "multiple": ["parks", "other"],
    "nps": 9,
    "number": 12.5,
    "place": "aerodrom",
    "ranking": ["waste", "parks"],
    "scale": 4,
    "single": "",
    "smiley": 5,
    "time": "14:30",
} | SECRETS
CELLS: dict[str, dict[str, Any]] = {
    "allocation": {"allocation.parks": 40, "allocation.buses": 0},
    "calculated": {"calculated": 5, "adults": "NA"},
    "consent": {"consent": 1},
    "date": {"date": "2026-05-01"},
    "date_range": {"date_range.from": "2026-05-01", "date_range.to": "2026-05-09"},
    "hidden": {"hidden": "bus", "wish": "NA"},
    "matrix_multiple": {
        "matrix_multiple.weekdays.bus": 1, "matrix_multiple.weekdays.none": 0, "matrix_multiple.holidays.bus": "NA"
    },
    "matrix_scale": {
        "matrix_scale.weekdays": 4, "matrix_scale.weekend": "dont_know", "matrix_scale.holidays": "NA"
    },
    "matrix_single": {"matrix_single.weekdays": "noon"},
    "multiple": {"multiple.parks": 1, "multiple.waste": 0, "multiple.other.text": "'=1+1"},
    "nps": {"nps": 9},
    "number": {"number": 12.5},
    "place": {"place": "aerodrom", "place.latitude": 41.9973, "place.longitude": 21.4280, "home": "NA"},
    "ranking": {"ranking.waste": 1, "ranking.parks": 2, "ranking.buses": "NA"},
    "scale": {"scale": 4},
    "smiley": {"smiley": 5},
    "time": {"time": "14:30"},
    "email": {"email": "ana@example.org"},
    "phone": {"phone": "'+38970123456"},
    "text": {"text": "'=HYPERLINK(\"x\")"},
    "file": {"file": FILE},
    "photo": {"photo": FILE},
}  # fmt: skip
PERSONAL = {"email", "phone", "file", "photo", "text", "multiple.other.text", "place.latitude", "place.longitude"}
PERSONAL |= {"wish", "crowded", "short", "single.other"}
CHARTED = set(ANSWERS) - {"email", "phone", "file", "photo", "text", "date", "time", "date_range"}


@pytest.fixture(autouse=True)
def _here() -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    i18n.configure(profile)
    municipality.configure(profile)


def sample(name: str) -> d.Definition:
    definition = read((SAMPLES / f"{name}.yaml").read_text()).definition
    assert definition is not None
    return definition


def answers_to(definition: d.Definition, name: str) -> dict[str, Any]:
    """The answer of the sample's own question; the others were skipped."""
    found: dict[str, Any] = {q.key: None for q in definition.questions if not isinstance(q, d.Information)}
    if name in found:
        own = definition.question(name)
        found[name] = own.options[0].code if isinstance(own, d.Single) else ANSWERS[name]
    if name == "multiple":
        found["multiple.other"] = "=1+1"
    if name == "place":
        found |= {"place.latitude": 41.9973, "place.longitude": 21.4280}
    return found


def same(cell: object, expected: object) -> bool:
    return str(cell) == str(expected) or (isinstance(expected, float) and float(str(cell)) == expected)


@pytest.mark.parametrize("name", TYPES)
async def test_each_type_comes_back_from_csv_and_workbook(db: None, tmp_path: Path, name: str) -> None:
    definition = sample(name)
    survey_id = await a_survey(definition, [answers_to(definition, name)])
    out = io.BytesIO()
    await exports.export_csv(survey_id, None, out)
    row = next(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    expected = CELLS.get(name, {})
    assert {key: row[key] for key, value in expected.items() if not same(row[key], value)} == {}
    await write(survey_id, "xlsx", tmp_path / "a.xlsx", locale=i18n.locale("ka"), wanted=Wanted(), at=NOON)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    head, line = (list(cells) for cells in book.worksheets[0].iter_rows(min_row=1, max_row=2))
    found = {top.value: cell.value for top, cell in zip(head, line, strict=True)}
    texts = {key: value.removeprefix("'") if isinstance(value, str) else value for key, value in expected.items()}
    assert {key: found[key] for key, value in texts.items() if found[key] != value} == {}
    assert [cell for cells in book.worksheets[0].iter_rows() for cell in cells if cell.data_type == "f"] == []
    codebook = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert set(found) <= {cells[0] for cells in codebook}
    marked = {cells[0] for cells in codebook if cells[6]}
    assert marked == set(found) & PERSONAL


@pytest.mark.parametrize("name", [name for name in TYPES if name != "information"])
async def test_each_type_has_a_result_and_keeps_its_secrets(db: None, name: str) -> None:
    definition = sample(name)
    survey_id = await a_survey(definition, [answers_to(definition, name) for _ in range(30)])
    profile = load_profile(resource("profiles", "skopje.toml"))
    for policy in (PUBLIC, STAFF):
        results = await queries.results_of(survey_id, policy=policy)
        assert (name in results.charts) is (name in CHARTED or name == "single")
        for code in ("mk", "ka", "en"):
            locale = i18n.locale(code)
            found = {section.key: section for section in pages.sections(results, locale, profile, policy)}
            assert found[name].figure or "30" in found[name].written
            words = str(found[name].figure) + found[name].written
            assert [secret for secret in SECRETS.values() if secret in words] == []
            assert "41.99" not in words
            if name in results.charts:
                assert showing.table(results.charts[name], locale).rows
                assert showing.plotly(results.charts[name], locale)["data"]
                assert "%(" not in showing.sentence(results.charts[name], locale)
    results = await queries.results_of(survey_id)
    tables = exports.tables_csv(results, results.charts, i18n.locale("en")).decode()
    assert [secret for secret in SECRETS.values() if secret in tables] == []
