"""The rules of a reasoned answer. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consult.errors import N_
from consult.i18n import Text


class Decision(StrEnum):
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"
    NOTED = "noted"
    FORWARDED = "forwarded"


DECISION_NAMES: Mapping[Decision, str] = {
    Decision.ACCEPTED: N_("Accepted"),
    Decision.PARTLY: N_("Partly accepted"),
    Decision.REJECTED: N_("Not accepted"),
    Decision.NOTED: N_("Noted"),
    Decision.FORWARDED: N_("Forwarded to the competent body"),
}
DECISION_TAGS: Mapping[Decision, str] = {
    Decision.ACCEPTED: "green",
    Decision.PARTLY: "yellow",
    Decision.REJECTED: "grey",
    Decision.NOTED: "grey",
    Decision.FORWARDED: "grey",
}
DECISION_EDGES: Mapping[Decision, str] = {Decision.ACCEPTED: "ok", Decision.PARTLY: "part"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the town hall replies; the public sees it once it is released."""

    decision: Decision
    reason: Text
    decided_at: datetime
    released_at: datetime | None
