"""What a person can do with a consultation. Each operation is one transaction with its entry in the audit trail."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from consult.consultations import queries, shift_operations
from consult.consultations.consultation import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_PHASES,
    MOVES,
    Consultation,
    Kind,
    Outcome,
    Phase,
    State,
    Stored,
    date_problems,
    end_of,
    first_moment,
    phases_to_json,
    slug_problems,
    text_problems,
)
from consult.consultations.following import operations as following
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Text
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "consultation"
FIRST_WORDS = ("slug", "kind", "title", "opens_on", "last_on", "short_reason")


class AlreadyPublished(Refused):
    message = N_("This consultation has already been published.")


class NotComplete(Refused):
    message = N_("Set the first and the last day before you publish.")


class MoveRefused(Refused):
    message = N_("A consultation in this state cannot be moved there.")


class OutcomeTooEarly(Refused):
    message = N_("The outcome can be written once the consultation has closed.")


@dataclass(frozen=True, slots=True)
class Content:
    """What staff write about a consultation. Dates are days in the town's time zone."""

    slug: str
    kind: str
    title: Text
    summary: Text
    authentic_language: str
    plain_words: Text = field(default_factory=dict)
    legal_basis: Text = field(default_factory=dict)
    contact: Text = field(default_factory=dict)
    opens_on: date | None = None
    last_on: date | None = None
    answers_due: date | None = None
    short_reason: str = ""
    phases: tuple[Phase, ...] = ()
    is_demo: bool = False

    def problems(self, minimum_days: int) -> list[Problem]:
        """A consultation may be published in one language; the authentic one must be there."""
        found = slug_problems(self.slug)
        if self.kind not in {kind.value for kind in Kind}:
            found.append(Problem("kind", N_("Choose what the consultation is about.")))
        needed = [self.authentic_language]
        found += text_problems("title", self.title, needed=needed, longest=LONGEST_TITLE)
        found += text_problems("summary", self.summary, needed=needed, longest=LONGEST_TEXT)
        for place in ("plain_words", "legal_basis", "contact"):
            found += text_problems(place, getattr(self, place), needed=(), longest=LONGEST_TEXT)
        if self.opens_on or self.last_on:
            found += date_problems(self.opens_on, self.last_on, minimum_days=minimum_days, reason=self.short_reason)
        if self.answers_due and self.last_on and self.answers_due < self.last_on:
            found.append(Problem("answers_due", N_("Answers come after the last day of the consultation.")))
        return found + list(_phase_problems(self.phases, self.authentic_language))


def _phase_problems(phases: Sequence[Phase], authentic: str) -> Iterable[Problem]:
    if len(phases) > MOST_PHASES:
        yield Problem("phase-1", N_("Use at most %(most)s steps."), {"most": MOST_PHASES})
    for number, phase in enumerate(phases, start=1):
        if not phase.label.get(authentic, "").strip():
            yield Problem(f"phase-{number}-{authentic}", N_("Name this step, at least in the authentic language."))
        if phase.starts is None and phase.ends is None:
            yield Problem(f"phase-{number}-ends", N_("Give this step at least one date."))
        elif phase.starts and phase.ends and phase.ends < phase.starts:
            yield Problem(f"phase-{number}-ends", N_("The step must not end before it begins."))
        elif phase.is_short and not phase.short_reason:
            message = N_("The step is shorter than the %(minimum)s days of its rule. Write why.")
            yield Problem(f"phase-{number}-reason", message, {"minimum": phase.minimum_days})


