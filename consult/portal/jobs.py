"""Background work over several kinds: the weekly letter, and the survey for those who came to a meeting."""

from __future__ import annotations

from datetime import datetime

from consult.consultations.following.follower import digest_monday
from consult.consultations.following.links import links_of
from consult.i18n import languages, locale
from consult.jobs import every
from consult.mail.delivery import office
from consult.portal import digest, feedback


@every(60, "portal.digest", limit_s=1800)
async def weekly_letter(at: datetime) -> None:
    """On Mondays from seven o'clock local time; a repeat writes to those who have not got it yet."""
    monday = digest_monday(at, locale(languages()[0]).zone)
    if monday is not None:
        post = office()
        await digest.send(monday=monday, links=links_of(post.settings), sender=post.sender_names, at=at)


@every(15, "portal.feedback", limit_s=900)
async def ask_who_came(at: datetime) -> None:
    """After a meeting; a repeat writes to those who were noted as present since."""
    post = office()
    await feedback.send_due(settings=post.settings, sender=post.sender_names, at=at)
