"""The dossier of a meeting for officials: what residents ask, what is being regulated, what surveys say, what is owed.

It is gathered anew at each look; everything in it has its own page where it can be worked on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consult.charts import showing
from consult.charts.showing import View
from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.drafts import queries as drafts
from consult.drafts.draft import Article, Draft
from consult.forums import attendance
from consult.forums import queries as forums
from consult.forums.afterwards import queries as afterwards
from consult.forums.afterwards.minutes import Promise
from consult.forums.agenda import AgendaItem
from consult.forums.attendance import Counts
from consult.forums.forum import Forum, ForumSession
from consult.forums.questions import queries as questions
from consult.forums.questions.question import Question
from consult.i18n import Locale
from consult.portal import queries
from consult.profile import Profile
from consult.results import queries as results
from consult.storage import fetch
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey

MOST_QUESTIONS = 30
MOST_TOPICS = 8
MOST_CHARTS = 8
MOST_PROMISES = 30


@dataclass(frozen=True, slots=True)
class Topic:
    """An article that residents speak to, or the whole draft (article is None). open: comments without an answer."""

    article: Article | None
    comments: int
    open: int


@dataclass(frozen=True, slots=True)
class Related:
    """A draft of the same consultation; topics with most open comments first."""

    draft: Draft
    comments: int
    open: int
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey of the same consultation and how many answered."""

    survey: Survey
    answers: int


@dataclass(frozen=True, slots=True)
class Dossier:
    forum: Forum
    consultation: Consultation | None
    sessions: tuple[tuple[ForumSession, Counts], ...]
    agenda: tuple[AgendaItem, ...]
    questions: tuple[Question, ...]
    questions_in_all: int
    related: tuple[Related, ...]
    surveys: tuple[Asked, ...]
    charts: tuple[View, ...]
    promises: tuple[Promise, ...]
    today: date


async def dossier(forum: Forum, *, locale: Locale, profile: Profile, at: datetime) -> Dossier:
    consultation = None
    if forum.consultation is not None:
        consultation = await consultations.by_id(forum.consultation)
    related = await _related(forum.consultation) if forum.consultation else ()
    asked = await _asked(forum.consultation) if forum.consultation else ()
    found = await questions.published(forum.id, size=MOST_QUESTIONS)
    registered = await forums.registrations_of([one.id for one in forum.sessions])
    counted = [(one, attendance.counts(registered[one.id])) for one in forum.sessions]
    return Dossier(
        forum=forum,
        consultation=consultation,
        sessions=tuple(counted),
        agenda=tuple((await forums.agenda_of([forum.id]))[forum.id]),
        questions=tuple(found.items),
        questions_in_all=found.total,
        related=related,
        surveys=asked,
        charts=await _charts(related, asked, locale, profile),
        promises=tuple(await afterwards.open_promises(forum.starts_at or at, besides=forum.id, most=MOST_PROMISES)),
        today=locale.local(at).date(),
    )


async def _related(consultation: UUID) -> tuple[Related, ...]:
    published = [draft for draft in await drafts.of_consultation(consultation) if draft.is_published]
    ids = [draft.id for draft in published]
    articles = await drafts.newest_articles(ids)
    spoken = await _spoken(ids)
    return tuple(_one(draft, articles.get(draft.id, []), spoken.get(draft.id, {})) for draft in published)


def _one(draft: Draft, articles: list[Article], spoken: dict[UUID | None, tuple[int, int]]) -> Related:
    known = {article.id: article for article in articles}
    topics = [Topic(known.get(key) if key else None, *spoken[key]) for key in spoken if key is None or key in known]
    topics.sort(key=lambda topic: (-topic.open, -topic.comments, topic.article.position if topic.article else 0))
    return Related(
        draft=draft,
        comments=sum(number for number, _ in spoken.values()),
        open=sum(number for _, number in spoken.values()),
        topics=tuple(topic for topic in topics if topic.open)[:MOST_TOPICS],
    )


async def _spoken(draft_ids: list[UUID]) -> dict[UUID, dict[UUID | None, tuple[int, int]]]:
    """By draft and article: published comments, and those of them that no released answer stands for."""
    rows = await fetch(
        """SELECT c.draft, c.article, count(*) AS spoken, count(*) - count(k.comment) AS unanswered
           FROM comment c LEFT JOIN (SELECT DISTINCT comment FROM reasoned_answer WHERE released_at IS NOT NULL) k
               ON k.comment = c.id
           WHERE c.draft = ANY($1::uuid[]) AND c.state = 'published' AND c.reply_to IS NULL
           GROUP BY c.draft, c.article""",
        draft_ids,
    )
    found: dict[UUID, dict[UUID | None, tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row["draft"], {})[row["article"]] = (int(row["spoken"]), int(row["unanswered"]))
    return found


async def _asked(consultation: UUID) -> tuple[Asked, ...]:
    found = await surveys.of_consultation(consultation)
    numbers = await surveys.counts([one.id for one in found])
    return tuple(Asked(one, numbers.get(one.id, 0)) for one in found)


async def _charts(
    related: tuple[Related, ...], asked: tuple[Asked, ...], locale: Locale, profile: Profile
) -> tuple[View, ...]:
    """The charts on the articles of the drafts, then the headline charts of surveys whose results are public."""
    hung = await queries.of_drafts([one.draft.id for one in related], most=MOST_CHARTS)
    views = [
        showing.view(each.chart, locale, profile, id_=f"e{each.id.hex[:8]}")
        for each in hung[:MOST_CHARTS]
        if each.chart is not None
    ]
    known = {(each.survey, each.chart.key) for each in hung if each.chart is not None}
    public = await results.publications()
    shown = [each.survey for each in asked if each.answers and each.survey.id in public][: MOST_CHARTS - len(views)]
    heads = await results.headlines_of(shown)
    for survey in shown:
        for number, chart in enumerate(heads[survey.id].charts):
            if (survey.id, chart.key) in known:
                continue
            views.append(showing.view(chart, locale, profile, id_=f"s{survey.id.hex[:8]}-{number}"))
    return tuple(views[:MOST_CHARTS])
