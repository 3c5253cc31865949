"""Storing what one form says: the same for residents' pages, for clerks' entry, for the kiosk and for importers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from uuid import UUID

from consult.errors import Problem
from consult.surveys import published, queries
from consult.surveys.answers.flow import Compiled, Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.ordering import variant_of
from consult.surveys.definition.schema import Quota
from consult.surveys.files import uploads
from consult.surveys.responses import daily_totals, inserts, quotas
from consult.surveys.responses.inserts import Outcome, Row
from consult.surveys.survey import Survey, receipt_code

DAY_GRAIN_S = 900


@lru_cache(maxsize=16)
def day_of(grain: int, zone: tzinfo) -> date:
    """The day of a moment: no time zone changes its day within a quarter of an hour. grain: quarters since 1970."""
    return datetime.fromtimestamp(grain * DAY_GRAIN_S, zone).date()


@dataclass(slots=True, eq=False, kw_only=True)
class Sender:
    """Which survey a form belongs to, and how it came. zone: the town's, whose day is kept.

    supersedes: the response that this one replaces; held: the quotas in which that one has its place.
    token: the hash of the invitation that is spent; flags: what is remarkable about the way the form came.

    Nobody changes it, but it is not frozen: what is made anew for each answer costs three times as much if it is.
    """

    id: UUID
    survey: Survey
    version: int
    language: str
    at: datetime
    zone: tzinfo
    channel: str = "web"
    is_test: bool = False
    supersedes: UUID | None = None
    held: frozenset[str] = frozenset()
    token: bytes | None = None
    flags: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return day_of(int(self.at.timestamp()) // DAY_GRAIN_S, self.zone)

    def count(self, event: daily_totals.Event, page: str = "") -> None:
        """Add to the daily totals; tests are not counted."""
        if not self.is_test:
            line = daily_totals.Line(self.survey.id, self.version, self.day, self.language, self.channel, event, page)
            daily_totals.count(line)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a form. outcome None: nothing was stored, because of problems, or as it was screened out."""

    outcome: Outcome | None
    decoded: Decoded
    code: str = ""
    quota: Quota | None = None

    @property
    def problems(self) -> list[Problem]:
        return self.decoded.problems

    @property
    def is_screened_out(self) -> bool:
        return self.decoded.screened is not None


async def store_response(sender: Sender, fields: Fields) -> Stored:
    """Decode a form's fields for a published version and store them, once for the sender's id.

    Raises NotFound for a version that there is not, Unavailable while the database is away.
    """
    compiled = await published.version(sender.survey.id, sender.version)
    decoded = compiled.decode(fields, plan=compiled.plan(variant_of(sender.id)))
    if decoded.problems:
        return Stored(None, decoded)
    if decoded.screened is not None:
        sender.count("screened_out", compiled.pages[decoded.screened].page.key)
        return Stored(None, decoded)
    outcome = await submit(sender, compiled, decoded)
    full = None
    if outcome is Outcome.FULL:
        full = await full_quota(sender, compiled.quotas_met(decoded), exactly=True)
    return Stored(outcome, decoded, receipt_code(sender.id), full)


async def submit(
    sender: Sender, compiled: Compiled, decoded: Decoded, meanwhile: Callable[[], object] | None = None
) -> Outcome:
    """Store answers without problems; counts what was sent. Raises Unavailable. meanwhile: see Batcher.store."""
    met = {quota.key: quota.limit for quota in compiled.quotas_met(decoded)} if compiled.quotas else {}
    row = Row(
        id=sender.id,
        survey=sender.survey.id,
        version=sender.version,
        language=sender.language,
        channel=sender.channel,
        day=sender.day,
        submitted_at=None if compiled.definition.mode == "anonymous" else sender.at,
        answers=inserts.encoded(decoded.answers),
        supersedes=sender.supersedes,
        flags=sender.flags,
        token=None if sender.is_test else sender.token,
        quotas=tuple((key, limit) for key, limit in met.items() if key not in sender.held),
        files=uploads.files_in(compiled, decoded.answers) if compiled.file_questions else (),
        released=tuple(key for key in sender.held if key not in met),
    )
    if sender.is_test:
        return await inserts.test_responses.store(row, meanwhile)
    outcome = await inserts.responses.store(row, meanwhile)
    if outcome is Outcome.STORED:
        sender.count("sent")
    return outcome


async def full_quota(sender: Sender, met: list[Quota], *, exactly: bool = False) -> Quota | None:
    """The first of these quotas that has no place left for the sender."""
    if not met or sender.is_test:
        return None
    given = await quotas.taken(sender.survey.id, exactly=exactly)
    return quotas.first_full(met, given, sender.held)


async def replacing(sender_survey: UUID, response_id: UUID) -> frozenset[str]:
    """The quotas in which a response that is about to be replaced has its place. Raises NotFound."""
    older = await queries.response(response_id)
    compiled = await published.version(sender_survey, older.version)
    return frozenset(quota.key for quota in compiled.quotas_of(older.answers))
