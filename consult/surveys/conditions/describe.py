"""A condition in words, for people whose browser runs no scripts: they see the question and when to answer it."""

from __future__ import annotations

from collections.abc import Mapping

from consult.errors import N_
from consult.i18n import Locale, Text, pick
from consult.surveys.conditions.expression import Binary, Call, ListOf, Literal, Member, Name, Tree, Unary, parse
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import ENDS
from consult.surveys.definition.values_in_words import day, place_name

ONLY_IF = N_("Answer only if %(condition)s.")
IT_DEPENDS = N_("Answer only if it applies to you; it depends on your answers above.")

IS = N_("“%(question)s” is “%(answer)s”")
IS_NOT = N_("“%(question)s” is not “%(answer)s”")
CHOSE = N_("you chose “%(answer)s” in “%(question)s”")
CHOSE_NOT = N_("you did not choose “%(answer)s” in “%(question)s”")
ANSWERED = N_("you answered “%(question)s”")
ANSWERED_NOT = N_("you did not answer “%(question)s”")
COUNTED = N_("you chose at least %(number)s answers in “%(question)s”")
CONTAINS = N_("your answer to “%(question)s” contains “%(answer)s”")
OR = N_("%(first)s or %(second)s")
AND = N_("%(first)s and %(second)s")
COMPARED = {
    "==": N_("“%(question)s” is %(number)s"),
    "!=": N_("“%(question)s” is not %(number)s"),
    ">=": N_("“%(question)s” is at least %(number)s"),
    "<=": N_("“%(question)s” is at most %(number)s"),
    ">": N_("“%(question)s” is more than %(number)s"),
    "<": N_("“%(question)s” is less than %(number)s"),
}

ON = {
    "==": N_("“%(question)s” is %(day)s"),
    "!=": N_("“%(question)s” is not %(day)s"),
    ">=": N_("“%(question)s” is %(day)s or later"),
    "<=": N_("“%(question)s” is %(day)s or earlier"),
    ">": N_("“%(question)s” is after %(day)s"),
    "<": N_("“%(question)s” is before %(day)s"),
}
AGREED = N_("you agreed in “%(question)s”")
AGREED_NOT = N_("you did not agree in “%(question)s”")
FIRST_DAY, LAST_DAY = N_("%(question)s – first day"), N_("%(question)s – last day")


class _NoWords(Exception):
    """A condition beyond the usual cases."""


def describe(source: str, definition: d.Definition, locale: Locale) -> str:
    """One sentence; a general one where the condition is not a usual case."""
    speaker = _Speaker({question.key: question for question in definition.questions}, locale)
    try:
        return locale.gettext(ONLY_IF, condition=speaker.clause(parse(source)))
    except _NoWords:
        return locale.gettext(IT_DEPENDS)


class _Speaker:
    def __init__(self, questions: Mapping[str, d.AnyQuestion], locale: Locale) -> None:
        self.questions, self.locale = questions, locale

    def say(self, message: str, **parameters: object) -> str:
        return self.locale.gettext(message, **parameters)

    def text(self, text: Text) -> str:
        return pick(text, self.locale.code, self.locale.order)[0]

    def clause(self, tree: Tree) -> str:
        match tree:
            case Binary(operator="&&" | "||" as joint, left=left, right=right):
                words = AND if joint == "&&" else OR
                return self.say(words, first=self.side(left, joint), second=self.side(right, joint))
            case Binary(operator="in", left=Literal(value=str(code)), right=(Name() | Member()) as asked):
                return self.say(CHOSE, answer=self.label(asked, code), question=self.name(asked))
            case Unary(
                operator="!",
                operand=Binary(operator="in", left=Literal(value=str(code)), right=(Name() | Member()) as asked),
            ):
                return self.say(CHOSE_NOT, answer=self.label(asked, code), question=self.name(asked))
            case Binary(operator="in", left=Name() | Member() as asked, right=ListOf(items=items)):
                return self.any_of(asked, items)
            case Binary(
                operator=">=",
                left=Call(function="count", arguments=(Name() as asked,)),
                right=Literal(value=float(least)),
            ):
                return self.say(COUNTED, number=self.locale.number(least), question=self.name(asked))
            case Call(function="contains", arguments=(Name() as asked, Literal(value=str(words)))):
                return self.say(CONTAINS, question=self.name(asked), answer=words)
            case Binary(operator=operator, left=Name() | Member() as asked, right=Literal(value=value)):
                return self.comparison(operator, asked, value)
            case Call(function="answered", arguments=((Name() | Member()) as asked,)):
                return self.say(ANSWERED, question=self.name(asked))
            case Unary(operator="!", operand=Call(function="answered", arguments=((Name() | Member()) as asked,))):
                return self.say(ANSWERED_NOT, question=self.name(asked))
            case Name() if self.is_consent(tree):
                return self.say(AGREED, question=self.name(tree))
            case Unary(operator="!", operand=Name() as asked) if self.is_consent(asked):
                return self.say(AGREED_NOT, question=self.name(asked))
        raise _NoWords

    def is_consent(self, asked: Name) -> bool:
        return isinstance(self.questions[asked.name], d.Consent)

    def side(self, tree: Tree, joint: str) -> str:
        """One side of “and”; what is joined by “or” stands in brackets there."""
        words = self.clause(tree)
        is_or = isinstance(tree, Binary) and tree.operator == "||"
        return f"({words})" if joint == "&&" and is_or else words

    def any_of(self, asked: Name | Member, items: tuple[Tree, ...]) -> str:
        words = ""
        for item in items:
            if not isinstance(item, Literal):
                raise _NoWords
            clause = self.comparison("==", asked, item.value)
            words = self.say(OR, first=words, second=clause) if words else clause
        return words

    def comparison(self, operator: str, asked: Name | Member, value: bool | float | str) -> str:
        if isinstance(value, str) and isinstance(self.questions[asked.name], d.Date | d.DateRange | d.Time):
            return self.say(ON[operator], question=self.name(asked), day=day(value, self.locale))
        if isinstance(value, str) and operator in ("==", "!="):
            message = IS if operator == "==" else IS_NOT
            return self.say(message, question=self.name(asked), answer=self.label(asked, value))
        if isinstance(value, float) and operator in COMPARED:
            return self.say(COMPARED[operator], question=self.name(asked), number=self.value(asked, value))
        raise _NoWords

    def value(self, asked: Name | Member, value: float) -> str:
        """A number; on a scale whose points have words, the word that stands there."""
        question = self.questions[asked.name]
        if isinstance(question, d.Scaled) and question.labels and value in question.values:
            return f"“{self.text(question.labels[question.values.index(int(value))])}”"
        return self.locale.number(value)

    def name(self, asked: Name | Member) -> str:
        question = self.questions[asked.name]
        if isinstance(question, d.Calculated | d.Hidden):
            raise _NoWords  # respondents have never seen it
        if isinstance(asked, Member):
            if isinstance(question, d.DateRange):
                words = FIRST_DAY if asked.row == ENDS[0] else LAST_DAY
                return self.say(words, question=self.text(question.text))
            parts = question.options if isinstance(question, d.Allocation) else getattr(question, "rows", ())
            for row in parts:
                if row.code == asked.row:
                    return self.text(row.text)
        return self.text(question.text)

    def label(self, asked: Name | Member, code: str) -> str:
        if isinstance(self.questions[asked.name], d.Place):
            return place_name(code, self.locale)
        for option in getattr(self.questions[asked.name], "options", ()):
            if option.code == code:
                return self.text(option.text)
        return code
