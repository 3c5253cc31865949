"""What is done at the door, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "door.noted": N_("Noted at the door"),
    "door.settled": N_("Conflict at the door settled"),
    "door.wrongly_admitted": N_("Recorded as wrongly admitted"),
    "door.closed": N_("Door closed"),
}
WORDS: dict[str, str] = {
    "forum_session": N_("Session"),
    "no_show": N_("Did not come"),
    "acts": N_("Acts"),
    "act": N_("Act"),
    "outcome": N_("Outcome"),
    "settled": N_("Settled"),
    "arrival": N_("Arrival"),
    "rightly": N_("Rightly inside"),
    "wrongly": N_("Wrongly admitted"),
    "mistake": N_("A mistake: nobody came in"),
    "noted": N_("Checked in."),
    "nothing": N_("Nothing had to be changed."),
    "twice": N_("Already checked in."),
    "waiting": N_("On the waiting list: no place is kept."),
    "elsewhere": N_("Registered for another session of this meeting."),
    "unknown": N_("This code is not on the list."),
}
