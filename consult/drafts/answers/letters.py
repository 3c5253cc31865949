"""Letters about answers, in the language of the comment. Plain text, made here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consult.drafts.answers import effect_queries
from consult.drafts.answers.answer import DECISION_NAMES, Effect
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.comments.letters import send
from consult.drafts.draft import Draft
from consult.errors import N_
from consult.i18n import Locale, Text, locale, pick

HAS_ANSWERED = N_("The town hall has answered your comment %(number)s on “%(title)s”.")
DECISION = N_("The decision: %(decision)s")
NEW_WORDS = N_("New words in version %(version)s, article %(article)s: “%(words)s”")
REMOVED_WORDS = N_("Removed in version %(version)s, article %(article)s: “%(words)s”")
DELETED = N_(
    "We have now deleted your e-mail address from the comment. Your comment and the answer stay on this page, which "
    "also says if the answer is ever corrected:"
)


async def answers_released(
    answered: Sequence[UUID], draft: Draft, *, appeal: Text, base_url: str, at: datetime
) -> None:
    """Tell each author who left an address the decision, the reason, the words that changed and how to appeal."""
    asked = [one for one in await comments.by_ids(answered) if one.email and one.answer]
    effects = await effect_queries.effects_of([one.id for one in asked])
    for comment in asked:
        await _answer_released(comment, effects.get(comment.id, ()), appeal, base_url=base_url, at=at)


async def _answer_released(
    comment: Comment, effects: Sequence[Effect], appeal: Text, *, base_url: str, at: datetime
) -> None:
    if comment.answer is None:
        return
    spoken = locale(comment.letters_in)
    answer = comment.answer
    paragraphs = [
        spoken.gettext(DECISION, decision=spoken.gettext(DECISION_NAMES[answer.decision])),
        pick(answer.reason, comment.letters_in, spoken.order)[0],
        *(_changed(effect, spoken) for effect in effects),
        pick(appeal, comment.letters_in, spoken.order)[0] if appeal else "",
    ]
    await send(
        comment,
        "answered",
        N_("The answer to your comment %(number)s"),
        (HAS_ANSWERED, "%(answer)s", DELETED),
        base_url=base_url,
        at=at,
        answer="\n\n".join(part for part in paragraphs if part),
    )


def _changed(effect: Effect, spoken: Locale) -> str:
    sentence = NEW_WORDS if effect.inserted else REMOVED_WORDS
    around = (effect.before and f"… {effect.before}", effect.inserted, effect.after and f"{effect.after} …")
    words = " ".join(part for part in around if part) if effect.inserted else effect.deleted
    label = pick(effect.article_label, spoken.code, spoken.order)[0]
    return spoken.gettext(sentence, version=effect.version_number, article=label, words=words)
