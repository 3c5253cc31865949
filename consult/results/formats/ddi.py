"""A description of the data by DDI Codebook 2.5: the questions in every language, codes with their frequencies, kinds
of no answer, versions, method and weights. Catalogues of data archives and statistical offices read it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np

from consult.charts import wording
from consult.columns.column import Coded, Masked, Measured
from consult.columns.frame import Frame, frame
from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results import rule, sheet
from consult.results.formats.taking import Taking, Wanted, taking
from consult.results.formats.typed import KIND_WORDS, Variable, variable
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey, Version
from consult.weighting import queries as weighting

NAMESPACE = "ddi:codebook:2_5"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NOT_ID = re.compile(r"[^A-Za-z0-9_.-]")
RESPONDENT = N_("A person who answered")
VERSION_OF = N_("Version %(number)s of the questionnaire")
WEIGHTS_NAMED = N_("Set of weights: %(name)s")


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a survey for its description."""

    survey: Survey
    versions: list[Version]
    taken: Taking
    answers: Frame
    weights: list[str]


async def write_ddi(survey_id: UUID, path: Path, *, language: str, impersonal: bool = False) -> None:
    """Write the description; language is that of the file as a whole. Raises NotFound."""
    described = Described(
        await surveys.survey_by_id(survey_id),
        await surveys.versions(survey_id),
        await taking(survey_id, Wanted(impersonal=impersonal)),
        await frame(survey_id),
        [one.name for one in await weighting.weight_sets(survey_id)],
    )
    ET.ElementTree(_book(described, language)).write(path, encoding="UTF-8", xml_declaration=True)


def _book(of: Described, language: str) -> ET.Element:
    book = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", XML_LANG: language})
    now = of.answers.snapshot.taken_at
    document = _below(book, "docDscr", "citation")
    _titles(ET.SubElement(document, "titlStmt"), of, language)
    produced = ET.SubElement(document, "prodStmt")
    _text(produced, "prodDate", now.date().isoformat(), date=now.date().isoformat())
    _text(produced, "software", "Consult")
    _study(ET.SubElement(book, "stdyDscr"), of, language)
    about_file = _below(book, "fileDscr", "fileTxt")
    book[-1].set("ID", "F1")
    _text(about_file, "fileName", f"{of.survey.slug}.csv")
    size = ET.SubElement(about_file, "dimensns")
    _text(size, "caseQnty", str(of.answers.n))
    _text(size, "varQnty", str(len(of.taken.columns)))
    variables = ET.SubElement(book, "dataDscr")
    for field in of.taken.columns:
        _variable(variables, variable(field), of.answers)
    return book


def _titles(into: ET.Element, of: Described, language: str) -> None:
    title = of.taken.definition.title
    first = language if language in title else next(iter(title), "")
    _text(into, "titl", title.get(first) or of.survey.slug, first)
    for code, words in title.items():
        if code != first:
            _text(into, "parTitl", words, code)
    _text(into, "IDNo", of.survey.slug)


def _study(study: ET.Element, of: Described, language: str) -> None:
    citation = ET.SubElement(study, "citation")
    _titles(ET.SubElement(citation, "titlStmt"), of, language)
    for version in of.versions:
        said = ET.SubElement(citation, "verStmt")
        words = locale_of(language).gettext(VERSION_OF, number=version.number)
        _text(said, "version", words, date=version.published_at.date().isoformat())
        for code in languages():
            _text(
                said,
                "notes",
                f"{locale_of(code).gettext(VERSION_OF, number=version.number)}: {version.content_hash}",
                code,
            )
    _info(ET.SubElement(study, "stdyInfo"), of)
    method = ET.SubElement(study, "method")
    collected = ET.SubElement(method, "dataColl")
    design = of.taken.definition.design
    _texts(collected, "sampProc", _all(wording.DESIGNS[design.kind]))
    _texts(collected, "sampProc", design.description)
    ways = of.answers.column("@channel")
    assert isinstance(ways, Coded)  # noqa: S101 - the frame makes it so
    for channel in ways.points:
        _texts(collected, "collMode", _all(wording.CHANNELS[channel]))
    for name in of.weights:
        for code in languages():
            _text(collected, "weight", locale_of(code).gettext(WEIGHTS_NAMED, name=name), code)
    for code in languages():
        _text(collected, "cleanOps", rule.said(of.answers.left, locale_of(code)), code)


def _info(info: ET.Element, of: Described) -> None:
    definition, snapshot = of.taken.definition, of.answers.snapshot
    _texts(info, "abstract", definition.summary)
    summary = ET.SubElement(info, "sumDscr")
    for event, day in (("start", snapshot.first_day), ("end", snapshot.last_day)):
        if day is not None:
            _text(summary, "collDate", day.isoformat(), event=event, date=day.isoformat())
    _texts(summary, "anlyUnit", _all(RESPONDENT))
    if definition.design.population:
        _text(summary, "universe", str(definition.design.population))
    _text(summary, "dataKind", "survey data", "en")


