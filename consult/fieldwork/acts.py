"""What staff do around a survey, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "contacts.taken_in": N_("Contacts taken in from a file"),
    "contacts.added": N_("Contact added"),
    "contacts.corrected": N_("Contact corrected"),
    "contacts.deleted": N_("Contact deleted"),
    "contacts.erased": N_("Contacts of a survey erased"),
    "contacts.bounced": N_("Letters noted that came back"),
    "contacts.printed": N_("Letters with codes printed"),
    "contacts.listed": N_("List of contacts downloaded"),
    "mailing.started": N_("Sending of letters started"),
    "mailing.stopped": N_("Sending of letters stopped"),
}
WORDS: dict[str, str] = {
    "survey": N_("Survey"),
    "contacts": N_("Contacts"),
    "left_out": N_("Rows left out"),
    "kind": N_("Kind"),
    "letters": N_("Letters"),
    "invitation": N_("Invitation"),
    "reminder": N_("Reminder"),
}
