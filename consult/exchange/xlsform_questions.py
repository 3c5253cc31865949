"""One row of the sheet `survey` as a question here, without its conditions and rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.errors import N_
from consult.exchange.report import Report
from consult.exchange.xlsform_choices import MEDIA, MEDIA_ADVICE, ChoiceList, labels, other_option, outside
from consult.exchange.xlsform_sheets import Line
from consult.surveys.definition import schema as d

UNSUPPORTED = N_("There is no such type of question here.")
ASK_OTHERWISE = N_("Ask it in another way, or leave it out.")
METADATA = N_("Such data about the device or the time are never collected here.")
FROM_FILE = N_("The answers stand in another file, which was not given.")
TYPE_IN = N_("Write the answers into the question in the editor.")
NO_LIST = N_("There is no such list on the sheet “choices”.")
DAY_ONLY = N_("Only the day is asked here, not the time of day.")
ADD_TIME = N_("Add a question of type “time” if it matters.")
STEPS = N_("The steps of this range cannot be kept; any number between its ends can be given.")
LOOK = N_("How a question looks follows from its type here.")
PREFILLED = N_("Answers are never filled in beforehand here.")
OWN_WORDS = N_("The platform has its own sentence for this in every language.")
NO_COLUMN = N_("This column has no counterpart here.")
FILTER = N_("The choice is not filtered here: all answers are shown.")
FILTER_ADVICE = N_("Give the single answers conditions in the editor.")
WHEN_REQUIRED = N_("Whether an answer is required cannot depend on other answers here. It is not required now.")
NO_PARAMETER = N_("This setting of the question has no counterpart here.")
NO_OTHER_LABEL = N_("“Other” has no text in some languages.")

DEVICE = frozenset(
    {"start", "end", "today", "deviceid", "device_id", "username", "phonenumber", "phone_number", "email", "audit",
     "subscriberid", "subscriber_id", "simserial", "sim_serial", "start-geopoint", "background-geopoint",
     "background-audio", "uri:deviceid"}
)  # fmt: skip
SYNONYMS = {
    "string": "text", "int": "integer", "select1": "select_one", "select": "select_multiple", "photo": "image",
    "trigger": "acknowledge", "location": "geopoint", "datetime": "dateTime", "dateTime": "dateTime",
    "select one": "select_one", "select multiple": "select_multiple", "select_all_that_apply": "select_multiple",
    "odk:rank": "rank", "add select one prompt using": "select_one",
}  # fmt: skip
SELECTS = ("select_one", "select_multiple", "rank")
FILES = ("select_one_from_file", "select_multiple_from_file", "select_one_external", "select_multiple_external")
HONOURED = frozenset({"likert", "multiline", "minimal", "table-list", "field-list", "quick", "no-calendar"})
HANDLED = frozenset(
    {"type", "name", "relevant", "constraint", "calculation", "required", "appearance", "default", "choice_filter",
     "parameters", "read_only", "repeat_count", "label", "hint", "guidance_hint", "constraint_message"}
)  # fmt: skip
# Columns in which designers keep remarks for themselves.
REMARKS = frozenset({"note", "notes", "comment", "comments", "#"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What a cell of the column `type` says."""

    name: str
    list_name: str = ""
    or_other: bool = False


def kind_of(written: str) -> Kind:
    words = written.split()
    for end in ("or_other", "or specify other"):
        if written.strip().endswith(end) and len(words) > 2:
            inner = kind_of(written.strip()[: -len(end)])
            return Kind(inner.name, inner.list_name, True)
    for length in (2, 1):
        first = " ".join(words[:length])
        name = SYNONYMS.get(first, SYNONYMS.get(first.lower(), first if length == 1 else ""))
        if name and (name in SELECTS or name in FILES or name == "rank") and len(words) > length:
            return Kind(name, " ".join(words[length:]))
    return Kind(SYNONYMS.get(written.strip(), SYNONYMS.get(written.strip().lower(), written.strip())))


def parameters_of(line: Line) -> dict[str, str]:
    pairs = line.get("parameters").replace(";", " ").replace(",", " ").split()
    return {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in pairs) if value}


