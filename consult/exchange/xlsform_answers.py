"""One question as rows of an XLSForm: its type, its list of answers and its limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from consult.errors import N_
from consult.exchange.cel import number
from consult.exchange.xlsform_rows import Form, Row
from consult.surveys.definition import schema as d

TEXTS = ("label", "hint", "guidance_hint", "constraint_message")
CELLS = ("required", "relevant", "constraint", "appearance", "parameters", "calculation")
PIPE = re.compile(r"(?<!\$)\$\{([a-z][a-z0-9_.]*)\}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DROPDOWN_FROM = 15

OTHER_TYPE = N_("XLSForm has no such type of question: it is “%(type)s” there.")
TWO_DAYS = N_("XLSForm has no periods: two dates are asked there.")
PARTS = N_("XLSForm has no shares of a whole: each is a number there, and the sum is not checked.")
OTHER_FIELD = N_("The field beside “other” is a question of its own there.")
OUTSIDE = N_("A number has no answers beside it in XLSForm.")
NO_SETTING = N_("This type has no such setting in XLSForm.")

Lost = Callable[..., None]


@dataclass
class Asked:
    """A question while it is written. texts and cells are those of its main row."""

    form: Form
    question: d.AnyQuestion
    path: str
    texts: dict[str, d.Text]
    cells: dict[str, str]
    lost: Lost
    text: Callable[[d.Text, str], d.Text]
    main: Row | None = field(default=None)

    def write(self) -> dict[str, list[str]]:
        """Write its rows; what conditions call it, or each `matrix.row`, there."""
        question = self.question
        if isinstance(question, d.MatrixScale | d.MatrixSingle | d.MatrixMultiple):
            return self.matrix(question)
        names = {question.key: [question.key]}
        match question:
            case d.Single() | d.Multiple() | d.Ranking():
                self.choice(question)
            case d.Scaled() | d.Nps():
                self.scale(question)
            case d.Number():
                for option in question.outside:
                    self.lost(f"{self.path}.outside.{option.code}", option.text, OUTSIDE)
                self.row("integer" if question.decimals == 0 else "decimal")
            case d.Allocation():
                return self.allocation(question)
            case d.DateRange():
                self.lost(f"{self.path}.type", "date_range", TWO_DAYS)
                both = [self.form.name(f"{question.key}_{end}") for end in ("from", "to")]
                for name in both:
                    self.form.add("date", name, self.texts, **self.cells)
                return {question.key: both}
            case _:
                self.simple(question)
        return names

    def row(self, kind: str, **cells: str) -> None:
        self.main = self.form.add(kind, self.question.key, self.texts, **{**self.cells, **cells})

    def simple(self, question: d.AnyQuestion) -> None:
        match question:
            case d.Free():
                self.row("text", appearance="multiline" if question.long else "")
            case d.Email() | d.Phone():
                self.other_type("text")
                self.row("text")
            case d.Place(coordinates=coordinates):
                if not coordinates:
                    self.other_type("text")
                self.row("geopoint" if coordinates else "text")
            case d.Consent():
                if question.agree:
                    self.lost(f"{self.path}.agree", question.agree, NO_SETTING)
                self.row("acknowledge")
            case d.Hidden():
                if question.parameter != question.key or question.options:
                    self.lost(f"{self.path}.parameter", question.parameter, NO_SETTING)
                self.row("hidden")
            case d.File() | d.Photo():
                if question.max_mib != 10 or (isinstance(question, d.File) and question.kinds):
                    self.lost(f"{self.path}.max_mib", question.max_mib, NO_SETTING)
                self.row("file" if isinstance(question, d.File) else "image")
            case d.Date():
                self.row("date")
            case d.Time():
                self.row("time")
            case d.Calculated():
                self.row("calculate")
            case _:
                self.row("note")

    def other_type(self, kind: str) -> None:
        self.lost(f"{self.path}.type", self.question.__struct_config__.tag, OTHER_TYPE, type=kind)

    def choice(self, question: d.Single | d.Multiple | d.Ranking) -> None:
        kind = {d.Single: "select_one", d.Multiple: "select_multiple", d.Ranking: "rank"}[type(question)]
        if isinstance(question, d.Ranking) and question.top is not None:
            self.lost(f"{self.path}.top", question.top, NO_SETTING)
        name = self.form.list_of(question.options, question.key, self.path)
        is_long = isinstance(question, d.Single) and len(question.options) >= DROPDOWN_FROM
        parameters = "randomize=true" if question.order == "random" else ""
        self.row(f"{kind} {name}", appearance="minimal" if is_long else "", parameters=parameters)
        for option in question.options:
            if option.other:
                self.lost(f"{self.path}.options.{option.code}.other", option.text, OTHER_FIELD)
                chosen = f"selected(${{{question.key}}}, '{option.code}')"
                self.form.add("text", self.form.name(f"{question.key}_other"), {"label": option.text}, relevant=chosen)

    def scale(self, question: d.Scaled | d.Nps) -> None:
        if isinstance(question, d.Nps | d.Smiley):
            self.other_type("select_one likert")
        self.scale_settings(question)
        name = self.form.list_of(self.points(question), question.key, self.path)
        self.row(f"select_one {name}", appearance="likert")

    def scale_settings(self, question: d.Scaled | d.Nps) -> None:
        for name, usual in (("measure", "none"), ("reversed", False)):
            said: object = getattr(question, name, usual)
            if said != usual:
                self.lost(f"{self.path}.{name}", said, NO_SETTING)

    def points(self, question: d.Scaled | d.Nps) -> list[d.Option]:
        """Its points as answers: labelled, or their values between the two ends."""
        values = question.values
        languages = question.text.keys()
        labels: Sequence[d.Text] = getattr(question, "labels", ())
        if not labels:
            labels = [dict.fromkeys(languages, str(value)) for value in values]
            labels[0], labels[-1] = question.low or labels[0], question.high or labels[-1]
        options = [d.Option(code=str(v), text=said) for v, said in zip(values, labels, strict=True)]
        return [*options, *question.outside]

    def matrix(self, question: d.MatrixScale | d.MatrixSingle | d.MatrixMultiple) -> dict[str, list[str]]:
        if isinstance(question, d.MatrixScale):
            self.scale_settings(question)
            options: Sequence[d.Option] = self.points(question)
        else:
            options = question.options
        if question.order != "fixed":
            self.lost(f"{self.path}.order", question.order, NO_SETTING)
        for column in ("hint", "guidance_hint"):
            if self.texts[column]:
                self.lost(f"{self.path}.{column}", self.texts[column], NO_SETTING)
        name = self.form.list_of(options, question.key, self.path)
        kind = "select_multiple" if isinstance(question, d.MatrixMultiple) else "select_one"
        look = "table-list likert" if isinstance(question, d.MatrixScale) else "table-list"
        self.form.add(
            "begin_group",
            question.key,
            {"label": self.texts["label"]},
            relevant=self.cells["relevant"],
            appearance=look,
        )
        names: dict[str, list[str]] = {question.key: []}
        for row in question.rows:
            path = f"{self.path}.rows.{row.code}"
            for part in ("concept", "show_if"):
                if getattr(row, part):
                    self.lost(f"{path}.{part}", getattr(row, part), NO_SETTING)
            there = self.form.name(f"{question.key}_{row.code}", path)
            text = {"label": self.text(row.text, f"{path}.text")}
            self.form.add(f"{kind} {name}", there, text, required=self.cells["required"])
            names[f"{question.key}.{row.code}"] = [there]
            names[question.key].append(there)
        self.form.add("end_group")
        return names

    def allocation(self, question: d.Allocation) -> dict[str, list[str]]:
        self.lost(f"{self.path}.type", "allocation", PARTS)
        self.form.add("note", question.key, {"label": self.texts["label"]}, relevant=self.cells["relevant"])
        limit = f". >= 0 and . <= {question.total}"
        for option in question.options:
            there = self.form.name(f"{question.key}_{option.code.replace('-', '_')}")
            self.form.add("integer", there, {"label": option.text}, relevant=self.cells["relevant"], constraint=limit)
        return {}

    def limits(self) -> list[str]:
        question = self.question
        match question:
            case d.Number(min=low, max=high, decimals=decimals):
                found = [f". >= {number(low)}"] if low is not None else []
                found += [f". <= {number(high)}"] if high is not None else []
                return [*found, f"round(., {decimals}) = ."] if 0 < decimals < 6 else found
            case d.Free(min_length=least, max_length=most):
                found = [f"string-length(.) >= {least}"] if least else []
                return [*found, f"string-length(.) <= {most}"] if most is not None else found
            case d.Multiple(min=fewest, max=many):
                found = [f"count-selected(.) >= {fewest}"] if fewest is not None else []
                found += [f"count-selected(.) <= {many}"] if many is not None else []
                alone = [option.code for option in question.options if option.exclusive]
                return [*found, *(f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone)]
            case d.Date(earliest=earliest, latest=latest):
                return [limit for sign, day in ((">=", earliest), ("<=", latest)) for limit in self.day(sign, day)]
        return []

    def day(self, sign: str, day: str | None) -> list[str]:
        if day is None:
            return []
        if DAY.fullmatch(day):
            return [f". {sign} date('{day}')"]
        self.lost(f"{self.path}.{'earliest' if sign == '>=' else 'latest'}", day, NO_SETTING)
        return []

    def constrain(self, limits: list[str], rules: list[tuple[str, d.Text]]) -> None:
        if self.main is None or not (limits or rules):
            return
        parts = [*limits, *(said for said, _ in rules)]
        self.main.cells["constraint"] = (
            parts[0] if len(parts) == 1 else " and ".join(f"({p})" if " or " in p else p for p in parts)
        )
        if rules:
            self.main.texts["constraint_message"] = rules[0][1]
