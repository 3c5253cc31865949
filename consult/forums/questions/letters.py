"""Letters to who asked and left an address, in the language of the question. They repeat nothing that was typed."""

from collections.abc import Sequence
from datetime import datetime

from consult.errors import N_
from consult.forums.forum import Forum
from consult.forums.letters import CLOSING, GREETING
from consult.forums.links import Links
from consult.forums.questions.question import Question
from consult.i18n import Locale, Text, locale, pick
from consult.mail.operations import notify

LONGEST_TITLE = 120


async def published(forum: Forum, question: Question, links: Links, *, at: datetime) -> None:
    spoken = locale(question.language)
    said = spoken.gettext(
        N_("Your question has number %(number)s and is published. Others can support it now."),
        number=spoken.number(question.number),
    )
    subject = N_("Your question is published: %(title)s")
    await _send(forum, question, "published", subject, [said, _page(forum, links, spoken)], at)


async def refused(forum: Forum, question: Question, reason: str, links: Links, *, at: datetime) -> None:
    spoken = locale(question.language)
    body = [
        spoken.gettext(N_("Your question was not published. The reason:")) + "\n" + spoken.gettext(reason),
        spoken.gettext(N_("You are welcome to write it again without that.")) + "\n" + _page(forum, links, spoken),
    ]
    await _send(forum, question, f"refused:{at:%Y%m%d%H%M}", N_("Your question: %(title)s"), body, at)


async def answered(forum: Forum, question: Question, answer: Text, links: Links, *, at: datetime) -> None:
    spoken = locale(question.language)
    body = [
        spoken.gettext(N_("Your question was answered:")),
        pick(answer, spoken.code, spoken.order)[0],
        _page(forum, links, spoken),
        spoken.gettext(N_("Your e-mail address has now been deleted here.")),
    ]
    await _send(forum, question, "answered", N_("Your question was answered: %(title)s"), body, at)


async def _send(
    forum: Forum, question: Question, event: str, subject: str, paragraphs: Sequence[str], at: datetime
) -> None:
    if not question.email:
        return
    spoken = locale(question.language)
    title = " ".join(pick(forum.title, spoken.code, spoken.order)[0].split())
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    signature = pick(forum.organiser, spoken.code, spoken.order)[0]
    closing = spoken.gettext(CLOSING) + (f"\n{signature}" if signature else "")
    await notify(
        recipient_email=question.email,
        event=f"question.{event}:{question.id}",
        language=question.language,
        subject=spoken.gettext(subject, title=title),
        body_text="\n\n".join([spoken.gettext(GREETING), *paragraphs, closing]) + "\n",
        at=at,
    )


def _page(forum: Forum, links: Links, spoken: Locale) -> str:
    return f"{links.forum(spoken, forum)}/questions"