class Builder:
    """Builds questions; what a row says beyond that goes into the report."""

    def __init__(self, lists: Mapping[str, ChoiceList], languages: Sequence[str], report: Report) -> None:
        self.lists, self.languages, self.report = lists, languages, report

    def question(self, line: Line, key: str) -> d.AnyQuestion | None:
        kind = kind_of(line.get("type"))
        if kind.name in DEVICE:
            self.report.add(line.at("type"), line.get("type"), METADATA)
            return None
        if kind.name in FILES:
            self.report.add(line.at("type"), line.get("type"), FROM_FILE, TYPE_IN)
            return None
        build = BUILDERS.get(kind.name)
        if build is None:
            self.report.add(line.at("type"), line.get("type"), UNSUPPORTED, ASK_OTHERWISE)
            return None
        choices = self.lists.get(kind.list_name)
        if kind.name in SELECTS and choices is None:
            self.report.add(line.at("type"), line.get("type"), NO_LIST, TYPE_IN)
            return None
        if choices is not None and kind.or_other:
            if not all(language in other_option(self.languages).text for language in self.languages):
                self.report.add(line.at("type"), line.get("type"), NO_OTHER_LABEL, TYPE_IN)
            options = tuple(option for option in choices.options if option.code != "other")
            choices = ChoiceList((*options, other_option(self.languages)), {**choices.codes, "other": "other"})
        self.leftovers(line, kind)
        return build(self, line, key, choices or ChoiceList((), {}))

    def common(self, line: Line, key: str) -> dict[str, Any]:
        return {
            "key": key,
            "text": dict(line.texts.get("label", {})),
            "hint": dict(line.texts.get("hint", {})),
            "help": dict(line.texts.get("guidance_hint", {})),
            "required": self.required(line),
        }

    def required(self, line: Line) -> bool:
        written = line.get("required").lower().replace(" ", "")
        if written in ("yes", "true", "true()", "1"):
            return True
        if written not in ("", "no", "false", "false()", "0"):
            self.report.add(line.at("required"), line.get("required"), WHEN_REQUIRED)
        return False

    def leftovers(self, line: Line, kind: Kind) -> None:
        """All that a row says and that has no place in a question here."""
        add = self.report.add
        for column, text in line.texts.items():
            if column.startswith("media::"):
                add(line.at(column), next(iter(text.values())), MEDIA, MEDIA_ADVICE)
            elif column == "required_message":
                add(line.at(column), next(iter(text.values())), OWN_WORDS)
        for column, said in line.cells.items():
            if column == "default":
                add(line.at(column), said, PREFILLED)
            elif column == "choice_filter":
                add(line.at(column), said, FILTER, FILTER_ADVICE)
            elif column == "read_only" and said.lower() in ("yes", "true", "true()"):
                add(line.at(column), said, NO_COLUMN)
            elif column == "calculation" and kind.name != "calculate":
                add(line.at(column), said, PREFILLED)
            elif column not in HANDLED | REMARKS and column not in ("disabled",):
                add(line.at(column), said, NO_COLUMN)
        strange = [word for word in line.get("appearance").split() if word not in HONOURED]
        if strange:
            add(line.at("appearance"), " ".join(strange), LOOK)
        taken = {"range": {"start", "end", "step"}}.get(kind.name, {"randomize"} if kind.name in SELECTS else set())
        for name, value in parameters_of(line).items():
            if name not in taken:
                add(line.at("parameters"), f"{name}={value}", NO_PARAMETER)

    def single(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        values = choices.scale
        if "likert" in line.get("appearance").split() and values is not None:
            return d.Scale(
                **self.common(line, key), points=len(values), first=values.start, outside=outside(choices),
                **labels(choices),
            )  # fmt: skip
        return d.Single(**self.common(line, key), options=choices.options, order=order_of(line))

    def multiple(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Multiple(**self.common(line, key), options=choices.options, order=order_of(line))

    def rank(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Ranking(**self.common(line, key), options=choices.options, order=order_of(line))

    def free(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Free(**self.common(line, key), long="multiline" in line.get("appearance").split())

    def integer(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Number(**self.common(line, key))

    def decimal(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Number(**self.common(line, key), decimals=6)

    def range(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        given = parameters_of(line)
        try:
            low, high = float(given.get("start", "1")), float(given.get("end", "10"))
            step = float(given.get("step", "1"))
        except ValueError:
            low, high, step = 1.0, 10.0, 1.0
        whole = low.is_integer() and step == 1.0
        if not whole:
            self.report.add(line.at("parameters"), line.get("parameters"), STEPS)
        return d.Number(**self.common(line, key), min=low, max=high, decimals=0 if whole else 6)

    def date(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        if line.get("type").lower() == "datetime":
            self.report.add(line.at("type"), line.get("type"), DAY_ONLY, ADD_TIME)
        return d.Date(**self.common(line, key))

    def information(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        hint = line.texts.get("hint", {})
        text = {name: "\n\n".join(p for p in (said, hint.get(name, "")) if p)
                for name, said in line.texts.get("label", {}).items()}  # fmt: skip
        return d.Information(key=key, text=text)

    def hidden(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Hidden(key=key, text=self.named(line), parameter=key)

    def calculated(self, line: Line, key: str, choices: ChoiceList) -> d.AnyQuestion:
        return d.Calculated(key=key, text=self.named(line), value="")

    def named(self, line: Line) -> dict[str, str]:
        """Values that nobody sees have no label: their name stands for it."""
        label = line.texts.get("label", {})
        return {language: label.get(language) or line.get("name") for language in self.languages}


def order_of(line: Line) -> d.Order:
    return "random" if parameters_of(line).get("randomize", "").lower() == "true" else "fixed"


def _plain(make: Callable[..., d.AnyQuestion], **more: Any) -> Callable[..., d.AnyQuestion]:
    return lambda self, line, key, choices: make(**self.common(line, key), **more)


BUILDERS: Mapping[str, Callable[[Builder, Line, str, ChoiceList], d.AnyQuestion]] = {
    "select_one": Builder.single,
    "select_multiple": Builder.multiple,
    "rank": Builder.rank,
    "text": Builder.free,
    "integer": Builder.integer,
    "decimal": Builder.decimal,
    "range": Builder.range,
    "date": Builder.date,
    "dateTime": Builder.date,
    "time": _plain(d.Time),
    "geopoint": _plain(d.Place, coordinates=True),
    "image": _plain(d.Photo),
    "file": _plain(d.File),
    "acknowledge": _plain(d.Consent),
    "note": Builder.information,
    "hidden": Builder.hidden,
    "calculate": Builder.calculated,
}
