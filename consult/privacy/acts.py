"""What is done for somebody's privacy, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {"privacy.person_erased": N_("Person erased on request")}
WORDS: dict[str, str] = {"person_erasure": N_("Erasure of a person"), "rows": N_("Rows by table")}
