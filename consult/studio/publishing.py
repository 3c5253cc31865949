"""Publishing: a new version together with its certificate, in one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction
from consult.studio.certificates import SHOWN, Certificate, Disagreement, Kind, compare
from consult.studio.checking import findings
from consult.surveys import operations, queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring import ledger
from consult.surveys.definition.schema import Definition
from consult.surveys.survey import content_hash


class Changed(Refused):
    message = N_("The working copy has changed since this page was opened. Look at it again, then publish.")


class Faulty(Invalid):
    message = N_("The checks found faults. Correct them first.")


class NoCertificate(Invalid):
    message = N_("The browser has not decided the answer sets.")


class Disagree(Invalid):
    """Browser and server decide differently, so residents would see other questions than the server expects."""

    message = N_("Your browser and the server decide differently.")

    def __init__(self, disagreements: tuple[Disagreement, ...]) -> None:
        self.disagreements = disagreements
        super().__init__(
            Problem(
                "publish",
                N_("For the answers %(answers)s only the browser hides %(browser)s, only the server hides %(server)s."),
                {
                    "answers": "; ".join(f"{name}={', '.join(values)}" for name, values in one.fields.items()) or "–",
                    "browser": ", ".join(one.only_browser) or "–",
                    "server": ", ".join(one.only_server) or "–",
                },
            )
            for one in disagreements[:SHOWN]
        )


def needs_certificate(definition: Definition) -> bool:
    """Whether there is anything to decide."""
    return Compiled(definition).has_conditions


async def publish(
    *,
    survey_id: UUID,
    at: datetime,
    person: UUID | None = None,
    languages: tuple[str, ...] = (),
    needs_approval: bool = False,
    seen_hash: str | None = None,
    decided: list[list[str]] | None = None,
    browser: str = "",
    without: bool = False,
) -> int:
    """Publish the working copy and give its number.

    seen_hash: of the working copy that the publisher looked at. decided: what the publisher's browser decided;
    without: said to be published without, as on the command line, which has no browser.
    Raises what surveys.operations.publish raises, and Changed, Faulty, NoCertificate, Disagree.
    """
    async with transaction():
        await fetchval("select survey from survey_working_copy where survey = $1 for update", survey_id)
        copy = await queries.working_copy(survey_id)
        if copy is None:
            raise NotFound
        digest = content_hash(copy.definition)
        if seen_hash is not None and seen_hash != digest:
            raise Changed
        await _require_faultless(survey_id, copy.definition)
        kind, cases, made = _decided(copy.definition, decided, without=without)
        number = await operations.publish(
            survey_id=survey_id, at=at, person=person, languages=languages, needs_approval=needs_approval
        )
        version = await queries.version(survey_id, number)
        await execute(
            """insert into survey_certificate
                   (version, kind, browser, content_hash, cases, decisions, made_at, made_by)
               values ($1, $2, $3, $4, $5, $6, $7, $8)""",
            version.id,
            kind,
            (browser or "unknown") if kind == "browser" else "",
            digest,
            cases,
            made,
            at,
            person,
        )
        await audit(
            actor=person,
            kind="survey.certified",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"version": number, "certificate": kind},
        )
    return number


async def _require_faultless(survey_id: UUID, definition: Definition) -> None:
    earlier = [version.definition for version in await queries.versions(survey_id)]
    found = findings(definition, await ledger.ledger(survey_id), (), earlier)
    errors = [one for one in found if one.level == "error"]
    if errors:
        raise Faulty(Problem(one.place, one.message, one.parameters) for one in errors)


def _decided(definition: Definition, decided: list[list[str]] | None, *, without: bool) -> tuple[Kind, int, int]:
    """The kind of certificate, the answer sets and the decisions compared."""
    if not needs_certificate(definition):
        return "trivial", 0, 0
    if decided is None:
        if not without:
            raise NoCertificate(
                [
                    Problem(
                        "without",
                        N_("Your browser has decided nothing. Switch scripts on, or say that you publish without it."),
                    )
                ]
            )
        return "absent", 0, 0
    found = compare(definition, decided)
    if found.disagreements:
        raise Disagree(found.disagreements)
    return "browser", found.cases, found.decided


async def certificates(survey_id: UUID) -> dict[UUID, Certificate]:
    """By version; those published before there were certificates have none."""
    rows = await fetch(
        """select c.version, c.kind, c.browser, c.content_hash, c.cases, c.decisions, c.made_at, c.made_by
           from survey_certificate c join survey_version v on v.id = c.version where v.survey = $1""",
        survey_id,
    )
    return {row["version"]: Certificate(**dict(row)) for row in rows}
