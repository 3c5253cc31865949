"""Random surveys whose conditions look at every type of question, and random forms for them; the same from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from consult.surveys.answers.bindings import fields_of
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.authoring.checks import check
from consult.surveys.conditions import terms, type_checks
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import ENDS
from consult.surveys.definition.municipality import here
from tests.exchange import surveys as made

KINDS: tuple[type[d.AnyQuestion], ...] = d.AnyQuestion.__args__
WRITTEN = ("парк", "ქუჩა ხე", " a b ", 'it\'s "a"', "👍 да", "a\nb", "\u00a0", "\ufeff", "x\x1f", "e\u0301")
DAYS = ("1800-01-01", "2024-02-29", "2026-03-01", "2026-12-31")
TIMES = ("00:00", "09:30", "23:59")
EMAILS = ("ana@Example.MK", "a+b@x-y.mk", "ана@пример.мк", "ana@пример.мк", "ana@", "@x.mk", "a@b.c", "a..b@x.mk")
PHONES = ("070 123 456", "+389 (0)70 123-456", "+995 555 123456", "0049 30 1234567", "389 70 123 456", "12", "٠٧٠")
CODES = ("1", "my-way", "in", "b_2", "0")
GARBAGE = ("", " ", "many", "-1", "9" * 20, "1e3", "0x10", "٣", "\u2212 1", "a\u200bb", "<x>", "null", "true", "1,")
Scope = dict[str, terms.Variable]


def survey(draw: Random, number: int) -> d.Definition:
    """A survey of two to four pages that passes all its checks."""
    while True:
        found = _survey(draw, number)
        if not check(found):
            return found


def _survey(draw: Random, number: int) -> d.Definition:
    asked: list[d.AnyQuestion] = []
    scope: Scope = {}
    pages: list[d.Page] = []
    for place in range(draw.randrange(2, 5)):
        shown_if = _condition(draw, asked, scope) if place and draw.random() < 0.3 else ""
        if place and draw.random() < 0.2:
            out = _condition(draw, asked, scope)
            pages += [d.Page(key=f"out{place}", show_if=out, screen_out=made.text(draw))] if out else []
        questions = []
        for _ in range(draw.randrange(3, 7)):
            one = _question(draw, f"q{len(asked) + 1}", asked, scope)
            questions.append(one)
            asked.append(one)
            offered = terms.variable(one)
            if isinstance(one, d.Calculated):
                offered, _ = type_checks.check_value(one.value, scope)
            if offered is not None:
                scope[one.key] = offered
        pages.append(d.Page(key=f"p{place}", show_if=shown_if, questions=tuple(questions)))
    return d.Definition(
        consult="survey/1",
        key=f"random-{number}",
        title=made.text(draw),
        languages=made.LANGUAGES,
        pages=tuple(pages),
    )


def _question(draw: Random, key: str, asked: list[d.AnyQuestion], scope: Scope) -> d.AnyQuestion:
    kind = draw.choice(KINDS)
    one = made.question(draw, kind, key, [])
    changes: dict[str, Any] = {}
    if isinstance(one, d.Smiley) and not one.labels:
        changes = {"labels": tuple(made.text(draw) for _ in range(one.points)), "low": {}, "high": {}}
    if isinstance(one, d.Smiley | d.MatrixScale | d.Scale) and draw.random() < 0.3:
        changes["outside"] = tuple(
            d.Option(code=code, text=made.text(draw), missing=code) for code in ("dont_know", "refused")
        )
    if isinstance(one, d.Calculated):
        changes["value"] = _value(draw, asked, scope)
    if isinstance(one, d.Hidden) and draw.random() < 0.5:
        changes["options"] = made.options(draw)
    options = changes.get("options", getattr(one, "options", ()))
    if options:
        codes = draw.sample(CODES, k=min(len(CODES), len(options) - 1)) if draw.random() < 0.3 else ()
        options = [
            *(msgspec.structs.replace(option, code=code) for option, code in zip(options, codes, strict=False)),
            *options[len(codes) :],
        ]
        if isinstance(one, d.Single | d.Multiple) and draw.random() < 0.4:
            options[-1] = d.Option(code="other", text=made.text(draw), other=True)
        if not isinstance(one, d.MatrixSingle | d.MatrixMultiple | d.Hidden):
            options = [_part(draw, option, asked, scope) for option in options]
        changes["options"] = tuple(options)
    if rows := getattr(one, "rows", ()):
        changes["rows"] = tuple(_part(draw, row, asked, scope) for row in rows)
    if isinstance(one, d.Ranking) and draw.random() < 0.4:
        changes["top"] = draw.randrange(1, len(one.options))
    if draw.random() < 0.4:
        changes["show_if"] = _condition(draw, asked, scope)
    return msgspec.structs.replace(one, **changes)


def _part(draw: Random, part: Any, asked: list[d.AnyQuestion], scope: Scope) -> Any:
    hides = draw.random() < 0.2
    return msgspec.structs.replace(part, show_if=_condition(draw, asked, scope)) if hides else part


def _value(draw: Random, asked: list[d.AnyQuestion], scope: Scope) -> str:
    numbers = [key for key, known in scope.items() if known.kind == "number"]
    said = _condition(draw, asked, scope)
    choices = [said, f"{said} ? 'a' : 'b'", f"{said} ? 1 : 2.5"] if said else ["1"]
    choices += [f"{key} {draw.choice('+-*/')} {draw.choice(['2', '0', key])}" for key in numbers]
    return draw.choice(choices)


def _condition(draw: Random, asked: list[d.AnyQuestion], scope: Scope) -> str:
    """One that its check takes; empty where there is nothing to ask about yet."""
    usable = [question for question in asked if question.key in scope]
    for _ in range(20 if usable else 0):
        said = _term(draw, usable, scope)
        for _ in range(draw.randrange(3)):
            more = _term(draw, usable, scope)
            said = draw.choice(["{} && {}", "{} || {}", "!({}) && {}", "!({} && {})", "({} ? {} : {})"]).format(
                said, more, _term(draw, usable, scope)
            )
        if not type_checks.check(said, scope):
            return said
    return ""


def _term(draw: Random, usable: list[d.AnyQuestion], scope: Scope) -> str:
    chosen = draw.choice(usable)
    terms = list(_terms(draw, chosen, scope))
    numbers = [key for key, known in scope.items() if known.kind == "number" and key != chosen.key]
    if scope[chosen.key].kind == "number" and numbers:
        terms += [f"{chosen.key} {sign} {draw.choice(numbers)}" for sign in (">", "<=", "==")]
    return draw.choice(terms)


def _terms(draw: Random, question: d.AnyQuestion, scope: Scope) -> Iterator[str]:
    key, known = question.key, scope[question.key]
    yield from (f"answered({key})", f"!answered({key})")
    name, kind = key, known.kind
    if known.rows:
        row = draw.choice(known.rows)
        name, kind = f"{key}['{row}']", known.row_kind
        yield f"answered({name})"
    low = int(known.low or 0)
    bound = draw.choice([low, low + 1, low + 2, int(known.high if known.high is not None else 18)])
    codes = known.codes or (CODES if isinstance(question, d.Ranking | d.Allocation) else ())
    one, two = (draw.choice(codes), draw.choice(codes)) if codes else ("", "")
    match kind:
        case "number":
            yield from (f"{name} {sign} {bound}" for sign in ("<", "<=", "==", "!=", ">=", ">"))
            yield from (f"{name} in [{bound}, {low + 1.5}]", f"{name} * 2 - 1 > {bound}", f"{name} / {name} == 1")
        case "text" if codes:
            yield from (f"{name} == '{one}'", f"{name} != '{one}'", f"{name} in ['{one}', '{two}']")
            yield f"size({name}) > 2"
        case "text":
            yield from (f"size({name}) {draw.choice(['>', '<', '=='])} {draw.randrange(6)}", f"{name} != 'b'")
            yield from (f"{name}.contains('a')", f"{name}.startsWith('+3')", f"{name}.contains('@x')")
            yield f"{name} == '{draw.choice(list(here().places) or ['centar'])}'"
        case "texts":
            yield from (f"'{one}' in {name}", f"count({name}) >= 2", f"count({name}) < 3")
            yield from (f"{name}.exists(m, m == '{one}')", f"{name}.all(m, m != '{one}')")
            yield f"{name}.all(m, size(m) > 1)"
        case "truth":
            yield from (name, f"!{name}", f"{name} == true")
        case "date":
            yield from (f"{name} {sign} '{draw.choice(DAYS)}'" for sign in ("<", ">=", "=="))
        case "time":
            yield from (f"{name} {sign} '{draw.choice(TIMES)}'" for sign in ("<", ">=", "=="))


def form(draw: Random, definition: d.Definition) -> Fields:
    """What might come for it: whole and half answers, none, ends of ranges, don't know, and garbage."""
    found: Fields = {}
    for question in definition.questions:
        kind = draw.random()
        # A file is taken in before a form is decoded; only its token is left.
        names = (question.key,) if isinstance(question, d.File | d.Photo) else fields_of(question)
        if kind < 0.04 and names:
            found[draw.choice(names)] = [draw.choice(GARBAGE) for _ in range(draw.randrange(1, 3))]
        elif kind < 0.12:
            found |= {name: [draw.choice(["", " "])] for name in names}
        elif kind > 0.18:
            found |= _answer(draw, question)
            if kind > 0.97 and names:  # one of several fields goes wrong, or the same comes twice
                found.setdefault(draw.choice(names), []).append(draw.choice(GARBAGE))
    return found


