"""Letters to the author of a comment who left an address, in the language of the page it came from. Plain text."""

from collections.abc import Sequence
from datetime import datetime

from consult.drafts import queries as drafts
from consult.drafts.comments.comment import REFUSALS, Comment
from consult.drafts.draft import Draft
from consult.errors import N_, NotFound
from consult.i18n import Locale, locale, pick
from consult.mail.operations import notify
from consult.web import url

GREETING = N_("Good day,")
PUBLISHED = (
    N_("Thank you. Your comment %(number)s on “%(title)s” has been published."),
    N_("The town hall answers every comment and says why. You will get the answer at this address."),
    N_("Your comment and what became of it:"),
)
REFUSED = (
    N_("Your comment %(number)s on “%(title)s” was not published."),
    N_("The reason: %(reason)s"),
    N_("You are welcome to write it again without that. Your words are kept on this page, which only you can open:"),
)

SUPPORT = (
    N_("Somebody, most likely you, wants to support comment %(number)s on “%(title)s”."),
    N_("Open this page and press the button, and your support is counted. The link is valid for seven days:"),
    "%(link)s",
    N_("If that was not you, you need do nothing: nothing is counted."),
)


async def comment_published(comment: Comment, *, base_url: str, at: datetime) -> None:
    subject = N_("Your comment %(number)s has been published")
    await send(comment, "published", subject, PUBLISHED, base_url=base_url, at=at)


async def comment_refused(comment: Comment, *, reason: str, base_url: str, at: datetime) -> None:
    said = locale(comment.letters_in).gettext(REFUSALS[reason])
    subject = N_("Your comment %(number)s was not published")
    await send(comment, "refused", subject, REFUSED, base_url=base_url, at=at, reason=said)


async def confirm_support(
    comment: Comment, *, address: str, ticket: str, language: str, base_url: str, at: datetime
) -> None:
    draft = await drafts.draft_by_id(comment.draft)
    if draft is None:
        raise NotFound
    spoken = locale(language)
    title = pick(draft.title, language, spoken.order)[0]
    link = base_url + url(spoken, "support", ticket)
    paragraphs = [spoken.gettext(line, number=comment.number, title=title, link=link) for line in SUPPORT]
    await notify(
        recipient_email=address,
        event=f"comment.support:{comment.id}:{at:%Y-%m-%d}",
        language=language,
        subject=spoken.gettext(N_("Confirm your support for comment %(number)s"), number=comment.number),
        body_text="\n\n".join([spoken.gettext(GREETING), *paragraphs]) + "\n",
        at=at,
    )


async def send(
    comment: Comment, what: str, subject: str, body: Sequence[str], *, base_url: str, at: datetime, **words: str
) -> None:
    """Tell once; without an address there is nobody to tell."""
    if not comment.email:
        return
    draft = await drafts.draft_by_id(comment.draft)
    if draft is None:
        raise NotFound
    spoken = locale(comment.letters_in)
    parameters = {"number": comment.number, "title": pick(draft.title, comment.letters_in, spoken.order)[0], **words}
    paragraphs = [spoken.gettext(sentence, **parameters) for sentence in body]
    link = base_url + slip_path(spoken, draft, comment)
    await notify(
        recipient_email=comment.email,
        event=f"comment.{what}:{comment.id}",
        language=comment.letters_in,
        subject=spoken.gettext(subject, number=comment.number),
        body_text="\n\n".join([spoken.gettext(GREETING), *paragraphs]) + f"\n{link}\n",
        at=at,
    )


def slip_path(spoken: Locale, draft: Draft, comment: Comment) -> str:
    """The comment's own page, whose address only its author knows."""
    return url(spoken, "drafts", draft.slug, "comments", comment.id)
