"""Seeding people who follow: one all that happens, two the consultation that is open."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from consult.consultations.following import operations, queries
from consult.consultations.following.links import Links
from consult.demo import content
from consult.demo.days import Calendar
from consult.profile import Profile

DAY = -4
WEEKLY = "reader@residents.example"
FOLLOWING = ("neighbour@residents.example", "association@residents.example")


async def seed_followers(
    town: content.Town, ids: Mapping[str, UUID], *, profile: Profile, links: Links, calendar: Calendar
) -> None:
    """Follow and confirm, where nobody has; the addresses belong to no one."""
    live = next((ids[one.slug] for one in town.consultations if one.opens <= 0 <= one.closes), None)
    wanted = [(WEEKLY, None), *((email, live) for email in FOLLOWING if live is not None)]
    for number, (email, consultation_id) in enumerate(wanted):
        if await queries.by_address(email, consultation_id) is not None:
            continue
        at = calendar.past(DAY, "11:00")
        await operations.follow(
            email=email,
            language=profile.languages[number % len(profile.languages)],
            consultation_id=consultation_id,
            links=links,
            sender=profile.name,
            at=at,
        )
        found = await queries.by_address(email, consultation_id)
        if found is not None:
            await operations.confirm(follower_id=found.id, at=at)
