"""What the check-in page shows: one line for each party, and the state that a door asks for again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.forums import queries as forums
from consult.forums.door import queries
from consult.forums.door.checkin import OUTCOME_SAYS, Arrival, Conflict, Figures, digits, figures
from consult.forums.door.codes import code_of
from consult.forums.links import Links
from consult.forums.registration import Registration, State
from consult.i18n import Locale

SHOWN = frozenset({State.CONFIRMED, State.HELD, State.OFFERED, State.ATTENDED, State.NO_SHOW, State.WAITLISTED})


@dataclass(frozen=True, slots=True)
class Line:
    """A party on the list of the door; arrival is set while it is inside."""

    registration: Registration
    code: str
    arrival: Arrival | None

    @property
    def is_inside(self) -> bool:
        return self.registration.state is State.ATTENDED

    @property
    def people(self) -> int:
        return self.arrival.people if self.arrival and self.is_inside else self.registration.seats

    def fits(self, sought: str) -> bool:
        return sought.casefold() in self.registration.name.casefold() or (
            len(digits(sought)) > 2 and self.code.startswith(digits(sought))
        )


@dataclass(frozen=True, slots=True)
class DoorView:
    lines: tuple[Line, ...]
    walk_ins: tuple[Arrival, ...]
    conflicts: tuple[Conflict, ...]
    figures: Figures

    def sought(self, words: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.fits(words)) if words else self.lines


async def door_view(session_id: UUID, links: Links) -> DoorView:
    """Four statements, whatever the number of people."""
    registrations = await forums.registrations(session_id)
    arrivals = await queries.arrivals(session_id)
    inside = {one.registration: one for one in arrivals if one.registration is not None}
    lines = [
        Line(one, code_of(links, one.party), inside.get(one.id))
        for one in registrations
        if one.state in SHOWN and one.erased_at is None
    ]
    lines.sort(key=lambda line: line.registration.name.casefold())
    return DoorView(
        lines=tuple(lines),
        walk_ins=tuple(one for one in arrivals if one.registration is None),
        conflicts=tuple(await queries.conflicts(session_id)),
        figures=figures(arrivals, registrations),
    )


def as_json(view: DoorView, locale: Locale, at: datetime) -> dict[str, Any]:
    """The state without names, for a page that has the names already."""
    return {
        "at": locale.time(at),
        "figures": {name: getattr(view.figures, name) for name in Figures.__slots__},
        "conflicts": len(view.conflicts),
        "parties": {
            str(line.registration.id): {
                "state": line.registration.state,
                "people": line.people,
                "says": inside_words(line, locale),
            }
            for line in view.lines
        },
    }


def inside_words(line: Line, locale: Locale) -> str:
    if not line.is_inside:
        return ""
    count = locale.ngettext("%(num)s person inside", "%(num)s people inside", line.people)
    if line.arrival is None:
        return count
    return " · ".join(part for part in (count, locale.time(line.arrival.came_at), line.arrival.door) if part)


def outcome_words(locale: Locale) -> dict[str, str]:
    return {outcome.value: locale.gettext(says) for outcome, says in OUTCOME_SAYS.items()}
