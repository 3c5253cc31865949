"""One question of LimeSurvey as one or more drafts here; how it is built follows from its letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from consult.errors import N_
from consult.exchange.assembling import Draft
from consult.exchange.lss import Item, Question, Structure
from consult.exchange.names import Names, code_of, key_of
from consult.exchange.report import Report
from consult.exchange.xlsform_choices import OTHER
from consult.surveys.definition import schema as d

UNSUPPORTED = N_("There is no such type of question here.")
ASK_OTHERWISE = N_("Ask it in another way, or leave it out.")
LANGUAGE = N_("The language can be changed on every page here; no question is needed.")
SOFT = N_("The question is asked for softly there; here it is not required.")
NO_SETTING = N_("This setting of the question has no counterpart here.")
COMMENTS = N_("The comments beside the answers are left out.")
COMMENT_OWN = N_("The comment is a question of its own now.")
SEVERAL = N_("Its rows are questions of their own now.")
TWO_TABLES = N_("The two scales are two tables now.")
PATTERN = N_("Texts are not checked by patterns here.")
PICTURE = N_("Pictures in texts are left out.")
PICTURE_ADVICE = N_("Upload the picture in the editor and describe it in words.")
PART_CONDITION = N_("The condition of a single answer is left out.")
NO_EQUATION = N_("The equation could not be read from the text.")
DAY_ONLY = N_("Only the day is asked here, not the time of day.")

YES = {"mk": "Да", "ka": "დიახ", "en": "Yes", "sq": "Po", "tr": "Evet", "sr": "Да"}
NO = {"mk": "Не", "ka": "არა", "en": "No", "sq": "Jo", "tr": "Hayır", "sr": "Не"}
UNCERTAIN = {"mk": "Не сум сигурен/сигурна", "ka": "არ ვარ დარწმუნებული", "en": "Uncertain"}
FEMALE = {"mk": "Жена", "ka": "ქალი", "en": "Woman"}
MALE = {"mk": "Маж", "ka": "კაცი", "en": "Man"}
MORE = {"mk": "Зголемено", "ka": "გაიზარდა", "en": "Increase"}
SAME = {"mk": "Исто", "ka": "იგივე", "en": "Same"}
LESS = {"mk": "Намалено", "ka": "შემცირდა", "en": "Decrease"}
FIXED = {
    "Y": (("Y", YES), ("N", NO)),
    "G": (("F", FEMALE), ("M", MALE)),
    "C": (("Y", YES), ("U", UNCERTAIN), ("N", NO)),
    "E": (("I", MORE), ("S", SAME), ("D", LESS)),
}
# Settings that are used below, and those that only say how something looks.
USED = frozenset(
    {"random_order", "min_answers", "max_answers", "exclude_all_others", "suffix", "maximum_chars", "equation",
     "min_num_value_n", "max_num_value_n", "num_value_int_only", "other_replace_text", "date_format",
     "dualscale_headerA", "dualscale_headerB", "max_filesize", "allowed_filetypes"}
)  # fmt: skip
LOOKS = re.compile(
    r"display_|cssclass|css_|answer_width|label_input|text_input_|input_size|input_boxes|page_break|statistics_|public_"
    r"|hide_tip|scale_export|save_as|clear_|printable|theme_|repeat_headings|category_separator|choice_|rank_title"
    r"|use_dropdown|dropdown_|parent_order|samechoiceheight|samelistheight|showpopups|question_template|thousands"
)


class Builder:
    def __init__(self, found: Structure, report: Report, names: Names) -> None:
        self.languages, self.report, self.names = found.languages, report, names
        self.sid = found.settings.get("sid", "")

    def drafts(self, question: Question, key: str) -> list[Draft]:
        kind = question.get("type")
        build = BUILDERS.get(kind)
        if build is None:
            why, advice = (LANGUAGE, "") if kind == "I" else (UNSUPPORTED, ASK_OTHERWISE)
            self.report.add(question.place.at("type"), kind, why, advice)
            return []
        self.leftovers(question)
        return build(self, question, key)

    def leftovers(self, question: Question) -> None:
        add = self.report.add
        if question.get("mandatory") == "S":
            add(question.place.at("mandatory"), "S", SOFT)
        if question.get("preg"):
            add(question.place.at("preg"), question.get("preg"), PATTERN)
        for column in ("question", "help"):
            if "<img" in question.raw(column).lower():
                add(question.place.at(column), "", PICTURE, PICTURE_ADVICE)
        for name, said in question.attributes.items():
            value = next(iter(said.values()), "")
            if name not in USED and not LOOKS.match(name) and value not in ("", "0", "N", "default", "normal"):
                add(question.place.at(name), value, NO_SETTING)
        for item in question.subquestions:
            if item.get("relevance") not in ("", "1") and question.get("type") not in MATRICES:
                add(question.place.at(item.get("title")), item.get("relevance"), PART_CONDITION)

    def common(self, question: Question, key: str) -> dict[str, Any]:
        return {
            "key": key,
            "text": question.text("question"),
            "hint": question.text("help"),
            "required": question.get("mandatory") == "Y",
        }

    def draft(self, question: Question, made: d.AnyQuestion, name: str = "", **more: Any) -> Draft:
        aliases = () if name else (self.sgqa(question),)
        return Draft(made, question.place, [], name=name or question.code, aliases=aliases, **more)

    def order(self, question: Question) -> d.Order:
        return "random" if question.setting("random_order") == "1" else "fixed"

    def fixed(self, kind: str) -> tuple[tuple[d.Option, ...], dict[str, str]]:
        pairs = FIXED[kind]
        options = [d.Option(code=code.lower(), text=self.known(words)) for code, words in pairs]
        return tuple(options), {code: code.lower() for code, _ in pairs}

    def known(self, words: Mapping[str, str]) -> d.Text:
        return {language: words[language] for language in self.languages if language in words}

    def options(self, items: Sequence[Item], column: str, name: str) -> tuple[list[d.Option], dict[str, str]]:
        names, codes, made = Names(), dict[str, str](), []
        for item in items:
            there = item.get(name)
            codes[there] = names.take(code_of(there))
            made.append(d.Option(code=codes[there], text=item.text(column)))
        return made, codes

    def other(self, question: Question, options: list[d.Option], codes: dict[str, str]) -> None:
        if question.get("other") == "Y":
            text = {k: v for k, v in question.attributes.get("other_replace_text", {}).items() if k in self.languages}
            options.append(d.Option(code="other", text=text or self.known(OTHER), other=True))
            codes["-oth-"] = "other"

    def single(self, question: Question, key: str) -> list[Draft]:
        kind = question.get("type")
        if kind in FIXED:
            fixed, codes = self.fixed(kind)
            return [self.draft(question, d.Single(**self.common(question, key), options=fixed), codes=codes)]
        options, codes = self.options(question.answers, "answer", "code")
        self.other(question, options, codes)
        made = d.Single(**self.common(question, key), options=tuple(options), order=self.order(question))
        drafts = [self.draft(question, made, codes=codes)]
        if kind == "O":
            self.report.add(question.place.at("type"), "O", COMMENT_OWN)
            own = d.Free(key=self.names.take(f"{key}_comment"[:40]), text=question.text("question"), long=True)
            drafts.append(self.draft(question, own, f"{question.code}_comment"))
        return drafts

    def multiple(self, question: Question, key: str) -> list[Draft]:
        options, codes = self.options(question.subquestions, "question", "title")
        alone = set(question.setting("exclude_all_others").replace(",", ";").split(";"))
        reverse = {here: there for there, here in codes.items()}
        made = [
            d.Option(code=o.code, text=o.text, exclusive=reverse[o.code] in alone) for o in options
        ]  # fmt: skip
        self.other(question, made, codes)
        if question.get("type") == "P":
            self.report.add(question.place.at("type"), "P", COMMENTS)
        ticks = {f"{question.code}_{there.replace('-oth-', 'other')}": here for there, here in codes.items()}
        ticks |= {f"{self.sgqa(question)}{there.replace('-oth-', 'other')}": here for there, here in codes.items()}
        asked = d.Multiple(
            **self.common(question, key), options=tuple(made), order=self.order(question),
            min=whole(question.setting("min_answers"), 0), max=whole(question.setting("max_answers"), 1),
        )  # fmt: skip
        return [self.draft(question, asked, codes=codes, ticks=ticks)]

    def sgqa(self, question: Question) -> str:
        return f"{self.sid}X{question.get('gid')}X{question.get('qid')}"

    def ranking(self, question: Question, key: str) -> list[Draft]:
        if question.answers:
            options, codes = self.options(question.answers, "answer", "code")
        else:
            options, codes = self.options(question.subquestions, "question", "title")
        top = whole(question.setting("max_answers"), 1)
        made = d.Ranking(**self.common(question, key), options=tuple(options), top=top)
        return [self.draft(question, made, codes=codes)]

    def five(self, question: Question, key: str) -> list[Draft]:
        return [self.draft(question, d.Scale(**self.common(question, key), **self.points(5)))]

    def points(self, points: int) -> dict[str, Any]:
        """Its ends have no words there, only their numbers."""
        low, high = (dict.fromkeys(self.languages, str(value)) for value in (1, points))
        return {"points": points, "low": low, "high": high}

    def free(self, question: Question, key: str) -> list[Draft]:
        if question.get("type") == "Q":
            return self.each(question, key, lambda common: d.Free(**common))
        most = whole(question.setting("maximum_chars"), 1)
        most = most if most is not None and most <= d.LONGEST else None
        made = d.Free(**self.common(question, key), long=question.get("type") in "TU", max_length=most)
        return [self.draft(question, made)]

    def number(self, question: Question, key: str) -> list[Draft]:
        settings: dict[str, Any] = {
            "min": figure(question.setting("min_num_value_n")),
            "max": figure(question.setting("max_num_value_n")),
            "decimals": 0 if question.setting("num_value_int_only") == "1" else 6,
        }
        if question.get("type") == "K":
            return self.each(question, key, lambda common: d.Number(**common, **settings))
        unit = {k: v for k, v in question.attributes.get("suffix", {}).items() if k in self.languages}
        return [self.draft(question, d.Number(**self.common(question, key), unit=unit, **settings))]

    def each(self, question: Question, key: str, make: Callable[[dict[str, Any]], d.AnyQuestion]) -> list[Draft]:
        """Several inputs under one heading: the heading, and a question for each."""
        self.report.add(question.place.at("type"), question.get("type"), SEVERAL)
        drafts = []
        if question.text("question"):
            head = d.Information(key=key, text=question.text("question"))
            drafts.append(self.draft(question, head, name=f"{question.code}_"))
        for item in question.subquestions:
            code = item.get("title")
            own = self.names.take(f"{key}_{key_of(code)}"[:40])
            common = {**self.common(question, own), "text": item.text("question")}
            drafts.append(self.draft(question, make(common), f"{question.code}_{code}"))
        return drafts

    def matrix(self, question: Question, key: str) -> list[Draft]:
        kind = question.get("type")
        common = self.common(question, key)
        rows, codes_of_rows, conditions = self.rows(question)
        more: dict[str, Any] = {"row_names": codes_of_rows, "row_conditions": conditions}
        made: d.AnyQuestion
        if kind in "AB":
            made = d.MatrixScale(**common, rows=rows, **self.points(5 if kind == "A" else 10))
            return [self.draft(question, made, **more)]
        if kind in FIXED:
            options, codes = self.fixed(kind)
            return [self.draft(question, d.MatrixSingle(**common, rows=rows, options=options), codes=codes, **more)]
        if kind == "1":
            return self.dual(question, key, rows)
        found, codes = self.options(question.answers, "answer", "code")
        made = d.MatrixSingle(**common, rows=rows, options=tuple(found), order=self.order(question))
        return [self.draft(question, made, codes=codes, **more)]

    def dual(self, question: Question, key: str, rows: tuple[d.Row, ...]) -> list[Draft]:
        self.report.add(question.place.at("type"), "1", TWO_TABLES)
        drafts = []
        for scale, letter in (("0", "A"), ("1", "B")):
            answers = [item for item in question.answers if item.get("scale_id") == scale]
            found, codes = self.options(answers, "answer", "code")
            own = key if scale == "0" else self.names.take(f"{key}_2"[:40])
            head = question.attributes.get(f"dualscale_header{letter}", {})
            text = {language: f"{said} – {head[language]}" if head.get(language) else said
                    for language, said in question.text("question").items()}  # fmt: skip
            made = d.MatrixSingle(**{**self.common(question, own), "text": text}, rows=rows, options=tuple(found))
            names = {f"{question.code}_{item.get('title')}_{scale}": row.code
                     for item, row in zip(question.subquestions, rows, strict=True)}  # fmt: skip
            drafts.append(self.draft(question, made, f"{question.code}_{scale}", codes=codes, row_names=names))
        return drafts

    def rows(self, question: Question) -> tuple[tuple[d.Row, ...], dict[str, str], list[list[tuple[str, Any]]]]:
        names, taken, made, conditions = Names(), dict[str, str](), [], []
        for item in question.subquestions:
            title = item.get("title")
            code = names.take(key_of(title))
            taken[f"{question.code}_{title}"] = taken[f"{self.sgqa(question)}{title}"] = code
            made.append(d.Row(code=code, text=item.text("question")))
            said = item.get("relevance")
            conditions.append([(said, question.place.at(title))] if said not in ("", "1") else [])
        return tuple(made), taken, conditions

    def date(self, question: Question, key: str) -> list[Draft]:
        if re.search(r"[HhM]{2}:|HH|MM:", question.setting("date_format")):
            self.report.add(question.place.at("date_format"), question.setting("date_format"), DAY_ONLY)
        return [self.draft(question, d.Date(**self.common(question, key)))]

    def information(self, question: Question, key: str) -> list[Draft]:
        return [self.draft(question, d.Information(key=key, text=question.text("question")))]

    def file(self, question: Question, key: str) -> list[Draft]:
        return [self.draft(question, d.File(**self.common(question, key)))]

    def equation(self, question: Question, key: str) -> list[Draft]:
        said = question.setting("equation") or next(iter(question.text("question").values()), "")
        whole_text = re.fullmatch(r"\{(.*)\}", said.strip(), re.DOTALL)
        if whole_text is None:
            self.report.add(question.place.at("equation"), said, NO_EQUATION)
            return []
        text = dict.fromkeys(self.languages, question.code)
        made = d.Calculated(key=key, text=text, value="")
        return [self.draft(question, made, calculation=whole_text[1])]


def whole(written: str, least: int) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and int(written) >= least else None


def figure(written: str) -> float | None:
    return float(written) if re.fullmatch(r"-?\d{1,12}(\.\d{1,9})?", written) else None


MATRICES = frozenset("ABCEFH1")
BUILDERS: Mapping[str, Callable[[Builder, Question, str], list[Draft]]] = {
    **dict.fromkeys("L!OYG", Builder.single),
    **dict.fromkeys("MP", Builder.multiple),
    **dict.fromkeys("STUQ", Builder.free),
    **dict.fromkeys("NK", Builder.number),
    **dict.fromkeys("ABCEFH1", Builder.matrix),
    "5": Builder.five,
    "R": Builder.ranking,
    "D": Builder.date,
    "X": Builder.information,
    "|": Builder.file,
    "*": Builder.equation,
}
