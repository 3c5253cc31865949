"""What moderators do, in the words of the audit trail."""

from __future__ import annotations

from consult.drafts.moderation.redaction import COVERS
from consult.errors import N_

KINDS: dict[str, str] = {
    "moderation.covered": N_("Words covered"),
    "moderation.uncovered": N_("Cover taken off"),
    "moderation.checked": N_("Comment checked after publication"),
}
WORDS: dict[str, str] = {"cover": N_("What was covered"), "places": N_("Places"), **COVERS}

PUBLIC_ACTS: dict[str, str] = {
    "published": N_("published after a check"),
    "refused": N_("not published"),
    "hidden": N_("hidden after publication"),
    "shown": N_("published after all"),
    "covered": N_("words covered"),
    "uncovered": N_("cover taken off"),
}
"""The lines of the public log."""
