"""Numbers and texts that respondents write."""

from __future__ import annotations

import re
from typing import Any

from consult.errors import Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import (
    ONE_VALUE,
    WRITE,
    WRITE_AT_LEAST,
    WRITE_AT_MOST,
    WRITE_BETWEEN,
    WRITE_DECIMALS,
    WRITE_LESS,
    WRITE_MORE,
    WRITE_NUMBER,
    WRITE_WHOLE,
)
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,15}))?")
GROUPED = re.compile(r"(?<=[0-9])\s(?=[0-9]{3}(?![0-9]))")


def number(written: str) -> tuple[float, int] | None:
    """A written number and its digits after the separator, which may be a comma: “ 1 250,5” is (1250.5, 1)."""
    match = NUMBER.fullmatch(GROUPED.sub("", written.strip().replace("−", "-")))
    if match is None:
        return None
    decimals = (match[3] or "").rstrip("0")
    return float(f"{match[1]}{match[2]}.{match[3] or '0'}"), len(decimals)


def numeric(question: d.Number) -> Decoder:
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
        written = one([value for value in sent if value not in outside])
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


def text(question: d.Free) -> Decoder:
    key, required, least, most = question.key, question.required, question.min_length, question.most
    told = {"question": question.text}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        written = one(form.get(key))
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


MAKERS: Makers = {d.Number: numeric, d.Free: text}
