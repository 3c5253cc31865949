"""What is done to forums and registrations, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "forum.created": N_("Forum created"),
    "forum.changed": N_("Forum changed"),
    "forum.published": N_("Forum published"),
    "forum.cancelled": N_("Forum cancelled"),
    "forum.gathering_kept": N_("Figures of the gathering written down"),
    "forum.agenda_changed": N_("Agenda changed"),
    "forum.list_downloaded": N_("List of participants downloaded"),
    "registration.added": N_("Registration added"),
    "registration.changed": N_("Registration changed"),
    "registration.accepted": N_("Offered place accepted"),
    "registration.cancelled": N_("Registration cancelled"),
    "registration.expired": N_("Offered place expired"),
    "registration.marked": N_("Attendance noted"),
}
WORDS: dict[str, str] = {
    "forum": N_("Forum"),
    "forum_session": N_("Session"),
    "registration": N_("Registration"),
    "state": N_("Status"),
    "items": N_("Items"),
    "seats": N_("Places"),
    "title": N_("Title"),
    "slug": N_("Address"),
    "sessions": N_("Sessions"),
    "voters": N_("Voters"),
    "supporters": N_("Supporters"),
    "called_by": N_("Called by"),
    "counted_on": N_("Counted on"),
    "settlement": N_("Settlement"),
    "confirmed": N_("Registered"),
    "waiting": N_("On the waiting list"),
}
