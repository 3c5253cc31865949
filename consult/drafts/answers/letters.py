"""Letters about answers, in the language of the comment. Plain text, made here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consult.drafts.answers import effect_queries
from consult.drafts.answers.answer import DECISION_NAMES, LED_TO_WORDS, Answer, Effect
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.comments.letters import GREETING, slip_path
from consult.drafts.draft import Draft
from consult.errors import N_
from consult.i18n import Locale, Text, locale, pick
from consult.mail.operations import Notice, notify_all

SUBJECT = N_("The answer to your comment %(number)s")
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
    asked = [one for one in await comments.by_ids(answered) if one.email]
    effects = await effect_queries.effects_of([one.id for one in asked])
    await notify_all(
        [
            _letter(comment, comment.answer, effects.get(comment.id, ()), draft, appeal, base_url=base_url, at=at)
            for comment in asked
            if comment.answer is not None
        ]
    )


def _letter(
    comment: Comment,
    answer: Answer,
    effects: Sequence[Effect],
    draft: Draft,
    appeal: Text,
    *,
    base_url: str,
    at: datetime,
) -> Notice:
    language = comment.letters_in
    spoken = locale(language)
    title = pick(draft.title, language, spoken.order)[0]
    paragraphs = [
        spoken.gettext(GREETING),
        spoken.gettext(HAS_ANSWERED, number=comment.number, title=title),
        spoken.gettext(DECISION, decision=spoken.gettext(DECISION_NAMES[answer.decision])),
        pick(answer.reason, language, spoken.order)[0],
        *(_changed(effect, spoken) for effect in effects if answer.decision in LED_TO_WORDS),
        pick(appeal, language, spoken.order)[0] if appeal else "",
        spoken.gettext(DELETED),
    ]
    return Notice(
        recipient_email=comment.email,
        event=f"comment.answered:{comment.id}",
        language=language,
        subject=spoken.gettext(SUBJECT, number=comment.number),
        body_text="\n\n".join(part for part in paragraphs if part)
        + f"\n{base_url}{slip_path(spoken, draft, comment)}\n",
        at=at,
    )


def _changed(effect: Effect, spoken: Locale) -> str:
    sentence = NEW_WORDS if effect.inserted else REMOVED_WORDS
    around = (effect.before and f"… {effect.before}", effect.inserted, effect.after and f"{effect.after} …")
    words = " ".join(part for part in around if part) if effect.inserted else effect.deleted
    label = pick(effect.article_label, spoken.code, spoken.order)[0]
    return spoken.gettext(sentence, version=effect.version_number, article=label, words=words)
