"""What the forms of the editor ask for: derived from the structs of the format, put in an order that makes sense.

A new field of the format appears in its form by itself, under its own name until LABELS gives it a better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from msgspec import inspect

from consult.errors import N_
from consult.surveys.definition import schema as d

Kind: TypeAlias = Literal[
    "text", "long", "flag", "whole", "number", "plain", "name", "choice", "items", "labels", "image", "rules",
    "condition", "words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. kind says how it is asked; low, high, pattern, longest what it takes."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None
    pattern: str = ""
    longest: int = 0
    may_be_empty: bool = True


TYPES: dict[str, str] = {
    "single": N_("One of several answers"),
    "multiple": N_("Several answers"),
    "scale": N_("Scale"),
    "smiley": N_("Faces"),
    "nps": N_("Recommendation, 0 to 10"),
    "matrix_scale": N_("Table of scales"),
    "matrix_single": N_("Table, one answer in each row"),
    "matrix_multiple": N_("Table, several answers in each row"),
    "ranking": N_("Put in order"),
    "allocation": N_("Share out points"),
    "number": N_("Number"),
    "text": N_("Written answer"),
    "email": N_("E-mail address"),
    "phone": N_("Telephone number"),
    "date": N_("Date"),
    "time": N_("Time"),
    "date_range": N_("From one date to another"),
    "file": N_("File"),
    "photo": N_("Photo"),
    "place": N_("Place"),
    "consent": N_("Consent"),
    "information": N_("Paragraph without an answer"),
    "calculated": N_("Calculated value"),
    "hidden": N_("Value from the link"),
}
LABELS: dict[str, str] = {
    "text": N_("Question"),
    "hint": N_("Hint under the question"),
    "help": N_("Longer explanation, folded away"),
    "required": N_("Must be answered"),
    "options": N_("Answers"),
    "rows": N_("Rows"),
    "outside": N_("Answers beside the scale, such as “Don’t know”"),
    "labels": N_("Words for each point"),
    "points": N_("Number of points"),
    "first": N_("First number of the scale"),
    "low": N_("Words at the low end"),
    "high": N_("Words at the high end"),
    "measure": N_("What the scale measures"),
    "reversed": N_("The low end is the better one"),
    "order": N_("Order"),
    "min": N_("Smallest value"),
    "max": N_("Greatest value"),
    "unit": N_("Unit"),
    "decimals": N_("Decimal places"),
    "top": N_("How many are put in order (empty: all)"),
    "total": N_("Points to share out"),
    "long": N_("Large field for several sentences"),
    "min_length": N_("Least number of characters"),
    "max_length": N_("Greatest number of characters"),
    "earliest": N_("Earliest date"),
    "latest": N_("Latest date"),
    "kinds": N_("Endings of files that are taken, with blanks between them"),
    "max_mib": N_("Largest size in MiB"),
    "coordinates": N_("Ask for coordinates instead of a settlement"),
    "agree": N_("Words beside the box"),
    "value": N_("Formula"),
    "parameter": N_("Name of the value in the link"),
    "key": N_("Key"),
    "concept": N_("Concept, the same in all waves"),
    "sensitive": N_("Sensitive: results are shown for large groups only"),
    "public": N_("Results may be published"),
    "image": N_("Picture"),
    "rules": N_("Rules of your own"),
    "title": N_("Title"),
    "summary": N_("Summary for the list of surveys"),
    "intro": N_("Introduction"),
    "thanks": N_("Words of thanks at the end"),
    "source": N_("Where the questions come from"),
    "screen_out": N_("This page ends the survey with the words"),
    "mode": N_("What is kept about who answers"),
    "minutes": N_("Minutes it takes"),
    "review": N_("Show all answers on one page before sending"),
    "resume": N_("Let people go on later by a link sent by e-mail"),
    "editable": N_("Let people change what they sent until the survey closes"),
}
SPECIAL: dict[tuple[str, str], str] = {
    ("multiple", "min"): N_("At least so many answers"),
    ("multiple", "max"): N_("At most so many answers"),
    ("information", "text"): N_("Paragraph"),
    ("calculated", "text"): N_("What the value is called"),
    ("hidden", "text"): N_("What the value is called"),
    ("survey", "order"): N_("Order of the pages"),
    ("matrix_single", "options"): N_("Columns"),
    ("matrix_multiple", "options"): N_("Columns"),
}
HINTS: dict[str, str] = {
    "key": N_("Small letters a to z, digits and _. It names the question in conditions and in data files."),
    "points": N_("From 2 to 11."),
    "concept": N_("A permanent name, so that surveys and waves can be compared."),
}
WORDS: dict[str, str] = {
    "none": N_("Nothing in particular"),
    "satisfaction": N_("Satisfaction"),
    "agreement": N_("Agreement"),
    "importance": N_("Importance"),
    "effort": N_("Effort"),
    "quality": N_("Quality"),
    "likelihood": N_("Likelihood"),
    "fixed": N_("As written here"),
    "random": N_("By chance, anew for each person"),
    "anonymous": N_("Nothing: anonymous, the day only"),
    "confidential": N_("Exact time and invitation, never shown in results"),
    "identified": N_("Answers belong to a known person"),
    "open": N_("Whoever wants to"),
    "sample": N_("A sample drawn by chance"),
    "census": N_("Everybody concerned"),
}
LONG = frozenset({"help", "summary", "intro", "thanks", "source", "screen_out"})
MAIN = (
    "text", "hint", "agree", "options", "rows", "points", "first", "labels", "low", "high", "outside", "min", "max",
    "top", "total", "unit", "decimals", "long", "min_length", "max_length", "earliest", "latest", "kinds", "max_mib",
    "coordinates", "value", "parameter", "required",
)  # fmt: skip
MORE = ("help", "order", "measure", "reversed", "image", "rules", "sensitive", "public", "concept", "key")
APART = frozenset({"show_if", "type", "questions", "pages", "consult", "languages", "design", "results", "quotas"})


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a part: those that one sees at once, and those for finer points."""

    main: tuple[Field, ...]
    more: tuple[Field, ...]

    @property
    def all(self) -> tuple[Field, ...]:
        return (*self.main, *self.more)

    @property
    def runs(self) -> list[list[Field]]:
        """The main fields, with numbers that follow each other together: they stand in one line."""
        found: list[list[Field]] = []
        for one in self.main:
            is_number = one.kind in ("whole", "number")
            if is_number and found and found[-1][-1].kind in ("whole", "number"):
                found[-1].append(one)
            else:
                found.append([one])
        return found


