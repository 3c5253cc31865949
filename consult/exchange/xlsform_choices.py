"""The lists of answers on the sheet `choices`, with codes that are valid here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.errors import N_
from consult.exchange.names import Names, code_of
from consult.exchange.report import Report
from consult.exchange.xlsform_sheets import Line
from consult.surveys.definition import schema as d

RENAMED = N_("Codes here have only a to z, digits, _ and -: %(codes)s.")
RENAMED_ADVICE = N_("Use the new codes where old answers are joined with new ones.")
MEDIA = N_("Pictures and sounds are not in the workbook.")
MEDIA_ADVICE = N_("Upload the picture in the editor and describe it in words.")
EXTRA = N_("Further columns of choices are not kept.")
TWICE = N_("The name is twice in its list.")
KNOWN = frozenset({"list_name", "name", "missing"})
OTHER = {"mk": "Друго", "ka": "სხვა", "en": "Other", "sq": "Tjetër", "tr": "Diğer", "sr": "Друго", "ru": "Другое"}


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """options: what is offered; codes: name in the workbook -> code here."""

    options: tuple[d.Option, ...]
    codes: Mapping[str, str]

    @property
    def scale(self) -> range | None:
        """The values, when the answers that are not missing are whole numbers in a row from 0 or 1."""
        codes = [option.code for option in self.options if option.missing is None]
        if not 2 <= len(codes) <= 11 or not all(code.isdigit() and len(code) <= 2 for code in codes):
            return None
        values = [int(code) for code in codes]
        first = values[0]
        fits = first in (0, 1) and values == list(range(first, first + len(values)))
        return range(first, first + len(values)) if fits and [str(v) for v in values] == codes else None


def choice_lists(lines: Sequence[Line], report: Report) -> dict[str, ChoiceList]:
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        if line.get("list_name"):
            grouped.setdefault(line.get("list_name"), []).append(line)
    extra: dict[str, Line] = {}
    for line in lines:
        for column in line.cells.keys() - KNOWN:
            extra.setdefault(column, line)
    for column, line in sorted(extra.items()):
        report.add(line.at(column), line.get(column), EXTRA)
    return {name: _list(members, report) for name, members in grouped.items()}


def _list(lines: Sequence[Line], report: Report) -> ChoiceList:
    names, codes, options = Names(), dict[str, str](), []
    for line in lines:
        name = line.get("name")
        if name in codes:
            report.add(line.at("name"), name, TWICE)
            continue
        codes[name] = names.take(code_of(name))
        for column in line.texts:
            if column.startswith("media::"):
                report.add(line.at(column), next(iter(line.texts[column].values())), MEDIA, MEDIA_ADVICE)
        options.append(_option(line, codes[name]))
    changed = [f"{there} → {here}" for there, here in codes.items() if there != here]
    if changed:
        report.add(lines[0].at("name"), lines[0].get("list_name"), RENAMED, RENAMED_ADVICE, codes=", ".join(changed))
    return ChoiceList(tuple(options), codes)


def _option(line: Line, code: str) -> d.Option:
    missing = line.get("missing")
    return d.Option(
        code=code,
        text=dict(line.texts.get("label", {})),
        missing="dont_know" if missing == "dont_know" else "refused" if missing == "refused" else None,
    )


def other_option(languages: Sequence[str]) -> d.Option:
    return d.Option(code="other", text={one: OTHER[one] for one in languages if one in OTHER}, other=True)


def outside(choices: ChoiceList) -> tuple[d.Option, ...]:
    return tuple(option for option in choices.options if option.missing is not None)


def labels(choices: ChoiceList) -> dict[str, Any]:
    """low and high when the inner points are labelled by their values only, else a label for each point."""
    points = [option for option in choices.options if option.missing is None]
    inner = points[1:-1]
    if inner and all(set(option.text.values()) <= {option.code} for option in inner):
        return {"low": points[0].text, "high": points[-1].text}
    if len(points) == 2:
        return {"low": points[0].text, "high": points[-1].text}
    return {"labels": tuple(option.text for option in points)}
