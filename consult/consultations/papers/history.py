"""The public history of a consultation: the acts that everybody may know, in words and without names. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.errors import N_

PUBLISHED = "consultation.published"
CHANGED = "consultation.changed"
ACTS: Mapping[str, str] = {
    PUBLISHED: N_("Consultation published"),
    CHANGED: N_("Consultation changed"),
    "consultation.extended": N_("Consultation extended"),
    "consultation.answering": N_("Answers are being prepared"),
    "consultation.reported": N_("Consultation reported on"),
    "consultation.report_published": N_("Report published"),
    "consultation.outcome": N_("Outcome written"),
    "consultation.cancelled": N_("Consultation cancelled"),
    "consultation.archived": N_("Consultation archived"),
    "consultation.attached": N_("Document attached"),
    "consultation.detached": N_("Attached document removed"),
}
FIELDS: Mapping[str, str] = {
    "kind": N_("Kind"),
    "title": N_("Title"),
    "summary": N_("Summary"),
    "plain_words": N_("In plain words"),
    "legal_basis": N_("Legal basis"),
    "contact": N_("Who answers questions"),
    "opens_on": N_("First day"),
    "last_on": N_("Last day"),
    "answers_due": N_("Answers by"),
    "short_reason": N_("Reason for a shorter period"),
    "phases": N_("Steps shown on the page"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One act: act and fields are msgids, the reason is in the consultation's authentic language."""

    at: datetime
    act: str
    fields: tuple[str, ...] = ()
    reason: str = ""


def event(kind: str, at: datetime, after: Mapping[str, object] | None, reason: str | None) -> Event:
    fields = tuple(FIELDS[name] for name in after or () if name in FIELDS) if kind == CHANGED else ()
    return Event(at, ACTS[kind], fields, reason or "")
