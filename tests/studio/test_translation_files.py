"""Files of translations: out, through another program, and in again; hostile ones do nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
import openpyxl
import pytest

from consult.exchange.report import NotReadable
from consult.exchange.translation_files import Incoming, read_catalogue, read_workbook, write_catalogue, write_workbook
from consult.studio.translation_import import Plan, plan, rows
from consult.surveys.authoring.translations import STATE_NAMES, Ledger, Statement, pairs
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import texts, with_text, with_texts
from tests.conftest import NOON
from tests.people.makers import staff
from tests.studio.test_translation_pages import copy
from tests.surveys.makers import free, page
from tests.surveys.test_translations import both, colour, take_in, trilingual

HOME = "/staff/en/surveys/small/translate"
SOURCE = msgspec.structs.replace(
    trilingual(),
    pages=(
        page(free("place", text=both("Каде?", "Where?")), key="first"),
        page(colour(mk="Што, ${place}\nи зошто?", en="What, ${place}\nand why?")),
    ),
)
EDITED = with_text(SOURCE, "title", "mk", "=Голема анкета")


def known() -> Ledger:
    return Ledger([Statement(pair, NOON) for pair in pairs(SOURCE)])


def workbook(definition: d.Definition = EDITED) -> bytes:
    return write_workbook(rows(definition, known(), ("en",), STATE_NAMES), "mk", ("en",))


def catalogue(definition: d.Definition = EDITED) -> bytes:
    return write_catalogue(rows(definition, known(), ("en",), STATE_NAMES), "mk", "en", "small")


def edited(content: bytes, changes: dict[str, Any], column: str = "en") -> bytes:
    """What a translator makes of the workbook in another program."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["Translations"]
    titles = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2):
        if line[0].value in changes:
            line[titles.index(column)].value = changes[str(line[0].value)]
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def planned(incoming: list[Incoming], definition: d.Definition = EDITED) -> Plan:
    return plan(definition, known(), incoming, ("mk", "en", "ka"))


@pytest.mark.parametrize("read_back", [lambda: read_workbook(workbook()), lambda: read_catalogue(catalogue())])
def test_file_that_comes_back_untouched_changes_nothing(read_back: Any) -> None:
    found = planned(read_back())
    assert (found.changes, found.confirmed, found.left_out) == ([], [], [])
    assert found.same >= len(list(texts(EDITED))) - 1


def test_workbook_is_edited_by_another_program() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook()))["Translations"]
    assert sheet["B2"].value == "=Голема анкета" and sheet["B2"].data_type == "s"
    found = planned(read_workbook(edited(workbook(), {"title": "A large survey", "questions.colour.text": "Why?"})))
    assert [(one.wish.place, one.wish.value) for one in found.changes] == [("title", "A large survey")]
    assert [place for place, _ in found.left_out] == ["questions.colour.text"]  # its placeholder is gone


def test_row_whose_source_changed_meanwhile_is_told_and_left_out() -> None:
    sent = edited(workbook(SOURCE), {"title": "A tiny survey"})
    found = planned(read_workbook(sent))
    assert found.changes == []
    assert [(place, problem.parameters) for place, problem in found.left_out] == [("title", {"now": "=Голема анкета"})]


def test_unknown_places_and_languages_are_told() -> None:
    incoming = [
        Incoming("nothing", "en", "x", "y"),
        Incoming("title", "xx", "x", "y"),
        Incoming("title", "mk", "", "y"),
    ]
    assert [place for place, _ in planned(incoming).left_out] == ["nothing", "title"]


def test_formula_cell_is_text_and_is_never_computed() -> None:
    sent = edited(workbook(), {"title": '=HYPERLINK("http://evil.example", "x")'})
    assert all("http" not in one.wish.value for one in planned(read_workbook(sent)).changes)


