"""The data dictionary: what columns and codes mean, and what they are called in SPSS and Stata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from consult.errors import N_
from consult.i18n import Locale, pick
from consult.results import sheet
from consult.results.formats.names import spss_names, stata_names
from consult.results.formats.plain import BOM
from consult.results.formats.plain import lines as csv_lines
from consult.results.formats.spss import missing_values
from consult.results.formats.stata import letter_of
from consult.results.formats.typed import Variable, variable
from consult.results.formats.workbook import Workbook
from consult.surveys.definition.schema import AnyQuestion, Definition
from consult.surveys.responses.flags import ALL, NAMES, REASONS

HEAD = (
    N_("Column"), N_("Question"), N_("Kind"), N_("Code"), N_("Meaning"), N_("No answer"), N_("Personal data"),
    N_("Order"), N_("Name in SPSS"), N_("Value in SPSS"), N_("Name in Stata"), N_("Value in Stata"),
)  # fmt: skip
Line = tuple[str, ...]


def lines(definition: Definition, locale: Locale, columns: Sequence[sheet.Field] | None = None) -> Iterator[Line]:
    """A head, then for each column and code: column, question, kind, code, meaning, why it is no answer, whether it
    may name a person, whether options were in random order, and its names and values in SPSS and Stata."""
    found = sheet.fields(definition) if columns is None else columns
    spss, stata = spss_names(field.name for field in found), stata_names(field.name for field in found)
    yield tuple(locale.gettext(word) for word in HEAD)
    for field in found:
        named = (spss[field.name], "", stata[field.name], "")
        is_random = getattr(field.question, "order", "fixed") == "random"
        tail = (
            locale.gettext(N_("yes")) if field.is_personal else "",
            locale.gettext(N_("random, by the variant")) if is_random else "",
        )
        kind = locale.gettext(sheet.KINDS[field.kind])
        if field.kind == "fact":
            yield (field.name, locale.gettext(sheet.FACT_WORDS[field.name]), kind, "", "", "", *tail, *named)
            yield from _flags(field, locale)
            continue
        words = " – ".join(pick(text, locale.code, locale.order)[0] for text in field.about)
        yield from _column(variable(field), words, kind, tail, named, locale)
    blank = ("",) * 4
    yield (
        *blank,
        locale.gettext(N_("An empty cell: the question was not asked.")),
        "not_asked",
        "",
        "",
        "",
        ".",
        "",
        ".a",
    )
    skipped = locale.gettext(N_("Asked, and left without an answer."))
    yield ("", "", "", sheet.SKIPPED, skipped, "skipped", "", "", "", "-9", "", letter_of("skipped"))


def _column(
    of: Variable, words: str, kind: str, tail: tuple[str, str], named: tuple[str, ...], locale: Locale
) -> Iterator[Line]:
    field = of.field
    first: Line = (field.name, words, kind)
    users, missing = missing_values(of), _missing(field.question)
    for code, text in (field.labels or {}).items():
        why = missing.get(code, "")
        number = str(users[why]) if why in users else str(of.numbers.get(code, code))
        values = (named[0], number, named[2], letter_of(why) if why else number)
        yield (*first, code, pick(text, locale.code, locale.order)[0], why, *tail, *values)
        first, tail, named = (field.name, "", ""), ("", ""), ("", "", "", "")
    if not field.labels:
        yield (*first, "", "", "", *tail, *named)


def _flags(field: sheet.Field, locale: Locale) -> Iterator[Line]:
    if field.name == "_flags":
        for flag in ALL:
            meaning = f"{locale.gettext(NAMES[flag])}: {locale.gettext(REASONS[flag])}"
            yield (field.name, "", "", flag, meaning, *("",) * 7)


def _missing(question: AnyQuestion | None) -> dict[str, str]:
    options = (*getattr(question, "options", ()), *getattr(question, "outside", ()))
    return {option.code: option.missing for option in options if option.missing}


def as_csv(definition: Definition, locale: Locale) -> bytes:
    return BOM + csv_lines(lines(definition, locale))


def as_xlsx(definition: Definition, locale: Locale, path: Path) -> None:
    head, *rows = lines(definition, locale)
    book = Workbook(path)
    book.sheet(locale.gettext("Codebook"), head, width=24, is_read=True)
    book.rows(rows)
    book.close()