def _variable(into: ET.Element, of: Variable, answers: Frame) -> None:
    """One var, its parts in the order of the schema."""
    field = of.field
    interval = "contin" if of.measure == "scale" and of.storage != "text" else "discrete"
    made = ET.SubElement(
        into, "var", {"ID": f"V_{NOT_ID.sub('_', field.name)}", "name": field.name, "files": "F1", "intrvl": interval}
    )
    for code in languages():
        _text(made, "labl", field.heading(locale_of(code)), code)
    if field.is_personal:
        _texts(made, "security", _all(N_("Personal data")))
    if field.question is not None:
        asked = ET.SubElement(made, "qstn")
        _texts(asked, "qstnLit", field.question.text)
        _texts(asked, "ivuInstr", getattr(field.question, "hint", {}))
    counts, missing, summary = _figures(of, answers)
    values = list(getattr(field.question, "values", ())) if field.kind == "scale" else []
    if values:
        ET.SubElement(
            ET.SubElement(made, "valrng"), "range", {"UNITS": "INT", "min": str(values[0]), "max": str(values[-1])}
        )
    if of.outside:
        invalid = ET.SubElement(made, "invalrng")
        for code in of.outside:
            ET.SubElement(invalid, "item", {"UNITS": "INT", "VALUE": code})
    for name, value in summary.items():
        _text(made, "sumStat", value, type=name)
    labels = dict(field.labels or {}) | {str(value): (field.labels or {}).get(str(value), {}) for value in values}
    if field.kind == "option":
        labels = {str(value): text for value, text in of.labels.items()}
    for code, words in labels.items():
        if code not in of.outside:
            _category(made, code, words, counts.get(code))
    for code, kind in of.outside.items():
        _category(made, code, labels[code], missing.get(kind), kind)
    if field.question is not None and field.kind != "text":
        _category(made, sheet.SKIPPED, _all(KIND_WORDS["skipped"]), missing.get("skipped"), "skipped")
        _category(made, "", _all(KIND_WORDS["not_asked"]), missing.get("not_asked"), "not_asked")
    if concept := getattr(field.question, "concept", None):
        _text(made, "concept", concept)
    is_number = not of.numbers and of.storage in ("integer", "number")
    ET.SubElement(made, "varFormat", {"type": "numeric" if is_number else "character", "schema": "other"})


def _category(into: ET.Element, code: str, words: Text, count: int | None, kind: str = "") -> None:
    made = ET.SubElement(into, "catgry", {"missing": "Y", "missType": kind} if kind else {})
    _text(made, "catValu", code)
    _texts(made, "labl", words)
    if count is not None:
        _text(made, "catStat", str(count), type="freq")


def _figures(of: Variable, answers: Frame) -> tuple[dict[str, int], dict[str, int], dict[str, str]]:
    """Code -> count, kind of no answer -> count, and what sums the column up."""
    field = of.field
    if field.question is None or field.part.startswith("."):
        return {}, {}, {}
    row, _, option = field.part.rpartition(".")
    key = field.name if field.kind != "option" else ".".join(filter(None, (field.question.key, row)))
    if key not in answers.variables:
        return {}, {}, {}
    column = answers.column(key)
    if isinstance(column, Coded):
        seen = np.bincount(column.codes, minlength=1)
        counts = {point: int(seen[n]) if n < len(seen) else 0 for n, point in enumerate(column.points)}
        missing = {kind: int(seen[n]) if n < len(seen) else 0 for kind, n in column.missing.items()}
        return counts, missing, _valid(sum(counts.values()), answers.n)
    missing = _missing(column, answers.n)
    valid = answers.n - sum(missing.values())
    if isinstance(column, Masked):
        chosen = int(column.chosen(column.points.index(option)).sum()) if option in column.points else 0
        return {"1": chosen, "0": valid - chosen}, missing, _valid(valid, answers.n)
    values = column.values[column.status == 0]
    summary = _valid(valid, answers.n)
    if len(values):
        found = {"mean": values.mean(), "min": values.min(), "max": values.max()}
        summary |= {name: f"{float(value):.10g}" for name, value in found.items()}
    return {}, missing, summary


def _missing(column: Masked | Measured, n: int) -> dict[str, int]:
    from_status = np.bincount(column.status, minlength=len(KIND_WORDS) + 1)
    return {kind: int(from_status[place + 1]) for place, kind in enumerate(KIND_WORDS)} if n else {}


def _valid(valid: int, n: int) -> dict[str, str]:
    return {"vald": str(valid), "invd": str(n - valid)}


def _all(message: str) -> Text:
    return {code: locale_of(code).gettext(message) for code in languages()}


def _below(into: ET.Element, *names: str) -> ET.Element:
    for name in names:
        into = ET.SubElement(into, name)
    return into


def _texts(into: ET.Element, name: str, words: Mapping[str, str]) -> None:
    for code, text in words.items():
        if text:
            _text(into, name, text, code)


def _text(into: ET.Element, name: str, words: str, language: str = "", **attributes: str) -> None:
    made = ET.SubElement(into, name, {**({XML_LANG: language} if language else {}), **attributes})
    made.text = NOT_XML.sub("", words)
