"""Comments with all that belongs to their released answers: earlier answers that were corrected, words that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from consult.drafts.answers import effect_queries
from consult.drafts.answers.answer import LED_TO_WORDS, Answer, Decision
from consult.drafts.comments.comment import Comment
from consult.storage import fetch


async def completed(comments: Iterable[Comment]) -> list[Comment]:
    """The same comments, their answers with `earlier`, `correction` and `effects`: two statements, or none."""
    found = list(comments)
    answered = [one.id for one in found if one.released_answer is not None]
    if not answered:
        return found
    corrected = await _corrected(answered)
    led = [one.id for one in found if one.released_answer is not None and one.released_answer.decision in LED_TO_WORDS]
    effects = await effect_queries.effects_of(led)
    return [
        replace(
            one,
            answer=replace(
                corrected.get(one.id, one.released_answer),
                effects=effects.get(one.id, ()),
            ),
        )
        if one.released_answer is not None
        else one
        for one in found
    ]


async def _corrected(comment_ids: list[UUID]) -> dict[UUID, Answer]:
    """The answers in force of those comments whose first answer was corrected."""
    rows = await fetch(
        "select comment, decision, reason, decided_at, released_at, correction from reasoned_answer "
        "where comment = any($1::uuid[]) and released_at is not null and (not is_current or corrects is not null) "
        "order by comment, is_current desc, released_at desc, decided_at desc",
        comment_ids,
    )
    found: dict[UUID, list[Answer]] = {}
    for row in rows:
        answer = Answer(
            Decision(row["decision"]), row["reason"], row["decided_at"], row["released_at"], row["correction"]
        )
        found.setdefault(row["comment"], []).append(answer)
    return {comment: replace(first, earlier=tuple(rest)) for comment, (first, *rest) in found.items()}
