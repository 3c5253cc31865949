"""How long before a meeting it must be published, by the municipality's rules. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consult.consultations.deadline import Deadline, due
from consult.forums.forum import Forum, Kind
from consult.profile import LegalRule, Profile

NOTICE_RULE = "forum-notice"
GATHERING_NOTICE_RULE = "gathering-notice"


@dataclass(frozen=True, slots=True)
class Notice:
    """given counts the days from the publication to the first day of the meeting."""

    published_on: date
    first_day: date
    deadline: Deadline

    @property
    def rule(self) -> LegalRule:
        return self.deadline.rule

    @property
    def given(self) -> int:
        return (self.first_day - self.published_on).days

    @property
    def is_short(self) -> bool:
        return self.first_day < self.deadline.last


def notice_rule(kind: Kind, profile: Profile, on: date) -> LegalRule | None:
    """The rule for a kind of meeting on a day: a gathering has one of its own."""
    own = profile.rule(GATHERING_NOTICE_RULE, on) if kind is Kind.GATHERING else None
    return own or profile.rule(NOTICE_RULE, on)


def notice_of(forum: Forum, published_on: date, profile: Profile) -> Notice | None:
    """None where no rule sets a notice. The meeting may be on the last day of it."""
    rule = notice_rule(forum.kind, profile, published_on)
    if rule is None or forum.starts_at is None:
        return None
    first_day = forum.starts_at.astimezone(profile.zone).date()
    return Notice(published_on, first_day, due(rule, published_on, profile))
