"""Whether the answers of a draft can be released, and what they cover. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from consult.drafts.answers.answer import Decision


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many published comments of a draft stand where. Corrections in work are apart: their comment is answered.

    takes_comments  the draft still takes comments, so that more may come
    """

    missing: int = 0
    drafted: int = 0
    in_review: int = 0
    reviewed: int = 0
    released: int = 0
    corrections: int = 0
    corrections_in_work: int = 0
    takes_comments: bool = False

    @property
    def total(self) -> int:
        return self.missing + self.drafted + self.in_review + self.reviewed + self.released

    @property
    def releasable(self) -> int:
        """How many answers one act would release now."""
        return self.reviewed + self.corrections

    @property
    def unready(self) -> int:
        return self.missing + self.drafted + self.in_review

    @property
    def may_release(self) -> bool:
        return self.releasable > 0

    @property
    def needs_consent(self) -> bool:
        """Releasing now splits the answers: some comments stay without one, or more may come."""
        return self.unready > 0 or self.takes_comments


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the comments of a draft: those published that reply to nobody, and their released answers."""

    comments: int = 0
    answered: int = 0
    accepted: int = 0
    partly: int = 0
    rejected: int = 0
    noted: int = 0
    forwarded: int = 0
    leading_to_text: int = 0

    @property
    def missing(self) -> int:
        return self.comments - self.answered

    @property
    def is_complete(self) -> bool:
        return self.missing == 0

    @property
    def by_decision(self) -> dict[Decision, int]:
        return {
            Decision.ACCEPTED: self.accepted,
            Decision.PARTLY: self.partly,
            Decision.REJECTED: self.rejected,
            Decision.NOTED: self.noted,
            Decision.FORWARDED: self.forwarded,
        }