async def create_consultation(
    content: Content, *, minimum_days: int, time_zone: str, actor: UUID | None, at: datetime
) -> UUID:
    """Keep a new consultation in preparation. Raises Invalid with all problems."""
    problems = content.problems(minimum_days)
    if problems:
        raise Invalid(problems)
    consultation_id = uuid4()
    async with transaction():
        await _refuse_taken_slug(content.slug, None)
        await execute(
            "insert into consultation (id, slug, kind, title, summary, plain_words, legal_basis, contact, "
            "authentic_language, opens_at, closes_at, answers_due, minimum_days, short_reason, phases, is_demo, state, "
            "created_at, changed_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'draft', $17, $17)",
            consultation_id,
            *_values(content, minimum_days, time_zone),
            content.is_demo,
            at,
        )
        first = {name: value for name, value in snapshot(content).items() if name in FIRST_WORDS and value}
        await audit(
            actor=actor, kind="consultation.created", record=RECORD, record_id=consultation_id, after=first, at=at
        )
    return consultation_id


async def change_consultation(
    *,
    consultation_id: UUID,
    content: Content,
    minimum_days: int,
    time_zone: str,
    reason: str = "",
    actor: UUID | None,
    at: datetime,
) -> None:
    """Change a consultation; once it is public its address stays and a reason is needed. Raises Invalid, NotFound."""
    async with transaction():
        before = await _locked(consultation_id)
        problems = content.problems(minimum_days)
        if before.is_public:
            if not reason.strip():
                problems.append(Problem("reason", N_("Write why you change a consultation that is already public.")))
            if content.slug != before.slug:
                problems.append(Problem("slug", N_("The address of a public consultation does not change.")))
            if content.opens_on is None or content.last_on is None:
                problems += date_problems(
                    content.opens_on, content.last_on, minimum_days=minimum_days, reason=content.short_reason
                )
        if problems:
            raise Invalid(_unique(problems))
        await _refuse_taken_slug(content.slug, consultation_id)
        await execute(
            "update consultation set slug = $2, kind = $3, title = $4, summary = $5, plain_words = $6, "
            "legal_basis = $7, contact = $8, authentic_language = $9, opens_at = $10, closes_at = $11, "
            "answers_due = $12, minimum_days = $13, short_reason = $14, phases = $15, changed_at = $16 where id = $1",
            consultation_id,
            *_values(content, minimum_days, time_zone),
            at,
        )
        closes_at = end_of(content.last_on, time_zone) if content.last_on else None
        if before.is_public and closes_at is not None:
            why = {before.authentic_language: reason}
            await shift_operations.note_shift(
                found=before, closes_at=closes_at, reason=why, time_zone=time_zone, actor=actor, at=at
            )
        old, new = _before(before, time_zone), snapshot(content)
        changed = [name for name in new if new[name] != old[name]]
        await audit(
            actor=actor,
            kind="consultation.changed",
            record=RECORD,
            record_id=consultation_id,
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
            reason=reason.strip() or None,
            at=at,
        )


