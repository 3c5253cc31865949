"""One definition for the answers of all versions of a survey: keys never change their type, so they can be joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from consult.surveys.definition import AnyQuestion, Definition


def united(definitions: Sequence[Definition]) -> Definition:
    """The newest definition (first), and behind its own options, rows and questions those of older versions only.

    Words are those of the newest version that has them.
    """
    newest = definitions[0]
    older: dict[str, list[AnyQuestion]] = {}
    for definition in definitions[1:]:
        for question in definition.questions:
            older.setdefault(question.key, []).append(question)
    pages = [
        msgspec.structs.replace(
            page, questions=tuple(_joined(question, older.pop(question.key, [])) for question in page.questions)
        )
        for page in newest.pages
    ]
    gone = tuple(_joined(questions[0], questions[1:]) for questions in older.values())
    if gone:
        pages[-1] = msgspec.structs.replace(pages[-1], questions=(*pages[-1].questions, *gone))
    return msgspec.structs.replace(newest, pages=tuple(pages))


def _joined(newest: AnyQuestion, older: list[AnyQuestion]) -> AnyQuestion:
    changes: dict[str, Any] = {}
    for name in ("options", "rows", "outside"):
        items = {item.code: item for item in getattr(newest, name, ())}
        for question in older:
            for item in getattr(question, name, ()):
                items.setdefault(item.code, item)
        if len(items) > len(getattr(newest, name, ())):
            changes[name] = tuple(items.values())
    return msgspec.structs.replace(newest, **changes) if changes else newest
