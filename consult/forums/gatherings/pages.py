"""What the public page of a gathering says: who may decide, who called it, and from how many voters on it counts."""

from __future__ import annotations

from typing import Any

from consult.forums.forum import Kind
from consult.forums.gatherings import queries
from consult.forums.gatherings.gathering import CALL_RULE, CALLED_BY_NAMES, CONCLUSIONS_RULE, QUORUM_RULE
from consult.forums.parts import Part, Provider, Shown
from consult.web import shell

SHOWN_RULES = (CALL_RULE, QUORUM_RULE, CONCLUSIONS_RULE)


async def box(shown: Shown) -> Part | None:
    if shown.forum.kind is not Kind.GATHERING:
        return None
    gathering = (await queries.gathering_of([shown.forum.id])).get(shown.forum.id)
    if gathering is None:
        return None
    profile = shell(shown.request).profile
    settlement = next((place.name for place in profile.places if place.code == gathering.settlement), {})
    values = {
        "gathering": gathering,
        "settlement": settlement,
        "called_by": CALLED_BY_NAMES[gathering.called_by],
        "rules": [rule for key in SHOWN_RULES if (rule := profile.rule(key, shown.now.date())) is not None],
    }
    return Part("forums/gathering_box.html", values)


routes: list[Any] = []
forum_parts: list[Provider] = [box]
