"""What staff do with results, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "results.published": N_("Results published"),
    "results.withdrawn": N_("Results withdrawn"),
    "responses.downloaded": N_("Answers downloaded"),
    "responses.file_asked": N_("File of answers asked for"),
    "responses.file_deleted": N_("File of answers deleted"),
    "responses.imported": N_("Answers taken in from a file"),
}
WORDS: dict[str, str] = {"survey": N_("Survey"), "file": N_("File"), "stored": N_("Answers"), "without": N_("Left out")}
