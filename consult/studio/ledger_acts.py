"""What translators and publishers do, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "survey.translated": N_("Survey translated"),
    "survey.approved": N_("Translations of a survey approved"),
    "survey.certified": N_("Survey version published with its certificate"),
}
WORDS: dict[str, str] = {
    "languages": N_("Languages"),
    "texts": N_("Texts"),
    "certificate": N_("Certificate"),
}
