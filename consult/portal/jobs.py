"""Background work over several kinds: the weekly letter."""

from __future__ import annotations

from datetime import datetime

from consult.consultations.following.follower import digest_monday
from consult.consultations.following.links import links_of
from consult.i18n import languages, locale
from consult.jobs import every
from consult.mail.delivery import office
from consult.portal import digest


@every(60, "portal.digest", limit_s=1800)
async def weekly_letter(at: datetime) -> None:
    """On Mondays from seven o'clock local time; a repeat writes to those who have not got it yet."""
    monday = digest_monday(at, locale(languages()[0]).zone)
    if monday is not None:
        post = office()
        await digest.send(monday=monday, links=links_of(post.settings), sender=post.sender_names, at=at)