async def publish_consultation(consultation_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Announce it: from now on its state follows its dates. Raises AlreadyPublished, NotComplete, NotFound."""
    async with transaction():
        found = await _locked(consultation_id)
        if found.stored is not Stored.DRAFT:
            raise AlreadyPublished
        if found.opens_at is None or found.closes_at is None:
            raise NotComplete
        await execute(
            "update consultation set state = 'published', announced_at = $2, changed_at = $2 where id = $1",
            consultation_id,
            at,
        )
        await audit(actor=actor, kind="consultation.published", record=RECORD, record_id=consultation_id, at=at)


async def move_consultation(
    consultation_id: UUID, *, to: Stored, reason: str = "", actor: UUID | None, at: datetime
) -> None:
    """Set a state that no calendar knows; cancelling needs a reason. Raises MoveRefused, Invalid, NotFound."""
    async with transaction():
        found = await _locked(consultation_id)
        state = found.state_at(at)
        if to not in MOVES[state]:
            raise MoveRefused
        if to is Stored.CANCELLED and not reason.strip():
            raise Invalid([Problem("reason", N_("Write why the consultation is cancelled."))])
        await execute(
            "update consultation set state = $2, changed_at = $3 where id = $1", consultation_id, to.value, at
        )
        if to is Stored.CANCELLED and found.is_public:
            event = f"consultation.cancelled:{consultation_id}"
            path = ("consultations", found.slug)
            await following.announce(
                consultation_id=consultation_id, notice="cancelled", event=event, path=path, reason=reason.strip()
            )
        await audit(
            actor=actor,
            kind=f"consultation.{to.value}",
            record=RECORD,
            record_id=consultation_id,
            before={"state": state.value},
            after={"state": to.value},
            reason=reason.strip() or None,
            at=at,
        )


async def record_outcome(*, consultation_id: UUID, outcome: Outcome, actor: UUID | None, at: datetime) -> None:
    """Say what was asked, what people said and what the town did. Raises Invalid, OutcomeTooEarly, NotFound."""
    async with transaction():
        found = await _locked(consultation_id)
        if found.state_at(at) in {State.DRAFT, State.ANNOUNCED, State.OPEN, State.CANCELLED}:
            raise OutcomeTooEarly
        needed = [found.authentic_language]
        problems = [
            problem
            for place in ("asked", "said", "did")
            for problem in text_problems(place, getattr(outcome, place), needed=needed, longest=LONGEST_TEXT)
        ]
        if problems:
            raise Invalid(problems)
        await execute(
            "update consultation set outcome = $2, changed_at = $3 where id = $1", consultation_id, asdict(outcome), at
        )
        await audit(
            actor=actor,
            kind="consultation.outcome",
            record=RECORD,
            record_id=consultation_id,
            before=asdict(found.outcome) if found.outcome else None,
            after=asdict(outcome),
            at=at,
        )


def snapshot(content: Content) -> dict[str, Any]:
    """What the audit trail keeps of a version of a consultation."""
    return {
        "slug": content.slug,
        "kind": content.kind,
        "title": content.title,
        "summary": content.summary,
        "plain_words": content.plain_words,
        "legal_basis": content.legal_basis,
        "contact": content.contact,
        "opens_on": _iso(content.opens_on),
        "last_on": _iso(content.last_on),
        "answers_due": _iso(content.answers_due),
        "short_reason": content.short_reason,
        "phases": phases_to_json(content.phases),
    }


def _before(found: Consultation, time_zone: str) -> dict[str, Any]:
    """The same for what the database holds, so that the two can be compared field by field."""
    return {
        "slug": found.slug,
        "kind": found.kind.value,
        "title": found.title,
        "summary": found.summary,
        "plain_words": found.plain_words,
        "legal_basis": found.legal_basis,
        "contact": found.contact,
        "opens_on": _iso(found.first_day(time_zone)),
        "last_on": _iso(found.last_day(time_zone)),
        "answers_due": _iso(found.answers_due),
        "short_reason": found.short_reason,
        "phases": phases_to_json(found.phases),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _values(content: Content, minimum_days: int, time_zone: str) -> tuple[Any, ...]:
    return (
        content.slug,
        content.kind,
        content.title,
        content.summary,
        content.plain_words,
        content.legal_basis,
        content.contact,
        content.authentic_language,
        first_moment(content.opens_on, time_zone) if content.opens_on else None,
        end_of(content.last_on, time_zone) if content.last_on else None,
        content.answers_due,
        minimum_days,
        content.short_reason.strip(),
        phases_to_json(content.phases),
    )


def _unique(problems: Iterable[Problem]) -> list[Problem]:
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return found


async def _locked(consultation_id: UUID) -> Consultation:
    """Lock the row, so that two people cannot move a consultation at the same time."""
    await fetchval("select 1 from consultation where id = $1 for update", consultation_id)
    found = await queries.by_id(consultation_id)
    if found is None:
        raise NotFound
    return found


async def _refuse_taken_slug(slug: str, own_id: UUID | None) -> None:
    taken = await fetchval("select 1 from consultation where slug = $1 and id is distinct from $2::uuid", slug, own_id)
    if taken:
        raise Invalid([Problem("slug", N_("This address is taken; choose another."))])
