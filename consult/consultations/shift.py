"""Moving the end of a public consultation: what is asked for before it is done. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from consult.consultations.consultation import LONGEST_TEXT, Consultation, Phase, State, text_problems
from consult.errors import N_, Problem
from consult.i18n import Text

EXTENDABLE = {State.ANNOUNCED, State.OPEN}


@dataclass(frozen=True, slots=True)
class Shift:
    """The end was moved from closed_at to closes_at."""

    id: UUID
    closed_at: datetime
    closes_at: datetime
    reason: Text
    decided_at: datetime

    @property
    def is_extension(self) -> bool:
        return self.closes_at > self.closed_at


def extension_problems(
    found: Consultation, last_on: date | None, answers_due: date | None, reason: Text, zone: str
) -> list[Problem]:
    """Everything that keeps a consultation from being extended to a day."""
    problems = []
    before = found.last_day(zone)
    if last_on is None:
        problems.append(Problem("last_on", N_("Write the last day.")))
    elif before is not None and last_on <= before:
        problems.append(Problem("last_on", N_("Choose a day after the present last day.")))
    elif answers_due is not None and answers_due < last_on:
        problems.append(Problem("answers_due", N_("Answers come after the last day of the consultation.")))
    return problems + text_problems("reason", reason, needed=[found.authentic_language], longest=LONGEST_TEXT)


def moved_phases(phases: Sequence[Phase], before: date, after: date) -> tuple[Phase, ...]:
    """Phases that end with the consultation go on ending with it; one that began the next day begins later too."""
    moved = []
    for phase in phases:
        ends = after if phase.ends == before else phase.ends
        starts = phase.starts
        if starts is not None and before < starts <= after and ends is not None:
            starts = min(starts + (after - before), ends)
        moved.append(replace(phase, starts=starts, ends=ends))
    return tuple(moved)
