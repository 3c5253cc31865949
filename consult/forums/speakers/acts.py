"""What is done to the speakers' list, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "speaker.added": N_("Speaker put on the list"),
    "speaker.withdrawn": N_("Speaker taken off the list"),
    "speaker.moved": N_("Speaker moved up the list"),
    "speaker.rules_changed": N_("Rules of the speakers’ list changed"),
}
WORDS: dict[str, str] = {
    "forum_session": N_("Session"),
    "side": N_("Side"),
    "limit_s": N_("Seconds for one speaker"),
    "alternates": N_("The sides take turns"),
}
