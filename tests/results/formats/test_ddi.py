"""The description by DDI Codebook 2.5: elements in the order of its schema, figures those of the survey."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from consult import i18n
from consult.profile import load_profile
from consult.results import rule
from consult.results.formats.ddi import write_ddi
from consult.settings import resource
from tests.results.formats.makers import FULL, NOTHING, QUESTIONS
from tests.results.makers import a_survey, definition, text

# Children in the order that codebook.xsd (2.5) gives them, as far as they are written here.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"],
    "citation": ["titlStmt", "rspStmt", "prodStmt", "distStmt", "serStmt", "verStmt", "biblCit", "holdings", "notes"],
    "titlStmt": ["titl", "subTitl", "altTitl", "parTitl", "IDNo"],
    "prodStmt": ["producer", "copyright", "prodDate", "prodPlac", "software", "fundAg", "grantNo"],
    "verStmt": ["version", "verResp", "notes"],
    "stdyDscr": ["citation", "studyAuthorization", "stdyInfo", "studyDevelopment", "method", "dataAccs", "notes"],
    "stdyInfo": ["studyBudget", "subject", "abstract", "sumDscr", "qualityStatement", "notes"],
    "sumDscr": ["timePrd", "collDate", "nation", "geogCover", "geogUnit", "anlyUnit", "universe", "dataKind"],
    "method": ["dataColl", "notes", "anlyInfo", "stdyClas", "dataProcessing"],
    "dataColl": ["timeMeth", "dataCollector", "frequenc", "sampProc", "sampleFrame", "deviat", "collMode", "resInstru",
                 "sources", "collSitu", "actMin", "ConOps", "weight", "cleanOps"],
    "fileTxt": ["fileName", "fileCitation", "fileCont", "fileStrc", "dimensns", "fileType"],
    "dimensns": ["caseQnty", "varQnty", "logRecL", "recPrCas", "recNumTot"],
    "var": ["location", "labl", "imputation", "security", "embargo", "respUnit", "anlysUnit", "qstn", "valrng",
            "invalrng", "undocCod", "universe", "TotlResp", "sumStat", "txt", "stdCatgry", "catgryGrp", "catgry",
            "codInstr", "verStmt", "concept", "derivation", "varFormat", "geoMap", "catLevel", "notes"],
    "qstn": ["preQTxt", "qstnLit", "postQTxt", "forward", "backward", "ivuInstr"],
    "catgry": ["catValu", "labl", "txt", "catStat", "mrow", "catgry"],
    "valrng": ["item", "range", "key", "notes"],
    "invalrng": ["item", "range", "key", "notes"],
}  # fmt: skip
N = {"d": "ddi:codebook:2_5"}


@pytest.fixture(autouse=True)
def _languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def described(folder: Path, **more: Any) -> Any:
    survey_id = await a_survey(definition(*QUESTIONS, **more), [FULL, FULL, NOTHING])
    await write_ddi(survey_id, folder / "trees.xml", language="mk")
    return etree.parse(folder / "trees.xml").getroot()


async def test_elements_stand_in_the_order_of_the_schema(db: None, tmp_path: Path) -> None:
    book = await described(tmp_path, summary=text("About trees"), design={"kind": "sample", "population": 900})
    for element in book.iter():
        name = etree.QName(element).localname
        children = [etree.QName(child).localname for child in element]
        if children:
            places = [ORDER[name].index(child) for child in children] if name in ORDER else []
            assert places == sorted(places), (name, children)
            assert name in ORDER or name in ("docDscr", "fileDscr", "dataDscr"), name
    ids = [element.get("ID") for element in book.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert book.find(".//d:universe", N).text == "900"


async def test_questions_are_in_all_languages_and_codes_have_frequencies(db: None, tmp_path: Path) -> None:
    book = await described(tmp_path)
    title = book.find("d:stdyDscr/d:citation/d:titlStmt", N)
    assert [element.text for element in title] == ["Дрвја", "Trees", "ხეები", "trees"]
    one = book.find(".//d:var[@name='one']", N)
    assert len(one.findall("d:qstn/d:qstnLit", N)) == 3
    found = {
        category.find("d:catValu", N).text: (
            {label.text for label in category.findall("d:labl", N)},
            category.find("d:catStat", N).text,
            category.get("missType"),
        )
        for category in one.findall("d:catgry", N)
    }
    assert found["other"] == ({"Another", "Друго", "სხვა"}, "2", None)
    assert found["dont_know"][1:] == ("0", "dont_know") and found["NA"][1:] == ("1", "skipped")
    assert found[None][1:] == ("0", "not_asked")
    many = book.find(".//d:var[@name='many.yes']", N)
    assert [stat.text for stat in many.findall("d:catgry/d:catStat", N)][:2] == ["2", "0"]
    age = book.find(".//d:var[@name='age']", N)
    assert {stat.get("type"): stat.text for stat in age.findall("d:sumStat", N)} == {
        "vald": "2", "invd": "1", "mean": "-34.5", "min": "-34.5", "max": "-34.5",
    }  # fmt: skip
    assert book.find(".//d:concept", N).text == "test.one"
    assert "=1+1" not in etree.tostring(book, encoding="unicode")


async def test_method_versions_and_what_was_left_out_are_told(db: None, tmp_path: Path) -> None:
    book = await described(tmp_path)
    assert book.find(".//d:verStmt/d:version", N).text == "Верзија 1 на прашалникот"
    assert {mode.text for mode in book.findall(".//d:collMode", N)} >= {"online", "ინტერნეტით"}
    assert i18n.locale("mk").gettext(rule.ALL_COUNT) in {note.text for note in book.findall(".//d:cleanOps", N)}
    assert book.find(".//d:caseQnty", N).text == "3"
