"""The acts on answers in the audit trail, and the words in them."""

from consult.drafts.answers.answer import DECISION_NAMES
from consult.errors import N_

KINDS: dict[str, str] = {
    "answer.assigned": N_("Given to a unit"),
    "answer.taken_back": N_("Taken back from its unit"),
    "answer.prepared": N_("Answer prepared"),
    "answer.corrected": N_("Correction prepared"),
    "answer.sent": N_("Answer sent for review"),
    "answer.reviewed": N_("Answer reviewed"),
    "answer.returned": N_("Answer given back"),
    "answer.released": N_("Answers released"),
    "answer.effects_noted": N_("Noted which comments changed an article"),
}
WORDS: dict[str, str] = {
    "comment": N_("Comment"),
    "draft": N_("Draft regulation"),
    "decision": N_("Decision"),
    "reason": N_("Reasoned answer"),
    "correction": N_("Why the answer is corrected"),
    "answers": N_("Answers released"),
    "corrections": N_("Corrections"),
    "unit": N_("Unit"),
    "due_on": N_("To be answered by"),
    "version": N_("Version"),
    "article": N_("Article"),
    "numbers": N_("Comments"),
    "mk": N_("Macedonian"),
    "ka": N_("Georgian"),
    "en": N_("English"),
    **{decision.value: name for decision, name in DECISION_NAMES.items()},
}
