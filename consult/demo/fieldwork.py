"""Seeding surveys: each is published from its file, put into the field, and answered by the model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from consult.consultations.consultation import first_moment
from consult.demo import content
from consult.demo.days import Calendar
from consult.demo.model import simulate
from consult.profile import Profile
from consult.results.operations import publish_results
from consult.settings import resource
from consult.storage import transaction
from consult.surveys import inserts, operations, queries, reading
from consult.surveys.definition import Definition, Design

LAST_MINUTE = "23:59"


def definition_of(one: content.Fieldwork) -> Definition:
    """The survey file, with the key, the words and the design of this fieldwork."""
    definition = reading.load(resource("surveys", f"{one.file}.yaml").read_bytes())
    changes: dict[str, object] = {"key": one.slug}
    if one.title:
        changes["title"] = one.title
    if one.summary:
        changes["summary"] = one.summary
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
        await operations.publish(survey_id=survey_id, at=at, person=staff["designer"])
        await operations.schedule(
            survey_id=survey_id,
            opens_at=first_moment(calendar.day(one.opens), profile.time_zone),
            closes_at=calendar.moment(one.closes, LAST_MINUTE),
            languages=tuple(profile.languages),
            at=at,
            person=staff["designer"],
        )
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
        )
        for number, response in enumerate(found)
    ]
    await asyncio.gather(*(inserts.responses.store(row) for row in rows))
