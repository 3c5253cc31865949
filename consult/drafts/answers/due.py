"""By which day a comment is to be answered, and what stands where. Pure; overdue is computed, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from consult.consultations import deadline
from consult.drafts.draft import Draft
from consult.profile import Profile

RULE = "answers-to-comments"


class Basis(StrEnum):
    """Where a day comes from: the consultation's promise, the profile's rule, staff by hand, or nowhere."""

    PROMISED = "promised"
    RULE = "rule"
    SET = "set"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Due:
    """day is the last day on which the answer is in time; usual is what it would be if nobody had set another.

    counted    the arithmetic, where the day follows from a rule
    """

    day: date | None
    basis: Basis
    usual: date | None = None
    reason: str = ""
    counted: deadline.Deadline | None = None

    def days_left(self, today: date) -> int:
        """0 on the last day, negative once it is over; only where there is a day."""
        return (self.day - today).days if self.day else 0

    def is_overdue(self, today: date) -> bool:
        return self.day is not None and today > self.day


def usual(draft: Draft, profile: Profile) -> Due:
    """The day for all comments of a draft: what its consultation promises, else the profile's rule from the closing."""
    if draft.consultation is not None and draft.consultation.answers_due is not None:
        day = draft.consultation.answers_due
        return Due(day, Basis.PROMISED, day)
    if draft.comments_end is None:
        return Due(None, Basis.NONE)
    closed = (draft.comments_end - timedelta(microseconds=1)).astimezone(profile.zone).date()
    rule = profile.rule(RULE, closed)
    if rule is None:
        return Due(None, Basis.NONE)
    counted = deadline.due(rule, closed, profile)
    return Due(counted.last, Basis.RULE, counted.last, counted=counted)


def due(usual_day: Due, set_on: date | None, reason: str) -> Due:
    """The day of one comment: the usual one unless staff set another, with a reason."""
    return Due(set_on, Basis.SET, usual_day.day, reason) if set_on else usual_day
