"""LimeSurvey's .lss files as records: XML without any entity or document type, tables of rows, texts by language.

Written after the format that LimeSurvey's own export writes: one table of texts for each language since version 4
(question_l10ns and the like), texts in the rows themselves before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from consult.errors import N_
from consult.exchange.plain import plain_text
from consult.exchange.report import Place
from consult.exchange.workbooks import TOO_LARGE, refused
from consult.surveys.definition import schema as d

LARGEST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 50_000
CODE = re.compile("[a-z]{2,3}")
NO_XML = N_("The file is no XML, or it is damaged. Export it from LimeSurvey once more.")
ENTITIES = N_("The file has a document type or entities of its own. Such files are not read.")
NO_SURVEY = N_("This is no survey structure of LimeSurvey (.lss).")

Row = Mapping[str, str]


@dataclass
class Item:
    """A question, subquestion, answer or group: its row, and its texts by column and language."""

    row: Row
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, column: str) -> str:
        return self.row.get(column, "")

    def text(self, column: str) -> d.Text:
        return {language: shown for language, said in self.texts.get(column, {}).items() if (shown := plain_text(said))}

    def raw(self, column: str) -> str:
        return " ".join(self.texts.get(column, {}).values())


@dataclass
class Question(Item):
    subquestions: list[Item] = field(default_factory=list)
    answers: list[Item] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.get("title")

    @property
    def place(self) -> Place:
        return Place("question", self.code)

    def setting(self, name: str) -> str:
        """An attribute, or its first text."""
        return next((said for said in self.attributes.get(name, {}).values() if said), "")


@dataclass
class Structure:
    """A whole file. languages: the base language first."""

    languages: tuple[str, ...]
    settings: Row
    texts: dict[str, dict[str, str]]
    groups: list[tuple[Item, list[Question]]]
    quotas: list[Row]
    tables: Mapping[str, list[Row]]


def structure(content: bytes) -> Structure:
    """Raises NotReadable."""
    tables = _tables(content)
    settings = next(iter(tables.get("surveys", ())), {})
    texts: dict[str, dict[str, str]] = {}
    base = settings.get("language", "")
    languages = [base, *settings.get("additional_languages", "").split()]
    for row in tables.get("surveys_languagesettings", ()):
        language = row.get("surveyls_language", "")
        languages.append(language)
        for column in ("title", "description", "welcometext", "endtext"):
            if said := row.get(f"surveyls_{column}"):
                texts.setdefault(column, {})[_code(language)] = said
    found = tuple(dict.fromkeys(_code(language) for language in languages if language))
    if not found or "questions" not in tables:
        raise refused(NO_SURVEY)
    return Structure(found, settings, texts, _groups(tables), tables.get("quota", []), tables)


def _tables(content: bytes) -> dict[str, list[Row]]:
    if len(content) > LARGEST_BYTES:
        raise refused(TOO_LARGE, mib=LARGEST_BYTES // 2**20)
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise refused(ENTITIES) from None
    except (ParseError, ValueError, LookupError):
        raise refused(NO_XML) from None
    if root.tag != "document" or root.findtext("LimeSurveyDocType", "").strip() != "Survey":
        raise refused(NO_SURVEY)
    tables: dict[str, list[Row]] = {
        table.tag: [{cell.tag: (cell.text or "").strip() for cell in row} for row in table.findall("rows/row")]
        for table in root
        if table.find("rows") is not None
    }
    if sum(map(len, tables.values())) > MOST_ROWS:
        raise refused(TOO_LARGE, mib=LARGEST_BYTES // 2**20)
    return tables


def _code(language: str) -> str:
    """`en-GB`, `de-informal` and `sr-Latn` as the codes here. Raises NotReadable for what is no language."""
    code = language.split("-")[0].lower()[:3]
    if language and not CODE.fullmatch(code):
        raise refused(NO_SURVEY)
    return code


def _items(
    rows: Sequence[Row], names: Sequence[Row], key: str, columns: tuple[str, ...], kind: type[Item] = Item
) -> dict[str, Item]:
    """Rows of one table by their identity, with the texts of all languages."""
    found: dict[str, Item] = {}
    for row in rows:
        item = found.setdefault(row.get(key, ""), kind(row))
        _add(item, row, columns)
    for row in names:
        if (named := found.get(row.get(key, ""))) is not None:
            _add(named, row, columns)
    return found


def _add(item: Item, row: Row, columns: tuple[str, ...]) -> None:
    for column in columns:
        if row.get("language") and row.get(column):
            item.texts.setdefault(column, {})[_code(row["language"])] = row[column]


def _ordered(items: Iterator[Item], *columns: str) -> list[Item]:
    def place(item: Item) -> tuple[int, ...]:
        return tuple(int(said) if (said := item.get(column)[:9]).isdecimal() else 0 for column in columns)

    return sorted(items, key=place)


def _groups(tables: Mapping[str, list[Row]]) -> list[tuple[Item, list[Question]]]:
    names = tables.get("question_l10ns", [])
    asked = _items(tables["questions"], names, "qid", ("question", "help"), Question)
    subquestions = _items(tables.get("subquestions", []), names, "qid", ("question", "help"))
    questions = {qid: one for qid, one in asked.items() if isinstance(one, Question)}
    for sub in _ordered(iter(subquestions.values()), "scale_id", "question_order"):
        if sub.get("parent_qid") in questions:
            questions[sub.get("parent_qid")].subquestions.append(sub)
    for answer in _ordered(iter(_answers(tables).values()), "scale_id", "sortorder"):
        if answer.get("qid") in questions:
            questions[answer.get("qid")].answers.append(answer)
    for row in tables.get("question_attributes", []):
        if row.get("qid") in questions and row.get("value"):
            setting = questions[row["qid"]].attributes.setdefault(row.get("attribute", ""), {})
            setting[_code(row.get("language", ""))] = row["value"]
    groups = _items(tables.get("groups", []), tables.get("group_l10ns", []), "gid", ("group_name", "description"))
    return [
        (group, [q for q in _ordered(iter(questions.values()), "question_order") if isinstance(q, Question)
                 and q.get("gid") == group.get("gid") and q.get("parent_qid") in ("", "0")])
        for group in _ordered(iter(groups.values()), "group_order")
    ]  # fmt: skip


def _answers(tables: Mapping[str, list[Row]]) -> dict[str, Item]:
    rows = tables.get("answers", [])
    if rows and "aid" in rows[0]:
        return _items(rows, tables.get("answer_l10ns", []), "aid", ("answer",))
    # Before version 4 an answer has no identity of its own.
    numbered = [{**row, "aid": f"{row.get('qid')}/{row.get('scale_id')}/{row.get('code')}"} for row in rows]
    return _items(numbered, [], "aid", ("answer",))
