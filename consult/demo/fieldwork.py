"""Seeding surveys: each is published from its file, put into the field, and answered by the model."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from consult.consultations.consultation import first_moment
from consult.demo import content
from consult.demo.days import Calendar
from consult.demo.model import Simulated, simulate
from consult.profile import Profile
from consult.results.operations import publish_results
from consult.settings import resource
from consult.storage import transaction
from consult.studio.publishing import publish
from consult.surveys import operations, queries
from consult.surveys.access import Access
from consult.surveys.authoring import yaml_reading
from consult.surveys.definition.schema import Definition, Design
from consult.surveys.responses import daily_totals, inserts
from consult.surveys.staff.access_operations import set_access
from consult.surveys.survey import Version

LAST_MINUTE = "23:59"


def definition_of(one: content.Fieldwork) -> Definition:
    """The survey file, with the key, the words and the design of this fieldwork."""
    definition = yaml_reading.load(resource("surveys", f"{one.file}.yaml").read_bytes())
    changes: dict[str, object] = {"key": one.slug}
    if one.title:
        changes["title"] = one.title
    if one.summary:
        changes["summary"] = one.summary
    if one.review:
        changes["review"] = True
    if one.resume:
        changes["resume"] = True
    if one.sample:
        changes["design"] = Design(kind="sample", description=one.sample)
    return msgspec.structs.replace(definition, **changes)


async def seed_surveys(
    town: content.Town,
    ids: Mapping[str, UUID],
    *,
    profile: Profile,
    calendar: Calendar,
    staff: Mapping[str, UUID],
    progress: Callable[[str], None],
) -> None:
    """Publish the surveys that are missing and complete their answers."""
    known = {survey.slug: survey.id for survey in await queries.all_surveys()}
    for one in sorted(town.answers.fieldwork, key=lambda each: each.opens):
        survey_id = known.get(one.slug)
        if survey_id is None:
            survey_id = await _published(one, ids, profile, calendar, staff)
        if await queries.count(survey_id) < one.responses:
            await _answered(survey_id, one, town, profile, calendar)
            if one.results is not None:
                at = calendar.past(one.results)
                await publish_results(survey_id=survey_id, at=at, person=staff["analyst"])
            progress(f"{one.slug}: {one.responses} answers")


async def _published(
    one: content.Fieldwork,
    ids: Mapping[str, UUID],
    profile: Profile,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> UUID:
    at = calendar.past(one.opens - 1)
    async with transaction():
        survey_id = await operations.import_working_copy(
            definition=definition_of(one),
            at=at,
            person=staff["designer"],
            consultation=ids[one.consultation] if one.consultation else None,
            is_demo=True,
        )
        await publish(survey_id=survey_id, at=at, person=staff["designer"], without=True)
        await operations.schedule(
            survey_id=survey_id,
            opens_at=first_moment(calendar.day(one.opens), profile.time_zone),
            closes_at=calendar.moment(one.closes, LAST_MINUTE),
            languages=tuple(profile.languages),
            at=at,
            person=staff["designer"],
        )
        if one.kiosk:
            access = Access(kiosk=True)
            await set_access(survey_id=survey_id, access=access, at=at, person=staff["designer"])
    return survey_id


async def _answered(
    survey_id: UUID, one: content.Fieldwork, town: content.Town, profile: Profile, calendar: Calendar
) -> None:
    """Store what the model answers, the way residents' answers are stored; a response that is there stays."""
    version = await queries.version(survey_id)
    found = simulate(version.definition, one, town.answers, profile.margins, today=calendar.today)
    rows = [
        inserts.Row(
            id=uuid5(NAMESPACE_URL, f"{one.slug}/{number}"),
            survey=survey_id,
            version=version.number,
            language=response.language,
            channel=response.channel,
            day=response.day,
            submitted_at=None,
            answers=inserts.encoded(response.answers),
            flags=response.flags,
        )
        for number, response in enumerate(found)
    ]
    await asyncio.gather(*(inserts.responses.store(row) for row in rows))
    if not await daily_totals.totals(survey_id):
        await daily_totals.add(counted(version, one, found))


def counted(version: Version, one: content.Fieldwork, found: Sequence[Simulated]) -> Counter[daily_totals.Line]:
    """What the pages counted: everybody who sent went through all of them, and some who began left on the way."""
    pages = [page.key for page in version.definition.pages]
    lines: Counter[daily_totals.Line] = Counter()
    left = list(zip(pages[:-1], one.left, strict=False))
    for number, response in enumerate(found):
        line = daily_totals.Line(
            version.survey, version.number, response.day, response.language, response.channel, "sent", ""
        )
        if response.channel not in ("web", "kiosk"):
            continue
        lines[line] += 1
        for page in pages:
            lines[line._replace(event="page_posted", page=page)] += 1
        # Of a hundred who begin so many leave on a page: they stand on the days of those who sent.
        for place, (_, percent) in enumerate(left):
            if (number * percent) % 100 < percent:
                for page in pages[: place + 1]:
                    lines[line._replace(event="page_posted", page=page)] += 1
    return lines
