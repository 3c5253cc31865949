"""One decoder for each question type: form fields in, the stored answer or a problem out.

A decoder is made once per published question and runs for every response, so what can be looked up is prepared.
It returns False when conditions on options or rows left nothing to ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from consult.errors import N_, Problem
from consult.surveys import definition as d
from consult.surveys.forms import Fields

Put: TypeAlias = Callable[[Problem], None]
Decoder: TypeAlias = Callable[[Fields, dict[str, Any], Put, frozenset[str]], bool]

CHOOSE = N_("Choose an answer: “%(question)s”.")
CHOOSE_ROW = N_("Choose an answer in the row “%(row)s”.")
CHOOSE_ONE = N_("Choose only one answer: “%(question)s”.")
CHOOSE_LISTED = N_("Choose one of the answers shown: “%(question)s”.")
CHOOSE_SOME = N_("Choose at least one answer: “%(question)s”.")
CHOOSE_AT_LEAST = N_("Choose at least %(least)s answers: “%(question)s”.")
CHOOSE_AT_MOST = N_("Choose at most %(most)s answers: “%(question)s”.")
CHOOSE_ALONE = N_("“%(option)s” cannot be chosen together with other answers. Choose one or the other.")
CHOOSE_NUMBER = N_("Choose a number from %(low)s to %(high)s: “%(question)s”.")
WRITE = N_("Write an answer: “%(question)s”.")
WRITE_NUMBER = N_("Write a number, for example 25: “%(question)s”.")
WRITE_WHOLE = N_("Write a whole number, without a decimal part or separators: “%(question)s”.")
WRITE_DECIMALS = N_("Write at most %(decimals)s digits after the decimal point: “%(question)s”.")
WRITE_BETWEEN = N_("Write a number from %(low)s to %(high)s: “%(question)s”.")
WRITE_AT_LEAST = N_("Write a number that is at least %(low)s: “%(question)s”.")
WRITE_AT_MOST = N_("Write a number that is at most %(high)s: “%(question)s”.")
WRITE_LESS = N_("Shorten your answer to %(most)s characters (now %(now)s): “%(question)s”.")
WRITE_MORE = N_("Write at least %(least)s characters: “%(question)s”.")
ONE_VALUE = N_("This was sent twice with different answers. Answer it once: “%(question)s”.")

OTHER_LENGTH = 200
NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,15}))?")
GROUPED = re.compile(r"(?<=[0-9])\s(?=[0-9]{3}(?![0-9]))")


def decoder(question: d.AnyQuestion) -> Decoder | None:
    """None for a block that takes no answer."""
    match question:
        case d.Single():
            return _single(question)
        case d.Multiple():
            return _multiple(question)
        case d.Scale() | d.Nps():
            return _scale(question)
        case d.MatrixScale():
            return _matrix(question, _scale_values(question), is_numeric=True)
        case d.MatrixSingle():
            codes = {option.code: option.code for option in question.options}
            return _matrix(question, codes, is_numeric=False)
        case d.Number():
            return _number(question)
        case d.Free():
            return _text(question)
        case d.Information():
            return None
    raise TypeError(f"no decoder for {type(question).__name__}")


def _one(values: list[str] | None) -> str | None:
    """The one value sent; None when there is more than one."""
    if not values:
        return ""
    if len(values) == 1:
        return values[0]
    filled = {value for value in values if value}
    return filled.pop() if len(filled) == 1 else None if filled else ""


def _single(question: d.Single) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    codes = {option.code: option for option in question.options}
    other = next((option.code for option in question.options if option.other), None)

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        if gone and len(gone) == len(codes):
            return False
        given = form.get(key)
        code = _one(given)
        if code is None:
            put(Problem(key, CHOOSE_ONE, told))
            return True
        written = _other(form, key, put, told) if other is not None and other not in gone else ""
        if not code and written and other is not None:
            code = other
        if code in gone:
            code = ""
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


def _other(form: Fields, key: str, put: Put, told: dict[str, Any]) -> str:
    name = f"{key}.other"
    written = _one(form.get(name))
    if written is None:
        put(Problem(name, ONE_VALUE, told))
        return ""
    written = written.strip()
    if len(written) > OTHER_LENGTH:
        put(Problem(name, WRITE_LESS, {**told, "most": OTHER_LENGTH, "now": len(written)}))
    return written


def _multiple(question: d.Multiple) -> Decoder:
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
            written = _other(form, key, put, told)
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


def _scale_values(question: d.Scaled | d.Nps) -> dict[str, Any]:
    values: dict[str, Any] = {str(value): value for value in question.values}
    return values | {option.code: option.code for option in question.outside}


def _scale(question: d.Scale | d.Nps) -> Decoder:
    key, required, values = question.key, question.required, _scale_values(question)
    told = {"question": question.text, "low": question.values[0], "high": question.values[-1]}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        given = _one(form.get(key))
        if given is None:
            put(Problem(key, CHOOSE_ONE, told))
        elif not given:
            answers[key] = None
            if required:
                put(Problem(key, CHOOSE_NUMBER, told))
        elif given in values:
            answers[key] = values[given]
        else:
            put(Problem(key, CHOOSE_NUMBER, told))
        return True

    return decode


def _matrix(question: d.MatrixScale | d.MatrixSingle, values: dict[str, Any], *, is_numeric: bool) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    rows = [(row.code, f"{key}.{row.code}", {**told, "row": row.text}) for row in question.rows]

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        found: dict[str, Any] = {}
        for code, name, parameters in rows:
            if code in gone:
                continue
            given = form.get(name)
            one = _one(given)
            if one and one in values:
                found[code] = values[one]
            elif one:
                put(Problem(name, CHOOSE_LISTED, {"question": parameters["row"]}))
            elif one is None:
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


def number(written: str) -> tuple[float, int] | None:
    """A written number and its digits after the separator, which may be a comma: “ 1 250,5” is (1250.5, 1)."""
    match = NUMBER.fullmatch(GROUPED.sub("", written.strip().replace("−", "-")))
    if match is None:
        return None
    decimals = (match[3] or "").rstrip("0")
    return float(f"{match[1]}{match[2]}.{match[3] or '0'}"), len(decimals)


def _number(question: d.Number) -> Decoder:
    key, required, low, high = question.key, question.required, question.min, question.max
    told = {"question": question.text, "low": _shown(low), "high": _shown(high), "decimals": question.decimals}
    outside = {option.code for option in question.outside}
    most_decimals = question.decimals
    if low is not None and high is not None:
        range_message = WRITE_BETWEEN
    else:
        range_message = WRITE_AT_LEAST if low is not None else WRITE_AT_MOST

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        sent = [value for value in form.get(key, ()) if value.strip()]
        apart = [value for value in sent if value in outside]
        written = _one([value for value in sent if value not in outside])
        if not sent:
            answers[key] = None
            if required:
                put(Problem(key, WRITE, told))
        elif written is None or (apart and written) or len(set(apart)) > 1:
            put(Problem(key, ONE_VALUE, told))
        elif apart:
            answers[key] = apart[0]
        else:
            parsed = number(written)
            if parsed is None:
                put(Problem(key, WRITE_NUMBER, told))
            elif most_decimals == 0 and ("." in written or "," in written):
                put(Problem(key, WRITE_WHOLE, told))
            elif parsed[1] > most_decimals:
                put(Problem(key, WRITE_DECIMALS, told))
            elif (low is not None and parsed[0] < low) or (high is not None and parsed[0] > high):
                put(Problem(key, range_message, told))
            else:
                answers[key] = int(parsed[0]) if most_decimals == 0 else parsed[0]
        return True

    return decode


def _shown(bound: float | None) -> float | int | None:
    return int(bound) if bound is not None and bound == int(bound) else bound


def _text(question: d.Free) -> Decoder:
    key, required, least, most = question.key, question.required, question.min_length, question.most
    told = {"question": question.text}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        written = _one(form.get(key))
        if written is None:
            put(Problem(key, ONE_VALUE, told))
            return True
        if "\r" in written:
            written = written.replace("\r\n", "\n").replace("\r", "\n")
        written = written.strip()
        if not written:
            answers[key] = None
            if required:
                put(Problem(key, WRITE, told))
        elif len(written) > most:
            put(Problem(key, WRITE_LESS, {**told, "most": most, "now": len(written)}))
        elif len(written) < least:
            put(Problem(key, WRITE_MORE, {**told, "least": least}))
        else:
            answers[key] = written
        return True

    return decode
