"""What moderators do, in the words of the audit trail."""

from __future__ import annotations

from consult.drafts.moderation.redaction import COVERS
from consult.errors import N_

KINDS: dict[str, str] = {
    "moderation.covered": N_("Words covered"),
    "moderation.uncovered": N_("Cover taken off"),
    "moderation.checked": N_("Comment checked after publication"),
    "comment_group.searched": N_("Comments compared"),
    "comment_group.confirmed": N_("Group of comments confirmed"),
    "comment_group.taken_out": N_("Comments taken out of a group"),
    "comment_group.split": N_("Comments made a group of their own"),
    "comment_group.dissolved": N_("Group of comments dissolved"),
}
WORDS: dict[str, str] = {
    "comment": N_("Comment"),
    "cover": N_("What was covered"),
    "places": N_("Places"),
    "comments": N_("Comments"),
    "comment_group": N_("Group of comments"),
    **{f"cover-{key}": name for key, name in COVERS.items()},
}

PUBLIC_ACTS: dict[str, str] = {
    "published": N_("published after a check"),
    "refused": N_("not published"),
    "hidden": N_("hidden after publication"),
    "shown": N_("published after all"),
    "covered": N_("words covered"),
    "uncovered": N_("cover taken off"),
}
"""The lines of the public log."""
