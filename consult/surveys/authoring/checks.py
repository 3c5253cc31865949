"""What a definition must keep to beyond its shape: keys, translations, references, conditions, and what works yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from consult.errors import N_
from consult.surveys.authoring import flow_checks
from consult.surveys.authoring.fault import Found, Path
from consult.surveys.conditions import terms, type_checks
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import iso_day
from consult.surveys.definition.texts import slots
from consult.surveys.files.file_kinds import ACCEPTED

MOST_QUESTIONS = 300
MOST_OPTIONS = 500
MOST_FACES = 7
MOST_FILES = 3
PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
LONGEST_NAME = 200
PICTURE = re.compile(r"(?:\w[\w .-]*/)*\w[\w .-]*\.(?:png|jpe?g|webp)", re.IGNORECASE)


def check(definition: d.Definition, broken: frozenset[str] = frozenset()) -> list[Found]:
    """All faults. broken: keys of questions that could not be read; what refers to them is not judged."""
    return [
        *_languages(definition),
        *missing_texts(definition),
        *_whole(definition),
        *_keys(definition),
        *(found for path, question in _questions(definition) for found in _question(question, path)),
        *_conditions(definition, broken),
        *flow_checks.check(definition, broken),
        *_not_yet(definition),
    ]


def _questions(definition: d.Definition) -> Iterator[tuple[Path, d.AnyQuestion]]:
    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            yield ("pages", p, "questions", q), question


def _languages(definition: d.Definition) -> Iterator[Found]:
    if not definition.languages:
        yield Found(("languages",), N_("Name at least one language."))
    for language, times in Counter(definition.languages).items():
        if times > 1:
            yield Found(("languages",), N_("“%(name)s” is there twice. Remove one."), {"name": language})


def missing_texts(definition: d.Definition) -> Iterator[Found]:
    for slot in slots(definition):
        path, text = slot.path, slot.text
        if not text:
            if slot.must:
                yield Found(path, N_("A text is needed here."))
            continue
        for language in definition.languages:
            if not text.get(language, "").strip():
                yield Found(path, N_("The text is missing in “%(language)s”. Add it."), {"language": language})
        for language in text:
            if language not in definition.languages:
                yield Found(
                    (*path, language),
                    N_("“%(language)s” is not among the survey's languages. Add it to `languages` or remove the text."),
                    {"language": language},
                )


def _whole(definition: d.Definition) -> Iterator[Found]:
    if not any(not isinstance(question, d.Information) for question in definition.questions):
        yield Found(("pages",), N_("The survey asks nothing yet. Add a question."))
    if len(definition.questions) > MOST_QUESTIONS:
        yield Found(("pages",), N_("More than %(limit)s questions. Split the survey."), {"limit": MOST_QUESTIONS})
    for p, page in enumerate(definition.pages):
        if not page.screen_out and all(isinstance(q, d.Calculated | d.Hidden) for q in page.questions):
            yield Found(("pages", p, "questions"), N_("This page is empty. Add a question or remove the page."))
        if sum(isinstance(q, d.File | d.Photo) for q in page.questions) > MOST_FILES:
            yield Found(
                ("pages", p, "questions"),
                N_("A page can ask for at most %(most)s files. Move the others to another page."),
                {"most": MOST_FILES},
            )
    questions = {question.key: question for question in definition.questions}
    for number, key in enumerate(definition.results.breaks):
        if not isinstance(questions.get(key), d.Single):
            yield Found(
                ("results", "breaks", number),
                N_("“%(name)s” is not a question of type `single`. Results can only be broken down by one."),
                {"name": key},
            )


def _keys(definition: d.Definition) -> Iterator[Found]:
    yield from _repeated([(("pages", p, "key"), page.key) for p, page in enumerate(definition.pages)])
    keys = [((*path, "key"), question.key) for path, question in _questions(definition)]
    yield from _repeated(keys)
    for path, key in keys:
        if terms.is_reserved(key):
            yield Found(path, N_("“%(name)s” is a word of the condition language. Choose another key."), {"name": key})
    concepts = []
    for path, question in _questions(definition):
        concept = getattr(question, "concept", None)
        if concept is not None:
            concepts.append(((*path, "concept"), concept))
    yield from _repeated(concepts)
    yield from _repeated(
        [((*path, "parameter"), q.parameter) for path, q in _questions(definition) if isinstance(q, d.Hidden)]
    )


def _repeated(named: list[tuple[Path, str]]) -> Iterator[Found]:
    times = Counter(name for _, name in named)
    seen: set[str] = set()
    for path, name in named:
        if times[name] > 1 and name in seen:
            yield Found(path, N_("“%(name)s” is used twice. Give one of them another name."), {"name": name})
        seen.add(name)


def _images(question: d.AnyQuestion, path: Path) -> Iterator[Found]:
    """A picture is named by its path from the survey's file; it never leads out of that folder."""
    image = getattr(question, "image", None)
    named = [((*path, "image", "file"), image)] if image else []
    for number, option in enumerate(getattr(question, "options", ())):
        if option.image:
            named.append(((*path, "options", number, "image", "file"), option.image))
    for place, found in named:
        if not PICTURE.fullmatch(found.file) or len(found.file) > LONGEST_NAME:
            yield Found(
                place, N_("Name a picture such as `images/park.jpg`: PNG, JPEG or WebP, beside the survey's file.")
            )


