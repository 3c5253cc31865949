"""What is fuzzed. A target takes bytes and returns; it raises only for what is a fault of ours.

Refusals (`ConsultError`, and the two kinds of "this expression is not read") are right answers.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from litestar import Litestar, Request, post

from consult.documents import pdf, sheets
from consult.drafts import markup
from consult.drafts.sources import formats as drafts_files
from consult.errors import ConsultError
from consult.exchange import foreign, limesurvey, translation_files, workbooks, xlsform
from consult.exchange.foreign import NotRead
from consult.fieldwork import contact
from consult.fieldwork.letters import TEMPLATE
from consult.mail.message import email_address
from consult.records import cleaning
from consult.records.attachment import safe_name
from consult.surveys.answers import forms as survey_forms
from consult.surveys.answers import multipart_forms
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.yaml_reading import read, write
from consult.surveys.conditions import terms, type_checks
from consult.surveys.conditions.expression import ANSWERED, SyntaxFault, names, normal, parse
from consult.surveys.definition.schema import Definition
from consult.web import forms as web_forms
from tests.conftest import NOON
from tests.fuzz.frames import BOUNDARY, PICTURE, SHEET, a_request, documents, tables, words
from tests.hostile.proving import page

Target = Callable[[bytes], None]
EMPTY = '<!DOCTYPE html><html lang="en"><title>x</title><body>{}</body></html>'


@contextmanager
def refusals() -> Iterator[None]:
    """Leave a target where its reader says no; a sentence that it cannot fill with its parameters is a fault."""
    try:
        yield
    except ConsultError as fault:
        for problem in (fault, *getattr(fault, "problems", ())):
            assert not problem.parameters or problem.message % problem.parameters
    except (NotRead, SyntaxFault):
        pass


def form(data: bytes) -> None:
    """An urlencoded form of a page."""
    with refusals():
        found = web_forms.parse_form(data)
        for name in found:
            assert "\0" not in name + found.get(name)
            assert found.page_number() >= 1


@post("/", status_code=200)
async def _taking(request: Request[Any, Any, Any]) -> str:
    with refusals():
        found = await web_forms.read_form(request)
        for file in found.files.values():
            assert len(file.name) <= 200
            name = safe_name(file.name, "application/pdf")
            assert "/" not in name and "\\" not in name and name.endswith(".pdf")
    return "read"


_app = Litestar([_taking], logging_config=None)
_loop = asyncio.new_event_loop()


def multipart(data: bytes) -> None:
    """A form with files, through the framework's own parser."""
    assert _loop.run_until_complete(a_request(_app, data)) in {200, 400}


def survey_form(data: bytes) -> None:
    """A survey's form, which has a reader of its own, and what its multipart one makes of the same bytes."""
    for mend in (False, True):
        with refusals():
            survey_forms.parse(data, mend=mend)
    with refusals():
        multipart_forms.parse(data, f"multipart/form-data; boundary={BOUNDARY}")
        multipart_forms.parse(data, data.decode("latin-1"))


def definition(data: bytes) -> None:
    """A survey file. What passes its checks can be compiled, and written so that it reads the same again."""
    found = read(data)
    assert found.definition is None or not found.faults
    for fault in found.faults:
        assert str(fault)
    if found.definition is not None:
        Compiled(found.definition)
        _comes_back(found.definition)


def _comes_back(found: Definition) -> None:
    again = read(write(found))
    assert again.definition == found, again.faults


def regulation(data: bytes) -> None:
    """The text of a regulation from a web page, Akoma Ntoso, Markdown, or the inside of a Word file."""
    for content in documents(data):
        with refusals():
            taken = drafts_files.take(content, "mk")
            assert taken.markdown.isascii() or taken.markdown.encode()
            markdown(taken.markdown.encode())


def markdown(data: bytes) -> None:
    """Markdown of staff: what comes out are few tags, and links that run nothing."""
    text = data.decode(errors="replace").replace("\0", "")
    made = str(markup.to_html(text))
    assert page(EMPTY.format(_shown(made)).encode(), "here.test") == []
    assert page(EMPTY.format(_shown(str(markup.to_plain(text)))).encode(), "here.test") == []
    markup.to_words(text)


def _shown(made: str) -> str:
    """Without control characters: posted forms never hold them, files are looked at where they are read."""
    return "".join(sign for sign in made if unicodedata.category(sign) not in {"Cc", "Cn", "Cs"} or sign in "\t\n")


