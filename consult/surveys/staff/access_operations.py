"""Writes: what staff decide about the ways into a survey."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, Problem
from consult.records.operations import audit
from consult.storage import execute, transaction
from consult.surveys import published, queries
from consult.surveys.access import Access


class NobodyToName(Invalid):
    message = N_("A survey that keeps names needs invitations.")


async def set_access(*, survey_id: UUID, access: Access, at: datetime, person: UUID | None = None) -> None:
    """Set the ways into a survey; what has not changed changes nothing. Raises NotFound, NobodyToName."""
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if survey.mode == "identified" and access.who == "open":
            raise NobodyToName([Problem("who", N_("This survey ties answers to invited people. Choose invitations."))])
        before, after = asdict(survey.access), asdict(access)
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return
        await execute(
            """insert into survey_access (survey, who, sites, kiosk, kiosk_idle_s, least_seconds, network_rate, burst,
                   changed_at, changed_by)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
               on conflict (survey) do update set who = excluded.who, sites = excluded.sites, kiosk = excluded.kiosk,
                   kiosk_idle_s = excluded.kiosk_idle_s, least_seconds = excluded.least_seconds,
                   network_rate = excluded.network_rate, burst = excluded.burst, changed_at = excluded.changed_at,
                   changed_by = excluded.changed_by""",
            survey_id,
            access.who,
            list(access.sites),
            access.kiosk,
            access.kiosk_idle_s,
            access.least_seconds,
            access.network_rate,
            access.burst,
            at,
            person,
        )
        await audit(
            actor=person,
            kind="survey.access_set",
            record="survey",
            record_id=survey_id,
            at=at,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    published.forget(survey.slug)