def _question(question: d.AnyQuestion, path: Path) -> Iterator[Found]:
    yield from _images(question, path)
    options = getattr(question, "options", ())
    yield from _repeated([((*path, "options", n, "code"), option.code) for n, option in enumerate(options)])
    rows = getattr(question, "rows", ())
    yield from _repeated([((*path, "rows", n, "code"), row.code) for n, row in enumerate(rows)])
    if isinstance(question, d.MatrixScale | d.MatrixSingle | d.MatrixMultiple) and not rows:
        yield Found((*path, "rows"), N_("A matrix needs at least one row."))
    if isinstance(question, WITH_OPTIONS):
        yield from _options(question, path)
    if isinstance(question, d.Scaled | d.Nps | d.Number):
        yield from _outside(question, path)
    if isinstance(question, d.Smiley) and not question.labels:
        yield Found((*path, "labels"), N_("Every face needs words: write `labels`, one for each point."))
    elif isinstance(question, d.Smiley) and question.points > MOST_FACES:
        yield Found((*path, "points"), N_("More than %(limit)s faces cannot be told apart."), {"limit": MOST_FACES})
    match question:
        case d.Scaled(labels=labels, points=points):
            if labels and len(labels) != points:
                yield Found(
                    (*path, "labels"),
                    N_("There are %(labels)s labels for %(points)s points. Write one for each point."),
                    {"labels": len(labels), "points": points},
                )
            if labels and (question.low or question.high):
                yield Found((*path, "labels"), N_("Give either `labels` for all points or `low` and `high`, not both."))
            if not labels and not isinstance(question, d.Smiley) and not (question.low and question.high):
                yield Found(path, N_("Write what both ends of the scale mean, or what each point means."))
        case d.Ranking(top=top) if top is not None and top > len(question.options):
            yield Found((*path, "top"), N_("There are not so many options to choose."))
        case d.Nps():
            if not (question.low and question.high):
                yield Found(path, N_("Write what both ends of the scale mean."))
        case d.Multiple():
            yield from _choices(question, path)
        case d.Number(min=low, max=high) if low is not None and high is not None and low > high:
            yield Found((*path, "min"), N_("The least value is greater than the greatest."))
        case d.Free() if question.min_length > question.most:
            yield Found((*path, "min_length"), N_("The least length is greater than the greatest."))
        case d.Date() | d.DateRange():
            yield from _days(question, path)
        case d.File(kinds=kinds):
            for number, kind in enumerate(kinds):
                if kind not in ACCEPTED:
                    known = {"name": kind, "kinds": ", ".join(ACCEPTED)}
                    yield Found((*path, "kinds", number), N_("“%(name)s” is no kind of file: %(kinds)s."), known)
        case d.Hidden(parameter=parameter) if not PARAMETER.fullmatch(parameter):
            yield Found(
                (*path, "parameter"),
                N_("“%(name)s” does not fit. Use only letters, digits, - and _, and begin with a letter."),
                {"name": parameter},
            )


def _days(question: d.Date | d.DateRange, path: Path) -> Iterator[Found]:
    for name in ("earliest", "latest"):
        written = getattr(question, name)
        if written is not None and iso_day(written) is None:
            yield Found((*path, name), N_("“%(name)s” is no day. Write it as 2026-03-27."), {"name": written})
    first, last = iso_day(question.earliest or ""), iso_day(question.latest or "")
    if first and last and last < first:
        yield Found((*path, "latest"), N_("This day is before the earliest."))


WITH_OPTIONS = (d.Single, d.Multiple, d.MatrixSingle, d.MatrixMultiple, d.Ranking, d.Allocation)
MATRICES = (d.MatrixSingle, d.MatrixMultiple)


