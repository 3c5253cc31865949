"""The acts on answers in the audit trail, and the words in them."""

from consult.drafts.answers.answer import DECISION_NAMES
from consult.errors import N_

KINDS: dict[str, str] = {
    "answer.prepared": N_("Answer prepared"),
    "answer.released": N_("Answers released"),
}
WORDS: dict[str, str] = {
    "decision": N_("Decision"),
    "reason": N_("Reasoned answer"),
    "answers": N_("Answers released"),
    **{decision.value: name for decision, name in DECISION_NAMES.items()},
}
