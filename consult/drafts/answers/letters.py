"""Letters about answers, in the language of the comment. Plain text, made here."""

from datetime import datetime

from consult.drafts.answers.answer import DECISION_NAMES
from consult.drafts.comments.comment import Comment
from consult.drafts.comments.letters import send
from consult.errors import N_
from consult.i18n import locale, pick

ANSWERED = (
    N_("The town hall has answered your comment %(number)s on “%(title)s”."),
    N_("The decision: %(decision)s"),
    "%(answer)s",
    N_("We have now deleted your e-mail address from the comment. Your comment and the answer stay on this page:"),
)


async def answer_released(comment: Comment, *, base_url: str, at: datetime) -> None:
    if comment.answer is None:
        return
    spoken = locale(comment.language)
    await send(
        comment,
        "answered",
        N_("The answer to your comment %(number)s"),
        ANSWERED,
        base_url=base_url,
        at=at,
        decision=spoken.gettext(DECISION_NAMES[comment.answer.decision]),
        answer=pick(comment.answer.reason, comment.language, spoken.order)[0],
    )
