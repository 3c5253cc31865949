"""What staff do with reports, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {"report.written": N_("Texts of the report written")}
WORDS: dict[str, str] = {"introduction": N_("Introduction"), "conclusions": N_("Conclusions and actions")}
