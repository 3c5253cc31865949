"""What happens in the studio, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {"survey.edited": N_("Working copy of a survey edited")}
WORDS: dict[str, str] = {"revision": N_("Revision")}
