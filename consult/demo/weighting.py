"""Seeding weights: answers weighed to the municipality's census, as an analyst would."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from consult.columns.frame import frame
from consult.demo import content
from consult.demo.days import Calendar
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.weighting import operations, population, queries
from consult.weighting.declared import may_group
from consult.weighting.recipe import OUTSIDE, Recipe, matched

ELSEWHERE = "elsewhere"


async def seed_weights(town: content.Town, *, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Weigh the surveys that ask for it to the profile's census; one that has weights already is left alone."""
    known = {survey.slug: survey.id for survey in await surveys.all_surveys()}
    for one in town.answers.fieldwork:
        if not one.weights or await queries.weight_sets(known[one.slug]):
            continue
        variables = may_group((await frame(known[one.slug])).variables)
        margins = matched(population.of_profile(profile), variables)
        for margin in margins:
            margin.belongs[ELSEWHERE] = OUTSIDE
        await operations.create_weights(
            survey_id=known[one.slug],
            name=one.weights,
            recipe=Recipe(margins),
            at=calendar.past(one.closes),
            person=staff["analyst"],
        )
