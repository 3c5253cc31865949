"""What staff do with indices, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "index.defined": N_("Index defined"),
    "index.changed": N_("Method of an index changed"),
    "index.measured": N_("Wave of an index kept"),
    "index.recorded": N_("Earlier figure of an index recorded"),
}
WORDS: dict[str, str] = {"index": N_("Index"), "version": N_("Version"), "day": N_("Day")}
