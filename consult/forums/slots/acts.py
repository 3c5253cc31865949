"""What is done to appointments, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_
from consult.forums.slots.slot import RULE_NAMES

KINDS: dict[str, str] = {
    "official.added": N_("Official added"),
    "official.changed": N_("Official changed"),
    "slots.rule_written": N_("Rule of appointments written"),
    "slots.rule_published": N_("Rule of appointments published"),
    "slots.extended": N_("Requests for appointments taken longer"),
    "slots.added": N_("Times for appointments added"),
    "slots.cancelled": N_("Appointment called off"),
    "slots.requested": N_("Appointment requested"),
    "slots.allocated": N_("Appointments given by the rule"),
    "slots.request_ended": N_("Request for an appointment ended"),
    "slots.answered": N_("Request for an appointment answered in writing"),
    "slots.marked": N_("Appointment: attendance noted"),
}
WORDS: dict[str, str] = {
    "forum_official": N_("Official"),
    "forum_slot_request": N_("Request for an appointment"),
    "rule": N_("Rule"),
    "seed": N_("Seed of the draw"),
    "seed_hash": N_("Commitment (SHA-256 of the seed)"),
    "times": N_("Times of appointments"),
    "given": N_("Appointments given"),
    "requests": N_("Requests"),
    "tie": N_("Among equals"),
    "order": N_("In the order of requests"),
    **{rule.value: name for rule, name in RULE_NAMES.items()},
}