def table(data: bytes) -> None:
    """A table of contacts or of a census: CSV; of a workbook only its bounds (a process of its own opens it)."""
    with refusals():
        if data.startswith(b"PK\x03\x04"):
            sheets._check_workbook(data)
            return
        sheet = sheets.parse(data) if not data.startswith(sheets.OLE) else None
        if sheet is not None:
            assert all(len(row) == len(sheet.head) for row in sheet.rows)
            columns = contact.guess(sheet.head)
            rows = zip(sheet.numbers, sheet.rows, strict=True)
            contact.take(rows, columns, language="mk", enabled=("mk", "en"), one_per_household=True)


def workbook(data: bytes) -> None:
    """The bounds of a workbook with a survey."""
    with refusals():
        workbooks._examine(data)


def xls_form(data: bytes) -> None:
    """The cells of an XLSForm. What comes of it can be written as a survey file and read."""
    with refusals():
        taken = xlsform.from_tables(tables(data), language="en", name="form")
        for loss in taken.losses:
            assert str(loss)
        read(write(taken.definition))


def lime_survey(data: bytes) -> None:
    """A survey of LimeSurvey."""
    with refusals():
        taken = limesurvey.take(data, language="en", name="form")
        for loss in taken.losses:
            assert str(loss)
        read(write(taken.definition))


def catalogue(data: bytes) -> None:
    """A file of translations."""
    with refusals():
        translation_files.read_catalogue(data)


SCOPE = {
    "age": terms.Variable("number", low=0, high=120),
    "sex": terms.Variable("text", codes=("female", "male")),
    "wish": terms.Variable("text"),
    "bus": terms.Variable("texts", codes=("red", "blue")),
    "day": terms.Variable("date"),
    "at": terms.Variable("time"),
    "parks": terms.Variable("matrix", rows=("north", "south"), row_kind="number", low=1, high=5),
    "agree": terms.Variable("truth"),
    "photo": terms.Variable("file"),
}
ANSWERS: tuple[dict[str, Any], ...] = (
    {"answered": []},
    {
        "age": 34.0, "sex": "female", "wish": "парк", "bus": ["red"], "day": "2026-03-27", "at": "09:30",
        "parks": {"north": 3.0}, "agree": True, "photo": "f",
        "answered": ["age", "sex", "wish", "bus", "day", "at", "parks.north", "agree", "photo"],
    },
)  # fmt: skip


def condition(data: bytes) -> None:
    """A condition in CEL: refused with a place, or compiled and decided for any answers."""
    source = data.decode(errors="replace")
    for found in type_checks.check(source, SCOPE):
        assert 1 <= found.column <= len(source) + 1
        assert not found.parameters or found.message % found.parameters
    if not type_checks.check(source, SCOPE):
        tree = parse(source)
        program = terms.compile_one(normal(tree), names(tree))
        for answers in ANSWERS:
            given = {key: value for key, value in answers.items() if key in names(tree)}
            terms.is_met(program, {**given, ANSWERED: answers["answered"]})


def expression(data: bytes) -> None:
    """An expression of an XLSForm or of LimeSurvey."""
    source = data.decode(errors="replace")
    for reader in (foreign.xpath, foreign.script):
        with refusals():
            reader(source)


def attachment(data: bytes) -> None:
    """A file that a resident attaches."""
    try:
        taken = cleaning.cleaned(data)
    except cleaning.Unfit:
        return
    assert taken.content
    cleaning.has_macros(data)


def address(data: bytes) -> None:
    """An e-mail address: what is taken can be neither two nor a header."""
    with refusals():
        taken = email_address(data.decode(errors="replace"))
        assert taken.isprintable()
        assert not set(taken) & set(' ,;<>"\\()[]')


def printed(data: bytes) -> None:
    """People's words as the data of a printed page: they are words there, whatever they look like."""
    said = web_forms.seen(data.decode(errors="replace").replace("\0", "")).split("\f")[:9]
    letter = {"address": said, "reference": said[0], "code": "C", "qr": PICTURE, "texts": [words(said)]}
    made = pdf.compile_pdf(TEMPLATE, {**SHEET, "letters": [letter]}, made_at=NOON)
    assert made.startswith(b"%PDF-")
    assert b"/JavaScript" not in made
    assert b"/Launch" not in made


TARGETS: dict[str, Target] = {
    "form": form,
    "multipart": multipart,
    "survey_form": survey_form,
    "definition": definition,
    "regulation": regulation,
    "markdown": markdown,
    "table": table,
    "workbook": workbook,
    "xls_form": xls_form,
    "lime_survey": lime_survey,
    "catalogue": catalogue,
    "condition": condition,
    "expression": expression,
    "attachment": attachment,
    "address": address,
    "printed": printed,
}
