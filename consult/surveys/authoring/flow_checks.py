"""What a definition must keep to so that people get through it: rules, quotas, screening out, answers in texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from consult.errors import N_
from consult.surveys.answers import piping
from consult.surveys.authoring.fault import Found, Path
from consult.surveys.conditions import terms, type_checks
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import slots

NOT_HERE = N_("Answers can stand only in texts of later pages. Write this text without “${%(name)s}”.")
NO_QUESTION = N_("There is no question “%(name)s”, so “${%(name)s}” stands for nothing.")
TOO_EARLY = N_("“%(name)s” is not asked on an earlier page. Its answer cannot stand in this text.")
NO_WORDS = N_("The answer to “%(name)s” cannot be said in a text.")


def check(definition: d.Definition, broken: frozenset[str]) -> Iterator[Found]:
    yield from _screening(definition)
    yield from _rules_and_quotas(definition, broken)
    yield from _piping(definition, broken)


def _screening(definition: d.Definition) -> Iterator[Found]:
    for number, page in enumerate(definition.pages):
        if not page.screen_out:
            continue
        path: Path = ("pages", number, "screen_out")
        if page.questions:
            yield Found(path, N_("A page that ends the survey has no questions. Move them to another page."))
        if number == 0:
            yield Found(path, N_("The first page cannot end the survey."))
        elif not page.show_if:
            yield Found(path, N_("Nobody would get past this page. Say with `show_if` for whom the survey ends here."))


def _rules_and_quotas(definition: d.Definition, broken: frozenset[str]) -> Iterator[Found]:
    scope: dict[str, terms.Variable] = {}
    everything = frozenset(question.key for question in definition.questions)

    def judged(source: str, path: Path) -> Iterator[Found]:
        for found in type_checks.check(source, scope, everything - scope.keys(), broken):
            yield Found((*path, found.column - 1), found.message, found.parameters)

    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            offered = terms.variable(question)
            if offered is not None:
                scope[question.key] = offered
            for number, rule in enumerate(getattr(question, "rules", ())):
                yield from judged(rule.must, ("pages", p, "questions", q, "rules", number, "must"))
    seen: set[str] = set()
    for number, quota in enumerate(definition.quotas):
        if quota.key in seen:
            yield Found(
                ("quotas", number, "key"),
                N_("“%(name)s” is used twice. Give one of them another name."),
                {"name": quota.key},
            )
        seen.add(quota.key)
        yield from judged(quota.when, ("quotas", number, "when"))


def _piping(definition: d.Definition, broken: frozenset[str]) -> Iterator[Found]:
    questions = {question.key: question for question in definition.questions}
    page_of = {question.key: p for p, page in enumerate(definition.pages) for question in page.questions}
    for slot in slots(definition):
        keys = {key for words in slot.text.values() for key in piping.keys_in(words)}
        for key in sorted(keys - broken):
            message = _fault(key, slot.path, questions, page_of)
            if message:
                yield Found(slot.path, message, {"name": key})


def _fault(
    key: str, path: Path, questions: Mapping[str, d.AnyQuestion], page_of: Mapping[str, int]
) -> str | None:  # fmt: skip
    if path[0] not in ("pages", "quotas") or path[:2] == ("pages", 0):
        return NOT_HERE
    if key not in questions:
        return NO_QUESTION
    if not piping.can_be_piped(questions[key]):
        return NO_WORDS
    if path[0] == "pages" and page_of[key] >= int(path[1]):
        return TOO_EARLY
    return None
