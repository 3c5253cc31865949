"""What staff do with charts on articles, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "evidence.attached": N_("Chart attached to an article"),
    "evidence.frozen": N_("Chart on an article frozen"),
    "evidence.detached": N_("Chart taken away from an article"),
    "feedback.chosen": N_("Feedback survey chosen"),
}
WORDS: dict[str, str] = {
    "draft": N_("Draft regulation"),
    "article": N_("Article"),
    "survey": N_("Survey"),
    "question": N_("Question"),
    "explorer": N_("Chart"),
    "snapshot": N_("As of"),
}