def _options(
    question: d.Single | d.Multiple | d.MatrixSingle | d.MatrixMultiple | d.Ranking | d.Allocation, path: Path
) -> Iterator[Found]:
    if len(question.options) < 2:
        yield Found((*path, "options"), N_("At least two options are needed."))
    if len(question.options) > MOST_OPTIONS:
        yield Found((*path, "options"), N_("More than %(limit)s options."), {"limit": MOST_OPTIONS})
    if question.options and all(option.missing for option in question.options):
        yield Found((*path, "options"), N_("At least one option must be a real answer."))
    others = 0
    for number, option in enumerate(question.options):
        place = (*path, "options", number)
        others += option.other
        if option.exclusive and not isinstance(question, d.Multiple | d.MatrixMultiple):
            yield Found(
                (*place, "exclusive"),
                N_("Only a question of type `multiple` or `matrix_multiple` can have an exclusive option."),
            )
        if option.missing and isinstance(question, d.Ranking | d.Allocation):
            yield Found(
                (*place, "missing"),
                N_("“Don't know” cannot be ranked or get points. Remove this; the question can be left out."),
            )
        if option.other and (not isinstance(question, d.Single | d.Multiple) or others > 1 or option.missing):
            yield Found(
                (*place, "other"),
                N_("Only one option of a `single` or `multiple` question can open a text field of its own."),
            )
        if isinstance(question, MATRICES) and option.image:
            yield Found((*place, "image"), N_("The columns of a matrix cannot have images."))
        if isinstance(question, MATRICES) and option.show_if:
            yield Found((*place, "show_if"), N_("The columns of a matrix cannot have conditions; its rows can."))


def _choices(question: d.Multiple, path: Path) -> Iterator[Found]:
    free = sum(not option.exclusive for option in question.options)
    if question.min is not None and question.min > free:
        yield Found((*path, "min"), N_("There are not so many options to choose."))
    if question.max is not None and question.max > len(question.options):
        yield Found((*path, "max"), N_("There are not so many options to choose."))
    if question.min is not None and question.max is not None and question.min > question.max:
        yield Found((*path, "min"), N_("The least value is greater than the greatest."))


def _outside(question: d.Scaled | d.Nps | d.Number, path: Path) -> Iterator[Found]:
    yield from _repeated([((*path, "outside", n, "code"), option.code) for n, option in enumerate(question.outside)])
    for number, option in enumerate(question.outside):
        place = (*path, "outside", number)
        if option.missing is None:
            yield Found(place, N_("An answer outside the scale needs `missing: dont_know` or `missing: refused`."))
        if option.code.isdigit():
            yield Found((*place, "code"), N_("This code looks like a value. Choose a word."))
        if option.show_if or option.other or option.exclusive:
            yield Found(place, N_("An answer outside the scale has only `code`, `text` and `missing`."))


def _conditions(definition: d.Definition, broken: frozenset[str]) -> Iterator[Found]:
    scope: dict[str, terms.Variable] = {}
    everything = frozenset(question.key for question in definition.questions)

    def judged(source: str, path: Path) -> Iterator[Found]:
        if source:
            for found in type_checks.check(source, scope, everything - scope.keys(), broken):
                # The last part of the place is the character in the condition, from 1.
                yield Found((*path, "show_if", found.column - 1), found.message, found.parameters)

    for p, page in enumerate(definition.pages):
        yield from judged(page.show_if, ("pages", p))
        for q, question in enumerate(page.questions):
            path: Path = ("pages", p, "questions", q)
            yield from judged(question.show_if, path)
            if isinstance(question, d.Calculated):
                offered, faults = type_checks.check_value(question.value, scope, everything - scope.keys(), broken)
                yield from (Found((*path, "value", f.column - 1), f.message, f.parameters) for f in faults)
                scope[question.key] = offered
                continue
            for name in ("options", "rows"):
                for number, item in enumerate(getattr(question, name, ())):
                    yield from judged(item.show_if, (*path, name, number))
            known = terms.variable(question)
            if known is not None:
                scope[question.key] = known


NOT_YET = N_("“%(name)s” is part of the format, but does not work yet. Leave it out for now.")


def _not_yet(definition: d.Definition) -> Iterator[Found]:
    for path, question in _questions(definition):
        if isinstance(question, d.NOT_YET):
            yield Found((*path, "type"), NOT_YET, {"name": question.__struct_config__.tag})


__all__ = ["Found", "Path", "check"]
