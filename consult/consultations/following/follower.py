"""The rules of following. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from uuid import UUID

from consult.errors import N_

UNCONFIRMED_KEPT = timedelta(days=14)
DIGEST_HOUR = time(7)
DIGEST_LATEST = timedelta(hours=36)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Follower:
    """An address that hears of one consultation, or (None) once a week of everything."""

    id: UUID
    email: str
    language: str
    consultation: UUID | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What followers of a consultation are told; says may use the values of the event."""

    subject: str
    says: tuple[str, ...]


NOTICES: Mapping[str, Notice] = {
    "extended": Notice(
        N_("More time to take part: %(title)s"),
        (N_("You can now take part until %(day)s, that day included."), N_("The reason: %(reason)s")),
    ),
    "shortened": Notice(
        N_("Less time to take part: %(title)s"),
        (N_("You can take part until %(day)s, that day included."), N_("The reason: %(reason)s")),
    ),
    "cancelled": Notice(
        N_("The consultation is cancelled: %(title)s"),
        (N_("This consultation will not go on."), N_("The reason: %(reason)s")),
    ),
    "version": Notice(
        N_("A new version of the draft: %(title)s"),
        (N_("Version %(number)s of the draft regulation is published."), N_("What changed and why: %(reason)s")),
    ),
    "answers": Notice(
        N_("Answers to comments: %(title)s"),
        (N_("The municipality has published its answers to the comments."),),
    ),
    "report": Notice(
        N_("What came of it: %(title)s"),
        (N_("The report on the consultation is published: what we asked, what you said and what we did."),),
    ),
}


def digest_monday(at: datetime, zone: tzinfo) -> datetime | None:
    """The Monday morning whose weekly letter is due now; None on the other days.

    It is due from seven o'clock local time until the evening of the next day, so that a night without electricity
    costs nobody the letter, and nobody gets Monday's news on Friday.
    """
    local = at.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    due = datetime.combine(monday, DIGEST_HOUR, zone)
    return due if due <= at < due + DIGEST_LATEST else None
