"""Seeding what residents ask: questions with supports, a speakers' list, appointments drawn and still open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
import yaml

from consult.demo import content
from consult.demo.content import FOLDER, LOADER, File
from consult.demo.days import Calendar
from consult.demo.meetings import seed_forums
from consult.forums import queries as forums
from consult.forums.forum import Forum
from consult.forums.links import Links
from consult.forums.questions import operations as asking
from consult.forums.questions.question import Asked
from consult.forums.slots import operations as slots
from consult.forums.slots import queries as slot_queries
from consult.forums.slots import request_operations as requesting
from consult.forums.slots.slot import Channel, Requested, Span, State
from consult.forums.speakers import operations as speaking
from consult.i18n import Text
from consult.profile import Profile
from consult.storage import connection, transaction


class Question(File, frozen=True, kw_only=True):
    """under: the number of the question that it stands under; waiting: nobody has checked it yet."""

    text: str
    language: str
    day: int
    supports: int
    name: str = ""
    shortlisted: bool = False
    waiting: bool = False
    under: int | None = None
    answer: Text | None = None


class Speech(File, frozen=True, kw_only=True):
    name: str
    side: str
    seconds: int


class Reception(File, frozen=True, kw_only=True):
    """Times on the day of the forum; opens and closes are days. settled: an answer in writing that was enough."""

    opens: int
    closes: int
    starts: str
    ends: str
    minutes: int
    requests: int
    pause: int = 0
    settled: str = ""


class Official(File, frozen=True, kw_only=True):
    name: Text
    office: Text


class Mayor(File, frozen=True, kw_only=True):
    official: Official
    room: Text
    topics: list[Text]
    coming: str
    held: str
    questions: list[Question]
    answered: list[Question]
    speakers: list[Speech]
    drawn: Reception
    open_day: content.Forum
    open: Reception
    concerns: list[str]


async def seed_mayor(
    town: content.Town,
    ids: Mapping[str, UUID],
    *,
    profile: Profile,
    links: Links,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    """Once: where the open day is there already, everything is left as it is."""
    text = (FOLDER / town.key / "mayor.yaml").read_text(encoding="utf-8")
    told = msgspec.convert(yaml.load(text, Loader=LOADER), Mayor)  # noqa: S506 - safe, in C or in Python
    if await forums.forum(told.open_day.slug) is not None:
        return
    async with transaction():
        only = msgspec.structs.replace(town, forums=[told.open_day])
        await seed_forums(only, ids, profile=profile, links=links, calendar=calendar, staff=staff)
        coming, held = await forums.forum(told.coming), await forums.forum(told.held)
        open_day = await forums.forum(told.open_day.slug)
        if coming is None or held is None or open_day is None:
            return
        await _questions(coming, told.questions, calendar, links, staff)
        await _questions(held, told.answered, calendar, links, staff)
        await _speeches(held, told.speakers, staff["clerk"])
        official = await slots.add_official(
            name=told.official.name,
            office=told.official.office,
            authentic=profile.authentic_language,
            actor=staff["designer"],
            at=calendar.moment(told.drawn.opens - 2),
        )
        reception = _Reception(town, told, official, profile, calendar, links, staff["designer"])
        await reception.seed(coming, told.drawn, "draw")
        await reception.draw(coming, told.drawn)
        await reception.seed(open_day, told.open, "never_heard")


async def _questions(
    forum: Forum, asked: list[Question], calendar: Calendar, links: Links, staff: Mapping[str, UUID]
) -> None:
    by = staff["moderator"]
    kept: list[UUID] = []
    for number, one in enumerate(asked, start=1):
        at = calendar.past(one.day, "17:30")
        question = await asking.ask(
            form_id=uuid5(NAMESPACE_URL, f"{forum.id}:{number}"),
            forum_slug=forum.slug,
            asked=Asked(one.text, one.name),
            language=one.language,
            at=at,
        )
        kept.append(question.id)
        if one.waiting:
            continue
        await asking.publish([question.id], forum_id=forum.id, links=links, actor=by, at=at)
        async with connection() as database:
            marks = [hashlib.sha256(f"{number}:{voter}".encode()).digest() for voter in range(one.supports)]
            await database.executemany(
                "INSERT INTO forum_question_support (question, mark, supported_at) VALUES ($1, $2, $3)",
                [(question.id, mark, at) for mark in marks],
            )
        if one.under is not None:
            await asking.group([question.id], head_id=kept[one.under - 1], forum_id=forum.id, actor=by, at=at)
        if one.shortlisted:
            await asking.shortlist(question.id, forum_id=forum.id, is_on=True, actor=by, at=at)
        if one.answer:
            end = forum.ends_at or at
            await asking.answer(question.id, forum_id=forum.id, answer=one.answer, links=links, actor=by, at=end)


async def _speeches(forum: Forum, speeches: list[Speech], clerk: UUID) -> None:
    session = forum.sessions[0]
    at = session.starts_at + timedelta(minutes=20)
    for one in speeches:
        speaker = await speaking.add(
            session_id=session.id, name=one.name, side=one.side, question_id=None, actor=clerk, at=at
        )
        await speaking.start(speaker, session_id=session.id, at=at)
        at += timedelta(seconds=one.seconds)
        await speaking.stop(session_id=session.id, at=at)
        at += timedelta(minutes=3)


class _Reception:
    """Appointments of one town."""

    def __init__(
        self,
        town: content.Town,
        told: Mayor,
        official: int,
        profile: Profile,
        calendar: Calendar,
        links: Links,
        by: UUID,
    ) -> None:
        self.town, self.told, self.official, self.profile = town, told, official, profile
        self.calendar, self.links, self.by = calendar, links, by

    async def seed(self, forum: Forum, plan: Reception, rule: str) -> None:
        """The rule published a day before requests open, the times, and the requests so far."""
        before, opens = self.calendar.moment(plan.opens - 1), self.calendar.moment(plan.opens)
        closes = self.calendar.moment(plan.closes, "16:00")
        terms = slots.TermsContent(rule, "draw", opens, closes, tuple(self.told.topics))
        await slots.set_terms(forum_id=forum.id, content=terms, actor=self.by, at=before)
        day = forum.sessions[0].starts_at.astimezone(self.calendar.zone).date()
        span = Span(day, time.fromisoformat(plan.starts), time.fromisoformat(plan.ends), plan.minutes, plan.pause)
        made = slots.SlotContent(self.official, self.told.room)
        times = span.times(self.calendar.zone)
        await slots.add_slots(forum_id=forum.id, content=made, times=times, links=self.links, actor=self.by, at=before)
        await slots.freeze(forum.id, actor=self.by, at=before)
        until = min(closes, self.calendar.at)
        for number, concern in enumerate(islice(cycle(self.told.concerns), plan.requests)):
            await self._ask(forum, number, concern, opens + (until - opens) * number / plan.requests)

    async def _ask(self, forum: Forum, number: int, concern: str, at: datetime) -> None:
        people = self.town.residents[number % len(self.town.residents)]
        name = f"{people.first[number % len(people.first)]} {people.last[(number * 3) % len(people.last)]}"
        await requesting.ask(
            form_id=uuid5(NAMESPACE_URL, f"{forum.id}:request:{number}"),
            forum_slug=forum.slug,
            requested=Requested(name, topic=str(number % len(self.told.topics)), text=concern),
            language=self.profile.authentic_language,
            links=self.links,
            at=at,
            channel=Channel.COUNTER,
            actor=self.by,
        )

    async def draw(self, forum: Forum, plan: Reception) -> None:
        """Give the times as the rule says; one who got one is answered in writing and content with it."""
        at = max(self.calendar.moment(plan.closes, "16:00"), self.calendar.past(plan.closes, "16:05"))
        await requesting.allocate(forum.id, links=self.links, actor=None, at=at)
        first = (await slot_queries.in_state(forum.id, State.GIVEN))[0]
        later = self.calendar.past(0, "09:00")
        await requesting.answer(first.id, words=plan.settled, links=self.links, actor=self.by, at=later)
        await requesting.end(first.id, is_settled=True, links=self.links, at=later, actor=self.by)
