"""Places, consent, values that come with the link, and files (taken in before: see files/uploads.py)."""

from __future__ import annotations

from typing import Any

from consult.errors import N_, Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import CHOOSE, CHOOSE_LISTED, ONE_VALUE
from consult.surveys.answers.decoders.written import number
from consult.surveys.answers.file_tokens import id_in
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d
from consult.surveys.definition.municipality import here

TICK = N_("Tick the box if you agree; without it you cannot go on: “%(question)s”.")
CHOOSE_FILE = N_("Choose a file: “%(question)s”.")
CHOOSE_PHOTO = N_("Choose a photo: “%(question)s”.")
AGAIN = N_("The file did not arrive whole, or it is no longer here. Choose it again: “%(question)s”.")
WRITE_LATITUDE = N_("Write the latitude in degrees, from −90 to 90, such as 41.9973: “%(question)s”.")
WRITE_LONGITUDE = N_("Write the longitude in degrees, from −180 to 180, such as 21.4280: “%(question)s”.")

YES = "yes"
LONGEST_HIDDEN = 100
PLACES_AFTER_POINT = 4  # about ten metres
AXES = {
    "latitude": (90.0, WRITE_LATITUDE),
    "longitude": (180.0, WRITE_LONGITUDE),
}


def place(question: d.Place) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}

    def coordinates(form: Fields, put: Put) -> dict[str, float]:
        found: dict[str, float] = {}
        sent = {axis: one(form.get(f"{key}.{axis}")) for axis in AXES}
        written = {axis: "?" if value is None else value.strip() for axis, value in sent.items()}
        for axis, (bound, message) in AXES.items():
            parsed = number(written[axis])
            if parsed is not None and abs(parsed[0]) <= bound:
                found[f"{key}.{axis}"] = round(parsed[0], PLACES_AFTER_POINT)
            elif any(written.values()):
                put(Problem(f"{key}.{axis}", message, told))
        return found

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        code = one(form.get(key))
        if code is None:
            put(Problem(key, ONE_VALUE, told))
            return True
        if code and code not in here().places:
            put(Problem(key, CHOOSE_LISTED, told))
            return True
        answers[key] = code or None
        found = coordinates(form, put) if question.coordinates else {}
        if len(found) == len(AXES):
            answers.update(found)
        elif required and not code:
            put(Problem(key, CHOOSE, told))
        return True

    return decode


def consent(question: d.Consent) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        ticked = any(value == YES for value in form.get(key, ()))
        answers[key] = True if ticked else None
        if required and not ticked:
            put(Problem(key, TICK, told))
        return True

    return decode


def hidden(question: d.Hidden) -> Decoder:
    """Nobody typed it, so nobody is told that it is wrong: what does not fit counts as not there."""
    key = question.key
    codes = {option.code for option in question.options}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        value = (one(form.get(key)) or "").strip()
        fits = value in codes if codes else len(value) <= LONGEST_HIDDEN and value.isprintable()
        answers[key] = value if value and fits else None
        return True

    return decode


def file(question: d.File | d.Photo) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    missing = CHOOSE_PHOTO if isinstance(question, d.Photo) else CHOOSE_FILE

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        token = one(form.get(key))
        found = id_in(token) if token else None
        if found is not None:
            answers[key] = str(found)
        elif token == "":
            answers[key] = None
            if required:
                put(Problem(key, missing, told))
        else:
            put(Problem(key, AGAIN, told))
        return True

    return decode


MAKERS: Makers = {d.Place: place, d.Consent: consent, d.Hidden: hidden, d.File: file, d.Photo: file}
