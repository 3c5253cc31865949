"""Background work: forgetting what is over, looking whether the audit trail is whole."""

from __future__ import annotations

import datetime as dt
import logging

from consult.jobs import every
from consult.people import sessions
from consult.records.queries import verify_chain

log = logging.getLogger("consult.audit")


class TrailBroken(Exception):
    """Somebody wrote the audit trail past the platform."""


@every(60, "people.forget")
async def forget(at: dt.datetime) -> None:
    await sessions.forget(at=at)


@every(1440, "people.verify_trail")
async def verify_trail(at: dt.datetime) -> None:
    """Raises TrailBroken, so that the job counts as failed and somebody is told.

    Whoever owns the database could write the whole chain anew: its head goes into the log, and with it to another
    machine, where it can be compared.
    """
    chain = await verify_chain()
    if chain.broken_at is not None:
        log.error("the audit trail is broken", extra={"entries": chain.entries, "broken_at": chain.broken_at})
        raise TrailBroken
    log.info("the audit trail is whole", extra={"entries": chain.entries, "head": chain.head})
