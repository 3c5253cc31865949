"""Surveys from their files: check, publish, list."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from consult.cli.context import Installation, installation
from consult.consultations.consultation import end_of
from consult.errors import NotFound
from consult.i18n import pick
from consult.storage import transaction
from consult.surveys import operations, queries
from consult.surveys.operations import NothingNew
from consult.surveys.reading import Fault, fault_list, read
from consult.surveys.survey import Survey

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def survey() -> None:
    """Check, publish and list surveys."""


@survey.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell all that is wrong with survey FILES, line by line, and what to do. Needs no database."""
    found = {file: read(file.read_bytes()).faults for file in files}
    if as_json:
        click.echo(
            json.dumps(
                [{"file": str(file), "problems": fault_list(faults)} for file, faults in found.items()],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for file, faults in found.items():
            for fault in faults:
                click.echo(told(file, fault))
            if not faults:
                click.echo(f"{file}: no problems.")
    sys.exit(any(found.values()))


def told(file: Path, fault: Fault) -> str:
    """One problem in the form that editors can follow: FILE:LINE: PLACE: SENTENCE."""
    sentence = fault.message % fault.parameters if fault.parameters else fault.message
    return ": ".join(part for part in (f"{file}:{fault.line}", fault.place, sentence) if part)


@dataclass(frozen=True, slots=True)
class Published:
    slug: str
    version: int
    state: str
    address: str
    short_link: str


@survey.command()
@click.argument("file", type=FILE)
@click.option("--open", "opens", is_flag=True, help="Open it now; what was answered in a test vanishes.")
@click.option("--closes", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it can be answered.")
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def publish(file: Path, opens: bool, closes: datetime | None, as_json: bool) -> None:
    """Publish the survey in FILE as a new version, and print its address and its short link."""
    if closes is not None and not opens:
        raise click.UsageError("--closes goes together with --open.")
    reading = read(file.read_bytes())
    if reading.definition is None:
        for fault in reading.faults:
            click.echo(told(file, fault), err=True)
        sys.exit(1)
    definition = reading.definition
    with installation() as site:
        at = datetime.now(UTC)

        async def work() -> Survey:
            async with transaction():
                survey_id = await operations.import_working_copy(definition=definition, at=at)
                try:
                    await operations.publish(
                        survey_id=survey_id,
                        at=at,
                        languages=tuple(site.profile.languages),
                        needs_approval=site.profile.surveys.translation_approval,
                    )
                except NothingNew:
                    if not opens:
                        raise
                if opens:
                    await _open(site, survey_id_of=definition.key, last_day=closes.date() if closes else None, at=at)
                return await queries.survey_by_id(survey_id)

        published = _published(site, site.run(work), at)
    if as_json:
        click.echo(json.dumps({name: getattr(published, name) for name in Published.__slots__}))
    else:
        click.echo(f"{published.slug}, version {published.version}, {published.state}.")
        click.echo(f"Address:    {published.address}")
        click.echo(f"Short link: {published.short_link}")


async def _open(site: Installation, *, survey_id_of: str, last_day: date | None, at: datetime) -> None:
    """Open a survey now; one that is open keeps the moment it opened, and its end unless another is given."""
    found = await queries.survey(survey_id_of)
    is_open = found.is_open(at)
    await operations.schedule(
        survey_id=found.id,
        opens_at=found.opens_at if is_open and found.opens_at else at,
        closes_at=end_of(last_day, site.profile.time_zone) if last_day else found.closes_at if is_open else None,
        languages=tuple(site.profile.languages),
        at=at,
        needs_approval=site.profile.surveys.translation_approval,
    )


def _published(site: Installation, found: Survey, at: datetime) -> Published:
    base = site.settings.base_url
    return Published(
        slug=found.slug,
        version=found.version,
        state=found.state(at).value,
        address=f"{base}/{site.profile.default_language}/surveys/{found.slug}",
        short_link=f"{base}/s/{found.code}",
    )


@survey.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(as_json: bool) -> None:
    """List all surveys, the newest first, with the number of answers."""
    with installation() as site:
        at = datetime.now(UTC)

        async def work() -> list[dict[str, object]]:
            counted = await queries.counts()
            return [
                {
                    "slug": one.slug,
                    "title": pick(one.title, site.profile.default_language, site.profile.languages)[0],
                    "state": one.state(at).value,
                    "version": one.version,
                    "responses": counted.get(one.id, 0),
                    "opens_at": one.opens_at.isoformat() if one.opens_at else None,
                    "closes_at": one.closes_at.isoformat() if one.closes_at else None,
                    "short_link": f"{site.settings.base_url}/s/{one.code}",
                }
                for one in await queries.all_surveys()
            ]

        found = site.run(work)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one['slug']:<28}{one['state']:<10}{one['responses']:>8,} answers   {one['title']}")
    if not found:
        click.echo("There are no surveys yet. Publish one: consult survey publish FILE")


async def find(slug: str) -> Survey:
    """The survey with this key. Raises NoSuchSurvey."""
    try:
        return await queries.survey(slug)
    except NotFound:
        raise NoSuchSurvey(slug=slug) from None


class NoSuchSurvey(NotFound):
    message = "There is no survey “%(slug)s”. These are there: consult survey list"
