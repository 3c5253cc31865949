"""Groups with the appearance table-list as matrix questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consult.errors import N_
from consult.exchange.assembling import Draft, Texts
from consult.exchange.names import Names, key_of
from consult.exchange.report import Place
from consult.exchange.xlsform_choices import ChoiceList, labels, outside
from consult.exchange.xlsform_questions import Builder, kind_of
from consult.exchange.xlsform_sheets import Line
from consult.surveys.definition import schema as d

MATRIX_SELECTS = ("select_one", "select_multiple")
SOME_REQUIRED = N_("Rows of a matrix are required together or not at all. They are not required now.")
NO_ROW = N_("A row of a matrix has no such thing here.")
NOT_IN_ROWS = ("constraint", "calculation", "default", "choice_filter", "parameters")


def matrix_of(
    head: Line, members: Sequence[Line], key: str, choices: ChoiceList, texts: Texts, builder: Builder, *,
    conditions: Sequence[tuple[str, Place]],
) -> Draft:  # fmt: skip
    rows, taken = Names(), dict[str, str]()
    prefix = f"{head.get('name')}_"
    is_prefixed = all(member.get("name").startswith(prefix) for member in members)
    made, row_conditions = [], []
    for member in members:
        name = member.get("name")
        code = rows.take(key_of(name.removeprefix(prefix) if is_prefixed else name))
        taken[name] = code
        made.append(d.Row(code=code, text=texts.of(member, "label")))
        written = member.get("relevant")
        row_conditions.append([(written, member.at("relevant"))] if written else [])
        for column in NOT_IN_ROWS:
            if member.get(column):
                builder.report.add(member.at(column), member.get(column), NO_ROW)
        if member.texts.get("hint"):
            builder.report.add(member.at("hint"), next(iter(member.texts["hint"].values())), NO_ROW)
    required = [builder.required(member) for member in members]
    if any(required) and not all(required):
        builder.report.add(head.at("required"), head.get("name"), SOME_REQUIRED)
    common: dict[str, Any] = {
        "key": key,
        "text": texts.of(head, "label"),
        "hint": texts.of(head, "hint"),
        "required": all(required),
        "rows": tuple(made),
    }
    values = choices.scale
    is_multiple = kind_of(members[0].get("type")).name == "select_multiple"
    question: d.AnyQuestion
    if not is_multiple and values is not None and "likert" in head.get("appearance").split():
        question = d.MatrixScale(
            **common, points=len(values), first=values.start, outside=outside(choices),
            **labels(choices),
        )  # fmt: skip
    elif is_multiple:
        question = d.MatrixMultiple(**common, options=choices.options)
    else:
        question = d.MatrixSingle(**common, options=choices.options)
    return Draft(
        question,
        head.place,
        list(conditions),
        name=head.get("name"),
        codes=choices.codes,
        choices=choices,
        row_names=taken,
        row_conditions=row_conditions,
        text=common["text"],
        hint=common["hint"],
    )
