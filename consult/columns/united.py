"""One definition for the answers of all versions of a survey: keys never change their type, so they can be joined.

What only older versions have stays in results and exports, and its words say that it is no longer asked or offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.surveys.answers import piping
from consult.surveys.definition.schema import AnyQuestion, Definition

NOT_ASKED = N_("%(words)s (no longer asked)")
NOT_OFFERED = N_("%(words)s (no longer offered)")


def united(definitions: Sequence[Definition]) -> Definition:
    """The newest definition (first), and behind its own options, rows and questions those of older versions only.

    Words are those of the newest version that has them; where an answer stands in a text, its question's key does.
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
    gone = tuple(_marked(_joined(questions[0], questions[1:]), NOT_ASKED) for questions in older.values())
    if gone:
        pages[-1] = msgspec.structs.replace(pages[-1], questions=(*pages[-1].questions, *gone))
    made = msgspec.structs.replace(newest, pages=tuple(pages))
    return piping.filled(made, lambda key: f"[{key}]") if piping.is_piped(made) else made


def _joined(newest: AnyQuestion, older: list[AnyQuestion]) -> AnyQuestion:
    changes: dict[str, Any] = {}
    for name in ("options", "rows", "outside"):
        items = {item.code: item for item in getattr(newest, name, ())}
        for question in older:
            for item in getattr(question, name, ()):
                if item.code not in items:
                    items[item.code] = _marked(item, NOT_OFFERED)
        if len(items) > len(getattr(newest, name, ())):
            changes[name] = tuple(items.values())
    return msgspec.structs.replace(newest, **changes) if changes else newest


def _marked(item: Any, message: str) -> Any:
    return msgspec.structs.replace(item, text=_said(item.text, message))


def _said(text: Text, message: str) -> Text:
    known = languages()
    return {
        code: locale_of(code).gettext(message, words=words) if code in known else words for code, words in text.items()
    }
