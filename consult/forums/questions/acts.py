"""What is done to questions, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_
from consult.forums.questions.question import STATE_NAMES

KINDS: dict[str, str] = {
    "question.asked": N_("Question asked"),
    "question.published": N_("Question published"),
    "question.refused": N_("Question not published"),
    "question.shortlisted": N_("Question put on the shortlist"),
    "question.dropped": N_("Question taken off the shortlist"),
    "question.grouped": N_("Question put with another of the same meaning"),
    "question.kept_apart": N_("Questions found to differ in meaning"),
    "question.ungrouped": N_("Question taken out of its group"),
    "question.answered": N_("Question answered"),
    "question.reopened": N_("Question marked as not answered"),
    "question.erased": N_("Question: personal data erased"),
    "forum.asking_changed": N_("Rules for questions changed"),
}
WORDS: dict[str, str] = {
    "forum_question": N_("Question"),
    "number": N_("Number"),
    "after": N_("Status"),
    "refusal": N_("Reason"),
    "answer": N_("Answer"),
    "under": N_("Put with"),
    **{state.value: name for state, name in STATE_NAMES.items()},
}
