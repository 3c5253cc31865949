"""What is put in order or shared out among options: a number for each of them."""

from __future__ import annotations

import re
from typing import Any

from consult.errors import Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import (
    ONE_VALUE,
    POINTS_LEFT,
    POINTS_OVER,
    POINTS_WHOLE,
    RANK_ALL,
    RANK_LISTED,
    RANK_ONCE,
    RANK_TOP,
    SHARE_OUT,
)
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

PLACE = re.compile(r"[1-9][0-9]{0,2}")
POINTS = re.compile(r"\+?[0-9]{1,9}")


def ranking(question: d.Ranking) -> Decoder:
    """The codes from the first place on; all that were asked, or as many as `top` says. Numbers may leave gaps."""
    key, required, told = question.key, question.required, {"question": question.text}
    options = [(option.code, f"{key}.{option.code}", option.text) for option in question.options]
    ranking_message = RANK_ALL if question.top is None else RANK_TOP

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        asked = [item for item in options if item[0] not in gone]
        if not asked:
            return False
        places: dict[int, str] = {}
        faults = 0
        for code, name, words in asked:
            given = one(form.get(name))
            if given == "":
                continue
            problem = _place_problem(given, len(options), places, {**told, "option": words})
            if problem is None and given is not None:
                places[int(given)] = code
            elif problem is not None:
                faults += 1
                put(Problem(name, *problem))
        ranked = [places[place] for place in sorted(places)]
        needed = min(question.top or len(asked), len(asked))
        if faults:
            return True
        if len(ranked) == needed:
            answers[key] = ranked
            return True
        if ranked or required:
            put(Problem(key, ranking_message, {**told, "number": needed}))
        if not ranked:
            answers[key] = None
        return True

    return decode


def _place_problem(
    given: str | None, most: int, places: dict[int, str], told: dict[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    if given is None:
        return ONE_VALUE, told
    if not PLACE.fullmatch(given) or int(given) > most:
        return RANK_LISTED, {**told, "high": most}
    if int(given) in places:
        return RANK_ONCE, {**told, "place": int(given)}
    return None


def allocation(question: d.Allocation) -> Decoder:
    """Points by code. Empty fields count as 0, unless all of them are empty: then nothing was answered."""
    key, required, total = question.key, question.required, question.total
    told = {"question": question.text, "total": total}
    options = [(option.code, f"{key}.{option.code}", option.text) for option in question.options]

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        points: dict[str, int] = {}
        asked = [item for item in options if item[0] not in gone]
        if not asked:
            return False
        written = faults = 0
        for code, name, words in asked:
            given = one(form.get(name))
            plain = given.strip() if given is not None else "?"
            written += bool(plain)
            if plain and not POINTS.fullmatch(plain):
                faults += 1
                put(Problem(name, POINTS_WHOLE if given is not None else ONE_VALUE, {**told, "option": words}))
            else:
                points[code] = int(plain or 0)
        if not written:
            answers[key] = None
            if required:
                put(Problem(key, SHARE_OUT, told))
        elif not faults:
            left = total - sum(points.values())
            if left:
                put(Problem(key, POINTS_LEFT if left > 0 else POINTS_OVER, {**told, "points": abs(left)}))
            else:
                answers[key] = points
        return True

    return decode


MAKERS: Makers = {d.Ranking: ranking, d.Allocation: allocation}
