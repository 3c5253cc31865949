"""Generated respondents: forms that fill in any survey so that the survey itself finds no fault with them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import msgspec

from consult.errors import Refused
from consult.surveys.answers.decoders.given import AXES
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import phones
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import iso_day
from consult.surveys.definition.municipality import here

FORMS = 200
TRIES = 40
WORDS = ("the", "crossing", "needs", "a", "longer", "green", "phase", "and", "a", "bench", "in", "the", "shade")
Chance = random.Random


class NotToBeFilled(Refused):
    message = (
        "No generated respondent could fill in this survey: “%(question)s” takes none of %(tries)s random answers. "
        "Its rules may contradict one another: try it by hand under Preview."
    )


def rehearsed(definition: d.Definition) -> d.Definition:
    """The survey as it is rehearsed: files are asked for, but not demanded, and no quota is ever full."""
    pages = tuple(
        msgspec.structs.replace(page, questions=tuple(_without_demand(one) for one in page.questions))
        for page in definition.pages
    )
    quotas = tuple(msgspec.structs.replace(quota, limit=1_000_000_000) for quota in definition.quotas)
    return msgspec.structs.replace(definition, pages=pages, quotas=quotas)


def _without_demand(question: d.AnyQuestion) -> d.AnyQuestion:
    if isinstance(question, d.File | d.Photo) and question.required:
        return msgspec.structs.replace(question, required=False)
    return question


def forms(compiled: Compiled, seed: int = 0, number: int = FORMS) -> list[Fields]:
    """Forms without a fault, most of them going all the way. Raises NotToBeFilled."""
    chance = Chance(seed)
    return [_form(compiled, chance) for _ in range(number)]


def _form(compiled: Compiled, chance: Chance) -> Fields:
    """Fill everything in; what the survey finds fault with is drawn again, what screens somebody out as well."""
    questions = {question.key: question for question in compiled.definition.questions}
    form: Fields = {}
    for question in questions.values():
        form |= answer(question, chance)
    for _ in range(TRIES):
        decoded = compiled.decode(form)
        faulty = {problem.place.partition(".")[0] for problem in decoded.problems} & questions.keys()
        if decoded.screened is not None:
            faulty |= questions.keys()
        if not faulty:
            break
        for key in faulty:
            form = {name: values for name, values in form.items() if name.partition(".")[0] != key}
            form |= answer(questions[key], chance)
    else:
        if decoded.problems:
            raise NotToBeFilled(question=decoded.problems[0].place, tries=TRIES)
    return form


def answer(question: d.AnyQuestion, chance: Chance) -> Fields:
    """One way to answer a question."""
    make = MAKERS.get(type(question))
    return make(question, chance) if make else {}


def _single(question: Any, chance: Chance) -> Fields:
    option = chance.choice(question.options)
    return {question.key: [option.code]} | _other(question, [option])


def _other(question: Any, options: list[d.Option]) -> Fields:
    return {f"{question.key}.other": ["another one"]} if any(option.other for option in options) else {}


def _multiple(question: Any, chance: Chance) -> Fields:
    together = [option for option in question.options if not option.exclusive and option.missing is None]
    most = min(question.max or len(together), len(together))
    least = min(max(question.min or 0, 1), most)
    chosen = chance.sample(together, chance.randint(least, most)) if together else [question.options[0]]
    return {question.key: [option.code for option in chosen]} | _other(question, chosen)


def _values(question: Any) -> list[str]:
    return [*map(str, question.values), *(option.code for option in question.outside)]


def _scaled(question: Any, chance: Chance) -> Fields:
    return {question.key: [chance.choice(_values(question))]}


def _rows(question: Any, chance: Chance) -> Fields:
    values = _values(question) if isinstance(question, d.MatrixScale) else [option.code for option in question.options]
    return {f"{question.key}.{row.code}": [chance.choice(values)] for row in question.rows}


def _ranking(question: Any, chance: Chance) -> Fields:
    codes = [option.code for option in question.options]
    order = chance.sample(codes, min(question.top or len(codes), len(codes)))
    return {f"{question.key}.{code}": [str(place)] for place, code in enumerate(order, start=1)}


def _allocation(question: Any, chance: Chance) -> Fields:
    cuts = sorted(chance.randint(0, question.total) for _ in question.options[1:])
    points = [high - low for low, high in zip([0, *cuts], [*cuts, question.total], strict=True)]
    return {f"{question.key}.{option.code}": [str(n)] for option, n in zip(question.options, points, strict=True)}


def _number(question: Any, chance: Chance) -> Fields:
    low = -(-question.min // 1) if question.min is not None else min(0, question.max or 0)
    high = question.max // 1 if question.max is not None else low + 90
    return {question.key: [str(chance.randint(int(low), max(int(low), int(high))))]}


def _free(question: Any, chance: Chance) -> Fields:
    wanted = chance.randint(80, 300) if question.long else chance.randint(5, 30)
    length = max(question.min_length, min(wanted, question.max_length or wanted))
    text = " ".join(chance.choices(WORDS, k=length // 2 + 2))
    return {question.key: [text[:length].strip().ljust(question.min_length, ".")]}


def _day(question: Any, chance: Chance) -> str:
    first = iso_day(question.earliest or "") or iso_day(question.latest or "") or dt.date(2026, 3, 2)
    last = iso_day(question.latest or "") or first
    return (first + dt.timedelta(days=chance.randint(0, max(0, (last - first).days)))).isoformat()


def _days(question: Any, chance: Chance) -> Fields:
    first, last = sorted((_day(question, chance), _day(question, chance)))
    return {f"{question.key}.from": [first], f"{question.key}.to": [last]}


def _place(question: Any, chance: Chance) -> Fields:
    codes = list(here().places)
    chosen = {question.key: [chance.choice(codes)]} if codes else {}
    if question.coordinates:
        chosen |= {f"{question.key}.{axis}": [f"{chance.uniform(41, 43):.4f}"] for axis in AXES}
    return chosen


MAKERS: dict[type[Any], Callable[[Any, Chance], Fields]] = {
    d.Single: _single,
    d.Multiple: _multiple,
    d.Scale: _scaled,
    d.Smiley: _scaled,
    d.Nps: _scaled,
    d.MatrixScale: _rows,
    d.MatrixSingle: _rows,
    d.MatrixMultiple: _rows,
    d.Ranking: _ranking,
    d.Allocation: _allocation,
    d.Number: _number,
    d.Free: _free,
    d.Email: lambda question, _: {question.key: ["resident@example.org"]},
    d.Phone: lambda question, _: {question.key: [phones.example(here().country)]},
    d.Date: lambda question, chance: {question.key: [_day(question, chance)]},
    d.Time: lambda question, chance: {question.key: [f"{chance.randint(8, 17):02}:30"]},
    d.DateRange: _days,
    d.Place: _place,
    d.Consent: lambda question, _: {question.key: ["yes"]},
}
