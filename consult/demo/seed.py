"""Seeding the demonstration, with the operations that staff and residents use. What is there already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from consult.consultations.following.links import links_of as following_links
from consult.demo import content
from consult.demo.accounts import DemoAccount, seed_accounts, staff_of
from consult.demo.answering import seed_answering
from consult.demo.coding import seed_coding
from consult.demo.days import Calendar
from consult.demo.evidence import seed_evidence
from consult.demo.fieldwork import seed_surveys
from consult.demo.following import seed_followers
from consult.demo.held import seed_held
from consult.demo.mayor import seed_mayor
from consult.demo.meetings import seed_forums
from consult.demo.moderation import seed_moderation
from consult.demo.proceedings import seed_proceedings
from consult.demo.processes import seed_consultations, seed_drafts, seed_outcomes
from consult.demo.reporting import seed_reports
from consult.demo.showcase import seed_showcase
from consult.demo.standing import seed_indices
from consult.demo.threads import seed_threads
from consult.demo.weighting import seed_weights
from consult.errors import N_, Refused
from consult.forums.links import links_of
from consult.profile import Profile
from consult.settings import Settings, secret_key


class NoDemonstration(Refused):
    message = N_("There is no demonstration content for the profile %(profile)s.")


async def seed(
    settings: Settings, profile: Profile, *, progress: Callable[[str], None], at: datetime | None = None
) -> list[DemoAccount]:
    """Bring the demonstration of this profile into the database, or complete it; give the staff accounts.

    Every step looks for what it would make, so that a second start is quick and one that was interrupted goes on.
    Raises NoDemonstration.
    """
    if profile.key not in content.towns():
        raise NoDemonstration(profile=profile.key)
    town = content.town(profile.key)
    calendar = Calendar(at or datetime.now(UTC), profile.zone)
    accounts = await seed_accounts(town, secret=secret_key(settings), at=calendar.at)
    staff = await staff_of(town)
    ids = await seed_consultations(town, profile=profile, calendar=calendar, staff=staff)
    await seed_drafts(town, ids, profile=profile, base_url=settings.base_url, calendar=calendar, staff=staff)
    await seed_threads(town, profile=profile, base_url=settings.base_url, calendar=calendar, staff=staff)
    await seed_answering(town, profile=profile, base_url=settings.base_url, calendar=calendar, staff=staff)
    await seed_moderation(town, base_url=settings.base_url, calendar=calendar, staff=staff)
    await seed_outcomes(town, ids, profile=profile, calendar=calendar, staff=staff)
    await seed_surveys(town, ids, profile=profile, calendar=calendar, staff=staff, progress=progress)
    await seed_weights(town, profile=profile, calendar=calendar, staff=staff)
    await seed_showcase(town, profile=profile, settings=settings, calendar=calendar, staff=staff)
    await seed_coding(town, calendar=calendar, staff=staff)
    await seed_indices(town, calendar=calendar, staff=staff)
    await seed_reports(town, calendar=calendar, staff=staff)
    await seed_evidence(town, calendar=calendar, staff=staff)
    links = links_of(settings)
    await seed_forums(town, ids, profile=profile, links=links, calendar=calendar, staff=staff)
    await seed_held(town, ids, profile=profile, links=links, calendar=calendar, staff=staff)
    await seed_mayor(town, ids, profile=profile, links=links, calendar=calendar, staff=staff)
    await seed_proceedings(town, ids, profile=profile, calendar=calendar, staff=staff)
    await seed_followers(town, ids, profile=profile, links=following_links(settings), calendar=calendar)
    return accounts