def _answer(draw: Random, question: d.AnyQuestion) -> Fields:
    key = question.key
    codes = [option.code for option in (*getattr(question, "options", ()), *getattr(question, "outside", ()))]
    codes += [str(value) for value in getattr(question, "values", ())]
    other = {f"{key}.other": [draw.choice(["", "", " ", "x"])]} if f"{key}.other" in fields_of(question) else {}
    match question:
        case d.MatrixMultiple(rows=rows):
            return {f"{key}.{row.code}": draw.sample(codes, k=draw.randrange(3)) for row in rows}
        case d.MatrixScale(rows=rows) | d.MatrixSingle(rows=rows):
            return {f"{key}.{row.code}": [draw.choice(["", *codes])] for row in rows}
        case d.Multiple():
            return {key: draw.sample(codes, k=draw.randrange(len(codes))), **other}
        case d.Ranking(top=top):
            ranked = draw.sample(codes, k=draw.choice([len(codes), top or len(codes)]))
            return {f"{key}.{code}": [str(ranked.index(code) + 1) if code in ranked else ""] for code in codes}
        case d.Allocation(total=total):
            first, second = draw.sample(codes, k=2)
            part = draw.choice([0, 1, total // 2, total])
            shared = {first: str(part), second: str(total - part)}
            return {f"{key}.{code}": [shared.get(code, draw.choice(["", "", "0"]))] for code in codes}
        case d.Number(min=low, max=high):
            bounds = [round(bound) for bound in (low, high) if bound is not None]
            typed = draw.choice([*map(str, bounds), "0", "1", "2", "2,5", "1 040", " 18 ", "+3", "\u22121", "1.0"])
            return draw.choice([{key: [typed]}, {key: [typed]}, {key: [draw.choice(["", " "]), *codes[-1:]]}])
        case d.Date():
            return _day(draw, key)
        case d.DateRange():
            return _day(draw, f"{key}.{ENDS[0]}") | _day(draw, f"{key}.{ENDS[1]}")
        case d.Time():
            return {key: [draw.choice([*TIMES, "9", "0930", "9.30", " 9h30 ", "24:00"])]}
        case d.Email():
            return {key: [draw.choice(EMAILS)]}
        case d.Phone():
            return {key: [draw.choice(PHONES)]}
        case d.Place():
            return {name: [""] for name in fields_of(question)} | {key: [draw.choice(list(here().places) or [""])]}
        case d.File() | d.Photo():
            return {key: ["A" * 60]}
        case d.Consent():
            return {key: [draw.choice(["yes", "yes", "no"])]}
        case d.Hidden() if not codes:
            return {key: [draw.choice([*WRITTEN, "hall"])]}
        case d.Free():
            return {key: [draw.choice(WRITTEN)]}
        case d.Information() | d.Calculated():
            return {}
    return {key: [draw.choice(codes)], **other}


def _day(draw: Random, name: str) -> Fields:
    year, month, day = draw.choice(DAYS).split("-")
    parts = {f"{name}.day": [day], f"{name}.month": [month.lstrip("0")], f"{name}.year": [year]}
    return draw.choice([parts, parts, {name: ["-".join((year, month, day))]}, {**parts, f"{name}.day": ["31"]}])


def left_with(compiled: Compiled, sent: Fields) -> Fields:
    """What of a form decides: a page with a fault is not left, so its faulty answers are taken out."""
    while True:
        faulty = {problem.place.partition(".")[0] for problem in compiled.decode(sent).problems}
        kept = {name: values for name, values in sent.items() if name.partition(".")[0] not in faulty}
        if len(kept) == len(sent):
            return sent
        sent = kept
