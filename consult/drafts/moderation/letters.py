"""Letters to the author of a comment that was hidden or partly covered. The words themselves are never in them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from consult.drafts.comments.comment import REFUSALS
from consult.drafts.comments.letters import send
from consult.errors import N_
from consult.i18n import locale

if TYPE_CHECKING:
    from consult.drafts.comments.comment import Comment

HIDDEN = (
    N_("Your comment %(number)s on “%(title)s” was published and is now hidden."),
    N_("The reason: %(reason)s"),
    N_("You are welcome to write it again without that. Your words are kept on this page, which only you can open:"),
)
COVERED = (
    N_("A part of your comment %(number)s on “%(title)s” was covered, so that others cannot read it."),
    N_("What was covered: %(cover)s"),
    N_("Everything else stays as you wrote it. Your comment as it is shown:"),
)


async def comment_hidden(comment: Comment, *, reason: str, base_url: str, at: datetime) -> None:
    said = locale(comment.letters_in).gettext(REFUSALS[reason])
    subject = N_("Your comment %(number)s was hidden")
    await send(comment, f"hidden-{reason}", subject, HIDDEN, base_url=base_url, at=at, reason=said)


async def words_covered(comment: Comment, *, cover: str, base_url: str, at: datetime) -> None:
    said = locale(comment.letters_in).gettext(cover)
    subject = N_("A part of your comment %(number)s was covered")
    await send(comment, f"covered-{at.timestamp():.0f}", subject, COVERED, base_url=base_url, at=at, cover=said)
