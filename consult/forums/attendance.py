"""The list of who comes: what the organiser counts, and the file for a spreadsheet. No I/O."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from consult.documents.cells import harmless
from consult.errors import N_
from consult.forums.registration import CHANNEL_NAMES, NEEDS, STATE_NAMES, Registration, State
from consult.i18n import Locale

HEAD = (
    N_("Number"),
    N_("Name and surname"),
    N_("Status"),
    N_("Places"),
    N_("E-mail address"),
    N_("Telephone"),
    N_("Needs"),
    N_("Language"),
    N_("Registered by"),
    N_("Registered on"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """People by state, companions included, and how many parties have each need."""

    coming: int
    waiting: int
    offered: int
    attended: int
    needs: dict[str, int]
    notes: tuple[str, ...]


def counts(registrations: Iterable[Registration]) -> Counts:
    people: Counter[State] = Counter()
    needs: Counter[str] = Counter()
    notes = []
    for one in registrations:
        people[one.state] += one.seats
        if one.is_living:
            needs.update(one.needs)
            if one.needs_note:
                notes.append(one.needs_note)
    return Counts(
        coming=people[State.CONFIRMED] + people[State.HELD] + people[State.ATTENDED] + people[State.NO_SHOW],
        waiting=people[State.WAITLISTED],
        offered=people[State.OFFERED],
        attended=people[State.ATTENDED],
        needs={need: needs[need] for need in NEEDS if needs[need]},
        notes=tuple(notes),
    )


def as_csv(registrations: Sequence[Registration], locale: Locale) -> bytes:
    """One line for each registration; no cell can become a formula, and Excel sees the letters."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([locale.gettext(head) for head in HEAD])
    for number, one in enumerate(registrations, start=1):
        needs = [locale.gettext(NEEDS[need]) for need in one.needs]
        row = (
            str(number),
            one.name,
            locale.gettext(STATE_NAMES[one.state]),
            str(one.seats),
            one.email or "",
            one.phone,
            "; ".join([*needs, *([one.needs_note] if one.needs_note else [])]),
            one.language,
            locale.gettext(CHANNEL_NAMES[one.channel]),
            locale.local(one.created_at).strftime("%Y-%m-%d %H:%M"),
        )
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
