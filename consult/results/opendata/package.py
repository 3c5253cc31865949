"""The open-data package: a ZIP with protected tables as CSV and JSON-stat, dictionaries and READMEs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from consult.analysis.disclosure.cellkey import lookup_table
from consult.errors import N_
from consult.i18n import Locale, languages, pick
from consult.i18n import locale as locale_of
from consult.results import rule, sheet
from consult.results.formats import dictionary
from consult.results.formats.plain import BOM, lines
from consult.results.opendata.jsonstat import TOTAL, dataset
from consult.results.opendata.protected import BASE, Protected
from consult.results.opendata.queries import OpenData
from consult.results.queries import published

STATE = N_("State of the answers: %(snapshot)s, %(day)s.")
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same in every package, so that the same tables give the same bytes."""
HIDDEN_NOTE = N_("Figures of fewer than five people (ten in sensitive questions) are hidden, and others with them, so that none can be computed from totals.")  # fmt: skip  # noqa: E501
ROUNDED_NOTE = N_("All figures are rounded at random to multiples of %(base)s, the same cell always alike. Rounded figures do not add up to rounded totals.")  # fmt: skip  # noqa: E501
COUNTS_NOTE = N_("They are counts of people who answered, without weights. They say nothing certain about all residents unless a sample is declared.")  # fmt: skip  # noqa: E501
TABLES = N_("a CSV file for each question, and for each question by each group")
JSON_STAT = N_("the same figures as JSON-stat 2.0; what is hidden has no value")
DICTIONARY = N_("the questions and what their codes mean")
ROUNDING = N_("the table that the rounding is read from")


def notes(found: OpenData, locale: Locale) -> tuple[str, ...]:
    """How the figures came about, a sentence each."""
    return (
        locale.gettext(HIDDEN_NOTE),
        locale.gettext(ROUNDED_NOTE, base=BASE),
        locale.gettext(COUNTS_NOTE),
        rule.said(found.answers.left, locale),
    )


def title_of(found: OpenData, locale: Locale) -> str:
    return pick(found.answers.definition.title, locale.code, locale.order)[0]


def package(found: OpenData) -> bytes:
    """The whole ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(found):
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def _files(found: OpenData) -> Iterator[tuple[str, bytes]]:
    shown = {question.key for question in published(found.answers.definition)}
    columns = [
        field
        for field in sheet.fields(found.answers.definition)
        if field.question is not None and field.question.key in shown and not field.is_personal
    ]
    for code in languages():
        locale = locale_of(code)
        yield f"README-{code}.txt", _readme(found, locale).encode()
        yield f"dictionary-{code}.csv", BOM + lines(dictionary.lines(found.answers.definition, locale, columns))
    yield "rounding.csv", lines(_rounding())
    for name, table in found.tables.items():
        yield f"tables/{name}.csv", lines(_lines(table))
        for code in languages():
            locale = locale_of(code)
            made = described(found, table, locale)
            yield f"json-stat/{code}/{name}.json", msgspec.json.format(msgspec.json.encode(made), indent=1)


def described(found: OpenData, table: Protected, locale: Locale) -> dict[str, Any]:
    """One table as JSON-stat, with where it comes from and how it was protected."""
    source = pick(found.source, locale.code, locale.order)[0]
    at = found.answers.snapshot.taken_at
    return dataset(table, locale, updated=at, source=source, notes=notes(found, locale))


def _rounding() -> Iterator[list[sheet.Cell]]:
    yield ["residue", "from_key", "to_key", "change"]
    for line in lookup_table(BASE):
        yield [line.residue, line.from_key, line.to_key, line.change]


def _lines(table: Protected) -> Iterator[list[sheet.Cell]]:
    """A line per figure: group and answer by code and in words, count and share; empty and marked where hidden."""
    spoken = languages()
    yield [
        "group", *(f"group_{code}" for code in spoken), "answer", *(f"answer_{code}" for code in spoken),
        "count", "of", "share", "status",
    ]  # fmt: skip
    groups: list[tuple[str, tuple[int | None, ...], int | None]] = []
    if table.groups is None:
        groups.append(("", table.cells[0], table.totals[0]))
    else:
        groups += [
            (code, cells, total)
            for code, cells, total in zip(table.groups.codes, table.cells, table.totals, strict=True)
        ]
        groups.append((TOTAL, table.answers_of_all, table.all))
    for group, cells, total in groups:
        about = _words(table, group, is_group=True)
        for code, count in zip((*table.answers.codes, TOTAL), (*cells, total), strict=True):
            answer = _words(table, code, is_group=False)
            yield [group, *about, code, *answer, *_figure(count, total)]


def _figure(count: int | None, total: int | None) -> list[sheet.Cell]:
    if count is None:
        return ["", "" if total is None else total, "", "hidden"]
    share = "" if not total else round(min(count / total, 1.0), 4)
    return [count, "" if total is None else total, share, ""]


def _words(table: Protected, code: str, *, is_group: bool) -> list[str]:
    one = table.groups if is_group else table.answers
    if one is None or not code:
        return [""] * len(languages())
    if code == TOTAL:
        return [locale_of(lang).gettext("All") for lang in languages()]
    words = one.labels[one.codes.index(code)]
    return [words.get(lang, code) for lang in languages()]


def _readme(found: OpenData, locale: Locale) -> str:
    snapshot = found.answers.snapshot
    parts = [
        title_of(found, locale),
        pick(found.source, locale.code, locale.order)[0],
        "",
        locale.gettext("Open data: protected tables of the published questions. They hold no single answers."),
        locale.gettext(STATE, snapshot=snapshot.key, day=locale.date(snapshot.taken_at)),
        locale.ngettext("%(num)s answer", "%(num)s answers", found.answers.n) + ".",
        "",
        *notes(found, locale),
        "",
        f"tables/: {locale.gettext(TABLES)}",
        f"json-stat/: {locale.gettext(JSON_STAT)}",
        f"dictionary-*.csv: {locale.gettext(DICTIONARY)}",
        f"rounding.csv: {locale.gettext(ROUNDING)}",
        "",
    ]  # fmt: skip
    return "\r\n".join(parts)
