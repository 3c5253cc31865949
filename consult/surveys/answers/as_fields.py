"""Stored answers as the fields of a form: what somebody would have posted. For correcting and going on later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from consult.surveys.answers.decoders.given import YES
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

TokenOf: TypeAlias = Callable[[str, str], str | None]
"""What stands in the form for a file: of a question's key and the file's id."""


def fields_of_answers(
    definition: d.Definition, answers: Mapping[str, Any], token_of: TokenOf | None = None
) -> Fields:  # fmt: skip
    """Posting these fields gives the same answers again. Files need token_of; without it they are left out."""
    fields: Fields = {}
    questions = {question.key: question for question in definition.questions}
    for name, answer in answers.items():
        question = questions.get(name)
        if answer is None or isinstance(question, d.Calculated):
            continue
        match question:
            case d.Consent():
                fields[name] = [YES]
            case d.File() | d.Photo():
                token = token_of(name, answer) if token_of else None
                if token:
                    fields[name] = [token]
            case d.Ranking():
                fields |= {f"{name}.{code}": [str(place)] for place, code in enumerate(answer, 1)}
            case _ if isinstance(answer, dict):
                fields |= {f"{name}.{part}": _written(given) for part, given in answer.items() if given is not None}
            case _:
                fields[name] = _written(answer)
    return fields


def _written(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [str(item) for item in answer]
    if isinstance(answer, float):
        return [f"{answer:.6f}".rstrip("0").rstrip(".")]
    return [str(answer)]
