"""What analysts do with codes, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "coding.code_added": N_("Code added"),
    "coding.code_renamed": N_("Code renamed"),
    "coding.codes_merged": N_("Codes merged"),
    "coding.code_deleted": N_("Code deleted"),
    "coding.assigned": N_("Codes assigned to answers"),
    "coding.taken_away": N_("Codes taken away from answers"),
}
WORDS: dict[str, str] = {
    "question": N_("Question"),
    "code": N_("Code"),
    "codes": N_("Codes"),
    "into": N_("Merged into"),
    "label": N_("Name"),
    "answers": N_("Answers"),
    "coder": N_("Coder"),
}
