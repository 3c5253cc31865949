"""From a consultation to its record: everything is gathered here, and nothing of it is said in a language yet.

Only what everybody may see goes in: published comments with what is covered left out, public results with small numbers
hidden, public minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from uuid import UUID

from consult.charts.spec import to_builtins
from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation, State, last_day
from consult.consultations.shift_operations import shifts_of
from consult.drafts import queries as drafts
from consult.errors import NotFound
from consult.forums import forum as meetings
from consult.forums import queries as forums
from consult.forums.afterwards import minutes
from consult.forums.afterwards import queries as minutes_queries
from consult.forums.questions import queries as questions
from consult.proceedings.provisions import draft_of
from consult.proceedings.record import Draft, Entry, Forum, Item, Margin, Move, Part, Question, Record, Survey
from consult.proceedings.unanswered import Missing, NoOutcome, NotOver, Unanswered
from consult.profile import Profile
from consult.results import queries as results
from consult.results.counting import PUBLIC
from consult.results.disclosure import hidden_places
from consult.results.queries import Results
from consult.surveys import queries as surveys
from consult.surveys import survey as asked

TOO_EARLY = {State.DRAFT, State.ANNOUNCED, State.OPEN, State.CANCELLED}
DISTRICT = "demo.district"


async def compiled(consultation_id: UUID, profile: Profile, *, at: datetime) -> Record:
    """Gather everything as it stands at `at`. Raises NotFound, NotOver, Unanswered, NoOutcome."""
    found = await consultations.by_id(consultation_id)
    if found is None:
        raise NotFound
    if found.state_at(at) in TOO_EARLY:
        raise NotOver
    gathered = await _drafts(found, profile.zone)
    if found.outcome is None:
        raise NoOutcome
    zone = profile.zone
    return Record(
        slug=found.slug,
        kind=found.kind.value,
        title=found.title,
        summary=found.summary,
        legal_basis=found.legal_basis,
        authentic_language=found.authentic_language,
        opened=found.first_day(zone),
        closed=found.last_day(zone),
        minimum_days=found.minimum_days,
        short_reason=found.short_reason,
        moves=await _moves(found, zone),
        asked=found.outcome.asked,
        said=found.outcome.said,
        did=found.outcome.did,
        drafts=gathered,
        surveys=tuple([await _survey(one, zone, at) for one in await _surveys(found, at)]),
        forums=await _forums(found, zone, at),
        margin=_margin(profile),
        is_demo=found.is_demo,
    )


async def _drafts(found: Consultation, zone: tzinfo) -> tuple[Draft, ...]:
    """All drafts, or all comments of all drafts that wait: whoever answers sees the whole list at once."""
    gathered: list[Draft] = []
    missing: list[Missing] = []
    for one in await drafts.of_consultation(found.id):
        try:
            gathered.append(await draft_of(one, zone))
        except Unanswered as refused:
            missing += refused.missing
    if missing:
        raise Unanswered(missing)
    return tuple(sorted(gathered, key=lambda each: each.slug))


async def missing_answers(found: Consultation, zone: tzinfo) -> tuple[Missing, ...]:
    """What keeps the report from being made, for staff to look at."""
    try:
        await _drafts(found, zone)
    except Unanswered as refused:
        return refused.missing
    return ()


async def _moves(found: Consultation, zone: tzinfo) -> tuple[Move, ...]:
    return tuple(
        Move(
            day=one.decided_at.astimezone(zone).date(),
            before=last_day(one.closed_at, zone),
            after=last_day(one.closes_at, zone),
            reason=one.reason,
        )
        for one in (await shifts_of([found.id]))[found.id]
    )


async def _surveys(found: Consultation, at: datetime) -> list[asked.Survey]:
    known = {one.id for one in await surveys.published_surveys(at)}
    return sorted(
        (one for one in await surveys.of_consultation(found.id) if one.id in known), key=lambda each: each.slug
    )


async def _survey(one: asked.Survey, zone: tzinfo, at: datetime) -> Survey:
    """How many answered by which way and from where; charts only where staff made the results public."""
    counted = await results.results_of(one.id, at=at)
    is_public = await results.is_public(one.id)
    charts = await results.headline_charts(one.id) if is_public else []
    return Survey(
        slug=one.slug,
        title=one.title,
        opened=one.opens_at.astimezone(zone).date() if one.opens_at else None,
        closed=last_day(one.closes_at, zone) if one.closes_at else None,
        count=counted.snapshot.count,
        channels=_parts(counted.came["@channel"]),
        languages=_parts(counted.came["@language"]),
        districts=_districts(counted) if is_public else (),
        charts=tuple(to_builtins(chart) for chart in charts if not chart.is_hidden),
    )


def _parts(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """Small numbers are hidden, and one more where they could be told from the whole."""
    listed = sorted((code, n) for code, n in counts.items() if n)
    gone = hidden_places([n for _, n in listed], [False] * len(listed), PUBLIC.base, beside_all=True)
    return tuple(Part(code, None if place in gone else n) for place, (code, n) in enumerate(listed))


def _districts(counted: Results) -> tuple[Part, ...]:
    """Where people live, from the question of that concept, as its public chart shows it."""
    question = next((q for q in counted.definition.questions if getattr(q, "concept", None) == DISTRICT), None)
    chart = counted.charts.get(question.key) if question else None
    if chart is None or chart.is_hidden:
        return ()
    return tuple(Part(row.key, row.parts[0].count if row.parts else None) for row in chart.rows)


async def _forums(found: Consultation, zone: tzinfo, at: datetime) -> tuple[Forum, ...]:
    listed = [
        one
        for one in await forums.of_consultation(found.id)
        if one.is_public and one.stage(at) is not meetings.Stage.CANCELLED
    ]
    ids = [one.id for one in listed]
    written = await minutes_queries.minutes_of(ids)
    came = await minutes_queries.attendance_of(ids)
    return tuple(
        [
            await _forum(one, written.get(one.id), came.get(one.id), zone)
            for one in sorted(listed, key=lambda each: (each.starts_at is None, each.starts_at or at, each.slug))
        ]
    )


async def _forum(
    one: meetings.Forum,
    written: minutes.Minutes | None,
    came: minutes_queries.Attendance | None,
    zone: tzinfo,
) -> Forum:
    return Forum(
        slug=one.slug,
        title=one.title,
        kind=one.kind.value,
        day=one.starts_at.astimezone(zone).date() if one.starts_at else None,
        place=one.venue,
        registered=came.registered if came else 0,
        present=came.present if came else 0,
        summary=written.summary if written else {},
        items=tuple(Item(item.heading, _entries(item.entries)) for item in written.items) if written else (),
        questions=tuple(
            Question(each.number, each.language, each.text, each.supports, each.answer)
            for each in await questions.for_minutes(one.id)
        ),
    )


def _entries(entries: Sequence[minutes.Entry]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            kind=one.kind.value,
            text=one.text,
            unit=one.promise.unit_name if one.promise else {},
            due=one.promise.due_on if one.promise else None,
            state=one.promise.state.value if one.promise else "",
        )
        for one in entries
    )


def _margin(profile: Profile) -> Margin | None:
    found = next((one for one in profile.margins if one.variable == "district"), None)
    if found is None:
        return None
    return Margin(
        source=found.source,
        year=found.year,
        labels={one.code: one.label for one in found.categories},
        counts={one.code: one.count for one in found.categories},
    )
