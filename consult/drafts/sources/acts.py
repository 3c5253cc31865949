"""What staff do with the documents of a draft, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "draft.basis_changed": N_("Legal basis changed"),
    "draft.attached": N_("Document attached"),
    "draft.detached": N_("Attached document removed"),
}
WORDS: dict[str, str] = {}
