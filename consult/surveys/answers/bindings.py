"""Where the answers to a question stand: in the form's fields, and in what conditions see of them.

binder and read_in_browser say the same thing to the server and to conditions.js; a new type is entered in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from consult.surveys.answers.decoders.given import AXES
from consult.surveys.conditions.expression import ANSWERED
from consult.surveys.conditions.terms import variable
from consult.surveys.definition import phones
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import ENDS, day_fields
from consult.surveys.definition.municipality import here


def fields_of(question: d.AnyQuestion) -> tuple[str, ...]:
    """The names under which a form sends the answers to a question."""
    key = question.key
    match question:
        case d.Information() | d.Calculated():
            return ()
        case d.Date():
            return day_fields(key)
        case d.DateRange():
            return tuple(name for end in ENDS for name in day_fields(f"{key}.{end}"))
        case d.File() | d.Photo():
            return (key, f"{key}.file", f"{key}.remove")
        case d.Place(coordinates=True):
            return (key, *(f"{key}.{axis}" for axis in AXES))
    rows: Iterable[d.Row | d.Option] = getattr(question, "rows", ())
    if isinstance(question, d.Ranking | d.Allocation):
        rows = question.options
    if rows:
        return tuple(f"{question.key}.{row.code}" for row in rows)
    if any(option.other for option in getattr(question, "options", ())):
        return (question.key, f"{question.key}.other")
    return (question.key,)


def bindings_of(definition: d.Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What conditions see of stored answers."""
    bindings: dict[str, Any] = {ANSWERED: []}
    for question in definition.questions:
        if variable(question) is not None and question.key in answers:
            binder(question)(answers[question.key], bindings)
    return bindings


def binder(question: d.AnyQuestion) -> Callable[[Any, dict[str, Any]], None]:
    key = question.key

    def plain(value: Any, bindings: dict[str, Any]) -> None:
        if value is not None:
            bindings[key] = value
            bindings[ANSWERED].append(key)

    def number(value: Any, bindings: dict[str, Any]) -> None:
        if value is not None:
            bindings[ANSWERED].append(key)
            if not isinstance(value, str):
                bindings[key] = float(value)

    def matrix(value: Any, bindings: dict[str, Any]) -> None:
        rows: dict[str, Any] = {}
        numeric = isinstance(question, d.MatrixScale | d.Allocation)
        for row, given in (value or {}).items():
            if given is None:
                continue
            bindings[ANSWERED].append(f"{key}.{row}")
            if not numeric:
                rows[row] = given
            elif not isinstance(given, str):
                rows[row] = float(given)
        if rows:
            bindings[key] = rows
        if any(given is not None for given in (value or {}).values()):
            bindings[ANSWERED].append(key)

    def presence(value: Any, bindings: dict[str, Any]) -> None:
        if value is not None:
            bindings[ANSWERED].append(key)

    def calculated(value: Any, bindings: dict[str, Any]) -> None:
        plain(float(value) if isinstance(value, int) and not isinstance(value, bool) else value, bindings)

    if isinstance(question, d.MatrixScale | d.MatrixSingle | d.MatrixMultiple | d.Allocation | d.DateRange):
        return matrix
    if isinstance(question, d.File | d.Photo):
        return presence
    if isinstance(question, d.Calculated):
        return calculated
    return number if isinstance(question, d.Scale | d.Smiley | d.Nps | d.Number) else plain


def read_in_browser(question: d.AnyQuestion) -> dict[str, Any]:
    """How conditions.js reads the fields of a question."""
    match question:
        case d.Multiple():
            other = next((option.code for option in question.options if option.other), None)
            return {"kind": "texts", "codes": [option.code for option in question.options], "other": other}
        case d.Single():
            other = next((option.code for option in question.options if option.other), None)
            return {"kind": "text", "other": other}
        case d.MatrixScale() | d.MatrixSingle():
            item = "number" if isinstance(question, d.MatrixScale) else "text"
            return {"kind": "matrix", "item": item, "rows": [row.code for row in question.rows]}
        case d.MatrixMultiple():
            codes = [option.code for option in question.options]
            return {"kind": "matrix", "item": "texts", "codes": codes, "rows": [row.code for row in question.rows]}
        case d.Ranking():
            return {"kind": "ranking", "codes": [option.code for option in question.options], "top": question.top}
        case d.Allocation():
            return {"kind": "points", "codes": [option.code for option in question.options], "total": question.total}
        case d.Scale() | d.Smiley() | d.Nps() | d.Number():
            return {"kind": "number"}
        case d.Phone():
            plans = {plan.code: {"digits": plan.digits, "begins": plan.begins} for plan in phones.PLANS.values()}
            own = phones.PLANS.get(here().country)
            return {"kind": "phone", "plans": plans, "own": own.code if own else None}
        case d.Date() | d.DateRange() | d.Time() | d.Email() | d.Consent():
            return {"kind": question.__struct_config__.tag}
        case d.File() | d.Photo():
            return {"kind": "file"}
        case d.Hidden():
            return {"kind": "hidden", "codes": [option.code for option in question.options]}
    return {"kind": "text"}
