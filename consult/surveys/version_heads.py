"""What lists say of a survey: the head of its newest version, without the questions.

Versions never change, so the head of each is made once in a process: a thousand surveys are listed without reading
a thousand questionnaires.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consult.i18n import Text
from consult.storage import fetch
from consult.surveys.definition import duration
from consult.surveys.definition.schema import Mode, from_builtins

MOST = 4_000
AT_ONCE = 100
"""Documents that are read together: others are answered in between."""
IN_DOCUMENT = "title jsonb, summary jsonb, languages jsonb, minutes int, results jsonb, mode text"


@dataclass(frozen=True, slots=True)
class Head:
    """minutes: the author's figure, else the estimate; None for what was never published and has no figure."""

    title: Text
    summary: Text
    languages: tuple[str, ...]
    minutes: int | None
    is_public: bool
    mode: Mode


_heads: OrderedDict[UUID, Head] = OrderedDict()


async def of_versions(versions: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of these versions, by their ids."""
    wanted = list(versions)
    found = {one: _heads[one] for one in wanted if one in _heads}
    missing = [one for one in wanted if one not in found]
    for begin in range(0, len(missing), AT_ONCE):
        found |= await _made(missing[begin : begin + AT_ONCE])
    for one in wanted:
        _heads[one] = found[one]
        _heads.move_to_end(one)
    while len(_heads) > MOST:
        _heads.popitem(last=False)
    return found


async def _made(versions: Sequence[UUID]) -> dict[UUID, Head]:
    rows = await fetch("select id, document from survey_version where id = any($1::uuid[])", list(versions))
    return {row["id"]: of_document(row["document"], duration.minutes(from_builtins(row["document"]))) for row in rows}


def of_document(document: Mapping[str, Any], minutes: int | None) -> Head:
    return Head(
        title=document.get("title", {}),
        summary=document.get("summary", {}),
        languages=tuple(document.get("languages", ())),
        minutes=minutes,
        is_public=document.get("results", {}).get("public", True),
        mode=document.get("mode", "anonymous"),
    )