@lru_cache(maxsize=64)
def form_of(cls: type[Any], word: str) -> Form:
    """The form of a struct; word: the type of a question, `page` or `survey`."""
    known: Any = inspect.type_info(cls)
    made = {spec.encode_name: _field(spec, word) for spec in known.fields if spec.encode_name not in APART}
    if word == "page":
        return Form(_some(made, ("title", "intro")), _some(made, ("screen_out", "key")))
    if word == "survey":
        return Form(
            _some(made, ("title", "summary", "intro", "thanks", "source")),
            _some(made, ("mode", "minutes", "order", "review", "resume", "editable")),
        )
    rest = tuple(name for name in made if name not in MAIN and name not in MORE)
    return Form(_some(made, MAIN), _some(made, (*rest, *MORE)))


def _some(made: dict[str, Field], names: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(made[name] for name in names if name in made)


def _field(spec: inspect.Field, word: str) -> Field:
    name = spec.encode_name
    label = SPECIAL.get((word, name)) or LABELS.get(name, name)
    wanted: Any = spec.type
    may_be_empty = not spec.required
    while isinstance(wanted, inspect.Metadata | inspect.UnionType):
        if isinstance(wanted, inspect.UnionType):
            may_be_empty = True
            wanted = next(one for one in wanted.types if not isinstance(one, inspect.NoneType))
        else:
            wanted = wanted.type
    made: dict[str, Any] = {"name": name, "label": label, "hint": HINTS.get(name, ""), "may_be_empty": may_be_empty}
    match wanted:
        case inspect.DictType():
            made["kind"] = "long" if name in LONG or word == "information" else "text"
        case inspect.BoolType():
            made["kind"] = "flag"
        case inspect.IntType() | inspect.FloatType():
            made["kind"] = "whole" if isinstance(wanted, inspect.IntType) else "number"
            made |= {"low": wanted.ge, "high": wanted.le}
        case inspect.LiteralType():
            made["kind"] = "choice"
            made["choices"] = tuple((str(one), WORDS.get(str(one), str(one))) for one in wanted.values)
        case inspect.VarTupleType(item_type=item):
            made["kind"] = _items(item, name)
        case inspect.StructType():
            made["kind"] = "image"
        case inspect.StrType():
            made["kind"] = "condition" if name == "value" else "name" if name == "key" else "plain"
            made |= {"pattern": wanted.pattern or "", "longest": wanted.max_length or 200}
    return Field(**made)


def _items(item: Any, name: str) -> Kind:
    if name == "labels":
        return "labels"
    if name == "rules":
        return "rules"
    return "words" if isinstance(item, inspect.StrType) else "items"


def tag_of(question: d.BaseQuestion) -> str:
    return str(question.__struct_config__.tag)


def form_for(part: d.Definition | d.Page | d.AnyQuestion) -> Form:
    if isinstance(part, d.Definition):
        return form_of(d.Definition, "survey")
    return form_of(d.Page, "page") if isinstance(part, d.Page) else form_of(type(part), tag_of(part))
