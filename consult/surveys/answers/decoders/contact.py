"""E-mail addresses and telephone numbers."""

from __future__ import annotations

from typing import Any

from consult.errors import N_, Problem
from consult.mail.message import BadAddress, email_address
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import ONE_VALUE
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import phones
from consult.surveys.definition import schema as d
from consult.surveys.definition.municipality import here

WRITE_EMAIL = N_("Write an e-mail address, such as %(example)s: “%(question)s”.")
WRITE_PHONE = N_("Write a telephone number, such as %(example)s, or one that begins with +: “%(question)s”.")


def email(question: d.Email) -> Decoder:
    key, required = question.key, question.required
    told = {"question": question.text, "example": "name@example.com"}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        written = one(form.get(key))
        if written is None:
            put(Problem(key, ONE_VALUE, told))
        elif not written.strip():
            answers[key] = None
            if required:
                put(Problem(key, WRITE_EMAIL, told))
        else:
            try:
                answers[key] = email_address(written)
            except BadAddress:
                put(Problem(key, WRITE_EMAIL, told))
        return True

    return decode


def phone(question: d.Phone) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        written, country = one(form.get(key)), here().country
        number = phones.normal(written, country) if written else None
        if written is None:
            put(Problem(key, ONE_VALUE, told))
        elif number is not None:
            answers[key] = number
        else:
            if not written.strip():
                answers[key] = None
            if required or written.strip():
                put(Problem(key, WRITE_PHONE, {**told, "example": phones.example(country)}))
        return True

    return decode


MAKERS: Makers = {d.Email: email, d.Phone: phone}
