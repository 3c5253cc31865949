"""Seeding a standing index: its definition and its waves before the platform was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from consult.demo import content
from consult.demo.days import Calendar
from consult.i18n import languages
from consult.indices import operations, queries
from consult.indices.standing import Item, Standing

LAST_DAY = (5, 31)
"""Month and day on which earlier waves ended."""


async def seed_indices(town: content.Town, *, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Define the indices that there are not yet, with their earlier waves; keep those whose surveys have closed."""
    known = {one.key for one in await queries.indices()}
    for one in town.indices:
        if one.key in known:
            continue
        standing = Standing(name=one.name, items=tuple(Item(concept) for concept in one.items), target=one.target)
        await operations.define(key=one.key, standing=standing, at=calendar.at, person=staff["analyst"])
        for wave in one.earlier:
            await operations.record_elsewhere(
                key=one.key,
                on=date(wave.year, *LAST_DAY),
                label=dict.fromkeys(languages(), str(wave.year)),
                value=wave.value,
                people=wave.people,
                origin=one.origin,
                at=calendar.at,
                person=staff["analyst"],
            )
    await operations.keep_closed_waves(at=calendar.at)
