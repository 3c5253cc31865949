"""One answer for each row."""

from __future__ import annotations

from typing import Any

from consult.errors import Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import (
    CHOOSE_ALONE,
    CHOOSE_LISTED,
    CHOOSE_ONE,
    CHOOSE_ROW,
    CHOOSE_SOME_ROW,
)
from consult.surveys.answers.decoders.scales import scale_values
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d


def matrix(question: d.MatrixScale | d.MatrixSingle, values: dict[str, Any]) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    rows = [(row.code, f"{key}.{row.code}", {**told, "row": row.text}) for row in question.rows]

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        found: dict[str, Any] = {}
        for code, name, parameters in rows:
            if code in gone:
                continue
            given = form.get(name)
            sent = one(given)
            if sent and sent in values:
                found[code] = values[sent]
            elif sent:
                put(Problem(name, CHOOSE_LISTED, {"question": parameters["row"]}))
            elif sent is None:
                put(Problem(name, CHOOSE_ONE, {"question": parameters["row"]}))
            else:
                found[code] = None
                if required:
                    put(Problem(name, CHOOSE_ROW, parameters))
        if len(gone) == len(rows):
            return False
        answers[key] = found
        return True

    return decode


def _of_scales(question: d.MatrixScale) -> Decoder:
    return matrix(question, scale_values(question))


def _of_options(question: d.MatrixSingle) -> Decoder:
    return matrix(question, {option.code: option.code for option in question.options})


def several(question: d.MatrixMultiple) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    rows = [(row.code, f"{key}.{row.code}", row.text) for row in question.rows]
    codes = tuple(option.code for option in question.options)
    alone = {option.code: option.text for option in question.options if option.exclusive or option.missing}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        found: dict[str, Any] = {}
        for code, name, words in rows:
            if code in gone:
                continue
            given = {value for value in form.get(name, ()) if value}
            chosen = [option for option in codes if option in given]
            exclusive = next((option for option in chosen if option in alone), None)
            found[code] = chosen or None
            if len(chosen) != len(given):
                put(Problem(name, CHOOSE_LISTED, {"question": words}))
            elif exclusive is not None and len(chosen) > 1:
                put(Problem(name, CHOOSE_ALONE, {"option": alone[exclusive]}))
            elif not chosen and required:
                put(Problem(name, CHOOSE_SOME_ROW, {**told, "row": words}))
        if not found:
            return False
        answers[key] = found
        return True

    return decode


MAKERS: Makers = {d.MatrixScale: _of_scales, d.MatrixSingle: _of_options, d.MatrixMultiple: several}
