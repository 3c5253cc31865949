"""A number on a scale, or an answer apart from it."""

from __future__ import annotations

from typing import Any

from consult.errors import Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import CHOOSE, CHOOSE_FACE, CHOOSE_NUMBER, CHOOSE_ONE
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d


def scale_values(question: d.Scaled | d.Nps) -> dict[str, Any]:
    values: dict[str, Any] = {str(value): value for value in question.values}
    return values | {option.code: option.code for option in question.outside}


def what_to_choose(question: d.Scale | d.Smiley | d.Nps) -> str:
    """The message that asks for an answer in the form that is seen: a face, a word, or else a number."""
    if isinstance(question, d.Smiley):
        return CHOOSE_FACE
    return CHOOSE if isinstance(question, d.Scale) and question.labels else CHOOSE_NUMBER


def scale(question: d.Scale | d.Smiley | d.Nps) -> Decoder:
    key, required, values = question.key, question.required, scale_values(question)
    choose = what_to_choose(question)
    told = {"question": question.text, "low": question.values[0], "high": question.values[-1]}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        given = one(form.get(key))
        if given is None:
            put(Problem(key, CHOOSE_ONE, told))
        elif not given:
            answers[key] = None
            if required:
                put(Problem(key, choose, told))
        elif given in values:
            answers[key] = values[given]
        else:
            put(Problem(key, choose, told))
        return True

    return decode


MAKERS: Makers = {d.Scale: scale, d.Smiley: scale, d.Nps: scale}
