"""What is done with reports, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "consultation.report_compiled": N_("Report compiled"),
    "consultation.report_published": N_("Report published"),
}
WORDS: dict[str, str] = {"report": N_("Report")}
