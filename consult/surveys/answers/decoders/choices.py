"""One or several options out of a list."""

from __future__ import annotations

from typing import Any

from consult.errors import Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import (
    CHOOSE,
    CHOOSE_ALONE,
    CHOOSE_AT_LEAST,
    CHOOSE_AT_MOST,
    CHOOSE_LISTED,
    CHOOSE_ONE,
    CHOOSE_SOME,
    ONE_VALUE,
    WRITE_LESS,
)
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

OTHER_LENGTH = 200


def single(question: d.Single) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    codes = {option.code: option for option in question.options}
    other = next((option.code for option in question.options if option.other), None)

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        if gone and len(gone) == len(codes):
            return False
        given = form.get(key)
        code = one(given)
        if code is None:
            put(Problem(key, CHOOSE_ONE, told))
            return True
        if code in gone:
            code = ""
        written = other_text(form, key, put, told) if other is not None and other not in gone else ""
        if not code and written and other is not None:
            code = other
        if not code:
            answers[key] = None
            if required:
                put(Problem(key, CHOOSE, told))
        elif code in codes:
            answers[key] = code
            if code == other and written:
                answers[f"{key}.other"] = written
        else:
            put(Problem(key, CHOOSE_LISTED, told))
        return True

    return decode


def other_text(form: Fields, key: str, put: Put, told: dict[str, Any]) -> str:
    name = f"{key}.other"
    written = one(form.get(name))
    if written is None:
        put(Problem(name, ONE_VALUE, told))
        return ""
    written = written.strip()
    if len(written) > OTHER_LENGTH:
        put(Problem(name, WRITE_LESS, {**told, "most": OTHER_LENGTH, "now": len(written)}))
    return written


def multiple(question: d.Multiple) -> Decoder:
    key, told = question.key, {"question": question.text}
    codes = {option.code: option for option in question.options}
    other = next((option.code for option in question.options if option.other), None)
    alone = {option.code: option.text for option in question.options if option.exclusive}
    least, most = question.min or 0, question.max

    def judge(chosen: list[str], put: Put, gone: frozenset[str]) -> None:
        exclusive = next((code for code in chosen if code in alone), None)
        if exclusive is not None:
            if len(chosen) > 1:
                put(Problem(key, CHOOSE_ALONE, {"option": alone[exclusive]}))
        elif len(chosen) < min(least, len(codes) - len(gone)):
            put(Problem(key, CHOOSE_AT_LEAST, {**told, "least": least}))
        elif most is not None and len(chosen) > most:
            put(Problem(key, CHOOSE_AT_MOST, {**told, "most": most}))

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        if gone and len(gone) == len(codes):
            return False
        given = set(form.get(key, ()))
        given.discard("")
        if other is not None and other not in gone:
            written = other_text(form, key, put, told)
            if written:
                given.add(other)
                answers[f"{key}.other"] = written
        if not given <= codes.keys():
            put(Problem(key, CHOOSE_LISTED, told))
            return True
        chosen = [code for code in codes if code in given and code not in gone]
        answers[key] = chosen or None
        if chosen:
            judge(chosen, put, gone)
        elif question.required:
            put(Problem(key, CHOOSE_SOME, told))
        return True

    return decode


MAKERS: Makers = {d.Single: single, d.Multiple: multiple}
