"""A draft for the report: each article with its comments, their answers, what became of its words, and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from consult.charts.spec import to_builtins
from consult.drafts import draft as drafts
from consult.drafts.answers import queries as answers
from consult.drafts.answers.effect_queries import changes_of
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.moderation.groups import marks_of
from consult.drafts.versions import queries as versions
from consult.drafts.versions.changes import Change, What, changes
from consult.drafts.versions.comparison import compare
from consult.drafts.versions.words import words_of
from consult.errors import N_, Refused
from consult.portal import queries as evidence
from consult.proceedings.record import Answered, Draft, Edition, Effect, Figures, Pieces, Provision, Reply, Said
from consult.proceedings.unanswered import Missing, Unanswered

EVERYTHING = 1_000_000


class NoText(Refused):
    message = N_("A draft of this consultation has no published version yet.")


async def draft_of(found: drafts.Draft, zone: tzinfo) -> Draft:
    """Gather one draft. Raises Unanswered with the numbers of the comments that still wait for an answer."""
    editions = await versions.versions(found.id)
    if not editions:
        raise NoText
    first, last = editions[0], editions[-1]
    before, now = await versions.articles_of_both(first.id, last.id)
    shown = (await comments.comments_and_replies(found.id, size=EVERYTHING)).items
    missing = [one.number for one in shown if one.reply_to is None and one.released_answer is None]
    if missing:
        raise Unanswered([Missing(found.slug, found.title, tuple(sorted(missing)))])
    made = _by_article(shown, await _alike(shown), zone)
    charts = await _charts(found.id)
    changed = await changes_of(found.id, last.number)
    told = changes(before, now)
    provisions = [
        _provision(change, made.pop(change.article.id, ()), changed, charts, is_first=first.id == last.id)
        for change in told
    ]
    provisions += await _lost(found, made, {change.article.id for change in told})
    return Draft(
        slug=found.slug,
        title=found.title,
        authentic_language=found.authentic_language,
        editions=tuple(Edition(one.number, _day(one.published_at, zone), one.reason) for one in editions),
        figures=await _figures(found.id, shown),
        provisions=tuple(provisions),
        whole=made.get(None, ()),
    )


def _provision(
    change: Change,
    said: tuple[Said, ...],
    changed: Mapping[UUID, Sequence[Any]],
    charts: Mapping[UUID, tuple[dict[str, Any], ...]],
    *,
    is_first: bool,
) -> Provision:
    article = change.article
    return Provision(
        number=article.number,
        label=article.label,
        heading=article.heading,
        what=What.SAME.value if is_first else change.what.value,
        became={} if is_first else _became(change),
        changed_by=tuple(dict.fromkeys(one.comment_number for one in changed.get(article.id, ()))),
        comments=said,
        charts=charts.get(article.id, ()),
    )


def _became(change: Change) -> dict[str, Pieces]:
    """The words of the first and of the last version against each other, in the languages in which they differ."""
    if change.old is None or change.new is None:
        article = change.article
        kind = "inserted" if change.old is None else "deleted"
        return {language: ((kind, words_of(body)),) for language, body in sorted(article.body.items()) if body.strip()}
    return {
        language: tuple(
            (piece.kind, piece.text)
            for piece in compare(words_of(change.old.body[language]), words_of(change.new.body[language]))
        )
        for language in change.changed_in
        if language in change.old.body and language in change.new.body
    }


async def _alike(shown: Sequence[Comment]) -> dict[UUID, tuple[str, ...]]:
    """For each comment in a confirmed group the numbers of the others."""
    marks = await marks_of([one.id for one in shown])
    groups: dict[int, list[str]] = {}
    for one in shown:
        if one.id in marks:
            groups.setdefault(marks[one.id].number, []).append(one.number)
    return {
        one.id: tuple(number for number in sorted(groups[marks[one.id].number]) if number != one.number)
        for one in shown
        if one.id in marks
    }


def _by_article(
    shown: Sequence[Comment], alike: Mapping[UUID, tuple[str, ...]], zone: tzinfo
) -> dict[UUID | None, tuple[Said, ...]]:
    """Comments by the identity of their article, in the order of their numbers, each with its replies."""
    replies: dict[UUID, list[Comment]] = {}
    for one in shown:
        if one.reply_to is not None:
            replies.setdefault(one.reply_to, []).append(one)
    found: dict[UUID | None, list[Said]] = {}
    for one in sorted(shown, key=lambda each: each.number):
        if one.reply_to is None:
            found.setdefault(one.article, []).append(_said(one, replies.get(one.id, ()), alike.get(one.id, ()), zone))
    return {article: tuple(said) for article, said in found.items()}


def _said(one: Comment, replies: Iterable[Comment], alike: tuple[str, ...], zone: tzinfo) -> Said:
    return Said(
        number=one.number,
        day=one.received_on or _day(one.submitted_at, zone),
        version=one.version_number,
        article=one.article_number or "",
        kind=one.kind.value,
        channel=one.channel.value,
        language=one.language,
        name=one.name,
        quote=one.quote,
        text=one.public_text,
        supports=one.supports,
        files=len(one.files),
        answer=_answered(one, zone),
        alike=alike,
        replies=tuple(
            Reply(reply.number, _day(reply.submitted_at, zone), reply.language, reply.name, reply.public_text)
            for reply in sorted(replies, key=lambda each: each.number)
        ),
    )


def _answered(one: Comment, zone: tzinfo) -> Answered:
    answer = one.released_answer
    if answer is None or answer.released_at is None:
        raise Unanswered([])
    return Answered(
        decision=answer.decision.value,
        reason=answer.reason,
        day=_day(answer.released_at, zone),
        correction=answer.correction,
        effects=tuple(
            Effect(each.version_number, each.article_label, each.language, each.deleted, each.inserted)
            for each in answer.effects
        ),
    )


async def _lost(found: drafts.Draft, made: dict[UUID | None, tuple[Said, ...]], known: set[UUID]) -> list[Provision]:
    """Articles that neither the first nor the last version has, if people commented on them."""
    _, left_out = await versions.became(found.id, found.version_number or 1)
    return [
        Provision(
            number=one.number,
            label=one.label,
            heading=one.heading,
            what=What.REMOVED.value,
            became={},
            changed_by=(),
            comments=made.pop(one.id),
        )
        for one in left_out
        if one.id not in known and one.id in made
    ]


async def _charts(draft_id: UUID) -> dict[UUID, tuple[dict[str, Any], ...]]:
    found = await evidence.of_draft(draft_id)
    return {
        article: tuple(
            to_builtins(each.chart) for each in attached if each.chart is not None and not each.chart.is_hidden
        )
        for article, attached in found.items()
    }


async def _figures(draft_id: UUID, shown: Sequence[Comment]) -> Figures:
    coverage = await answers.coverage(draft_id)
    counts = (await comments.counts_by_state([draft_id]))[draft_id]
    return Figures(
        comments=coverage.comments,
        accepted=coverage.accepted,
        partly=coverage.partly,
        rejected=coverage.rejected,
        noted=coverage.noted,
        forwarded=coverage.forwarded,
        leading_to_text=coverage.leading_to_text,
        replies=sum(one.reply_to is not None for one in shown),
        hidden=counts["refused"],
    )


def _day(moment: datetime, zone: tzinfo) -> Any:
    return moment.astimezone(zone).date()
