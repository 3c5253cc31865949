"""What moderators do, in the words of the audit trail. The acts of a comment share the words of `drafts.comments`."""

from __future__ import annotations

from consult.drafts.moderation.redaction import COVERS
from consult.errors import N_

KINDS: dict[str, str] = {
    "comment.covered": N_("Words covered"),
    "comment.uncovered": N_("Cover taken off"),
}
WORDS: dict[str, str] = {"cover": N_("What was covered"), "places": N_("Places"), **COVERS}