def test_catalogue_marks_what_is_stale_and_gettext_takes_it(tmp_path: Path) -> None:
    text = catalogue().decode()
    assert "#, fuzzy" in text and '#| msgid "Мала анкета"' in text
    assert '"Language: en\\n"' in text and '"X-Source-Language: mk\\n"' in text
    file = tmp_path / "en.po"
    file.write_bytes(catalogue())
    msgfmt = shutil.which("msgfmt")
    if msgfmt:  # gettext's own program, where the machine has it
        subprocess.run([msgfmt, "--check", "-o", str(tmp_path / "en.mo"), str(file)], check=True)
    assert re.findall(r'msgctxt "([^"]+)"', text) == [place for place, _ in texts(EDITED)]


def test_catalogue_that_calls_a_stale_text_right_confirms_it() -> None:
    text = catalogue().decode()
    found = planned(read_catalogue(text.replace("#, fuzzy\n", "").encode()))
    assert [line.place for line in found.confirmed] == ["title"]
    changed = text.replace("#, fuzzy\n", "").replace('msgstr "A small survey"', 'msgstr "A large survey"')
    (coming,) = planned(read_catalogue(changed.encode())).changes
    assert (coming.wish.value, coming.before) == ("A large survey", "A small survey")
    fuzzy = text.replace('msgstr "A small survey"', 'msgstr "A large survey"')
    assert [place for place, _ in planned(read_catalogue(fuzzy.encode())).left_out] == ["title"]


def bomb() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name))
        bad.writestr("xl/media/large.bin", b"\0" * 80 * 2**20)
    return target.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", workbook()[:500], b"\xff\xfe\x00", bomb()])
def test_hostile_workbooks_are_refused(content: bytes) -> None:
    with pytest.raises(NotReadable):
        read_workbook(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", b'msgid "x', b"nothing at all", b'msgid ""\nmsgstr "Language: ../../etc\\n"\n',
     b'msgid ""\nmsgstr "Content-Type: text/plain; charset=zlib\\n"\n', b"x" * (5 * 2**20)],
)  # fmt: skip
def test_hostile_catalogues_are_refused(content: bytes) -> None:
    with pytest.raises(NotReadable):
        read_catalogue(content)


async def test_changes_are_listed_before_they_are_taken_over(client: httpx.AsyncClient) -> None:
    await take_in(SOURCE)
    await take_in(EDITED, 1)
    await staff(client, NOON, "translator")
    sent = edited((await client.get(f"{HOME}/all.xlsx")).content, {"title": "A <b>large</b> survey"})
    told = await client.post(f"{HOME}/file", files={"file": ("back.xlsx", sent)})
    assert "The file changes 1 translation." in told.text and "&lt;b&gt;" in told.text
    assert await copy() == EDITED
    posted = dict(re.findall(r'name="(changes|confirmed)" value="([^"]*)"', told.text))
    plain = {name: httpx.Response(200, text=value).text.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
             for name, value in posted.items()}  # fmt: skip
    answer = await client.post(f"{HOME}/apply", data=plain)
    assert answer.headers["location"] == f"{HOME}?done=imported&show=open"
    assert await copy() == with_texts(EDITED, {("title", "en"): "A <b>large</b> survey"})
    again = await client.post(f"{HOME}/apply", data={**plain, "changes": plain["changes"].replace("large", "huge")})
    assert (again.status_code, "Somebody else has changed" in again.text) == (422, True)


async def test_downloads_and_wrong_files(client: httpx.AsyncClient) -> None:
    await take_in(SOURCE)
    await staff(client, NOON, "translator")
    assert "msgctxt" in (await client.get(f"{HOME}/en.po")).text
    assert (await client.get(f"{HOME}/mk.po")).status_code == 404
    assert (await client.get(f"{HOME}/all.zip")).status_code == 404
    for content in (b"", b"rubbish", bomb()):
        answer = await client.post(f"{HOME}/file", files={"file": ("x.xlsx", content)})
        assert (answer.status_code, 'href="#file"' in answer.text) == (422, True)
    assert (await client.post(f"{HOME}/apply", data={"changes": "[[1]]"})).status_code == 422
