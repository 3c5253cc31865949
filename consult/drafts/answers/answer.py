"""The rules of a reasoned answer. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consult.errors import N_, Problem
from consult.i18n import Text

LONGEST_REASON = 5_000


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
LED_TO_WORDS = frozenset({Decision.ACCEPTED, Decision.PARTLY})


@dataclass(frozen=True, slots=True)
class Effect:
    """Words of a later version that a comment led to, as the authentic text has them, with what stands around them.

    left_out: the version no longer has the article.
    """

    draft_slug: str
    version_number: int
    article_number: str
    article_label: Text
    language: str
    before: str
    deleted: str
    inserted: str
    after: str
    left_out: bool

    @property
    def anchor(self) -> str:
        """Where the article stands on the page that compares the two versions."""
        return f"{'removed' if self.left_out else 'article'}-{self.article_number}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the town hall replies; the public sees it once it is released.

    correction says why an earlier answer was wrong; earlier are the answers that were corrected, the newest first.
    """

    decision: Decision
    reason: Text
    decided_at: datetime
    released_at: datetime | None
    correction: Text = field(default_factory=dict)
    earlier: tuple[Answer, ...] = ()
    effects: tuple[Effect, ...] = ()


class Stage(StrEnum):
    """How far an answer is. It begins as missing, and ends as released."""

    MISSING = "missing"
    DRAFTED = "drafted"
    IN_REVIEW = "review"
    REVIEWED = "reviewed"
    RELEASED = "released"


STAGE_NAMES: Mapping[Stage, str] = {
    Stage.MISSING: N_("Without an answer"),
    Stage.DRAFTED: N_("Being written"),
    Stage.IN_REVIEW: N_("Waiting for a review"),
    Stage.REVIEWED: N_("Reviewed, not released yet"),
    Stage.RELEASED: N_("Answer released"),
}
STAGE_TAGS: Mapping[Stage, str] = {
    Stage.MISSING: "off",
    Stage.DRAFTED: "part",
    Stage.IN_REVIEW: "part",
    Stage.REVIEWED: "ok",
    Stage.RELEASED: "",
}


@dataclass(frozen=True, slots=True)
class Work:
    """An answer as the staff see it, with who did what. together is shared by answers that were written as one."""

    id: UUID
    comment: UUID
    decision: Decision
    reason: Text
    decided_at: datetime
    decided_by: UUID | None
    sent_at: datetime | None
    sent_by: UUID | None
    reviewed_at: datetime | None
    reviewed_by: UUID | None
    released_at: datetime | None
    note: str
    together: UUID | None
    corrects: UUID | None
    correction: Text

    @property
    def stage(self) -> Stage:
        if self.released_at:
            return Stage.RELEASED
        if self.reviewed_at:
            return Stage.REVIEWED
        return Stage.IN_REVIEW if self.sent_at else Stage.DRAFTED

    def may_review(self, person: UUID) -> bool:
        """Nobody reviews what they wrote or sent for review themselves."""
        return self.stage is Stage.IN_REVIEW and person not in (self.decided_by, self.sent_by)


def reason_problems(reason: Text, needed: Iterable[str], *, place: str = "reason") -> list[Problem]:
    """A reason is there in every needed language: that of the author and the authentic one."""
    problems = [
        Problem(f"{place}-{language}", N_("Write this text; it is needed in this language."))
        for language in dict.fromkeys(needed)
        if language not in reason
    ]
    problems += [
        Problem(f"{place}-{language}", N_("Use at most %(most)s characters."), {"most": LONGEST_REASON})
        for language, words in reason.items()
        if len(words) > LONGEST_REASON
    ]
    return problems
