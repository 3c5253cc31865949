"""Surveys from their files and into them: check, import, export, publish."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from consult.cli.context import Installation, installation
from consult.cli.listing import find
from consult.consultations.consultation import end_of
from consult.exchange import formats, xlsform_writing
from consult.exchange.report import Loss
from consult.storage import transaction
from consult.studio import publishing
from consult.studio.checking import findings
from consult.surveys import operations, queries
from consult.surveys.authoring.translations import Ledger, Statement, pairs
from consult.surveys.authoring.yaml_reading import Fault, fault_list, read, write
from consult.surveys.definition.schema import Definition
from consult.surveys.files import gallery
from consult.surveys.operations import NothingNew
from consult.surveys.survey import Survey

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell all that is wrong with survey FILES, line by line, and what to do. Needs no database.

    A file without problems is looked at once more: what nobody can ever reach is a problem too; what is long, wide or
    hard to read is told as a hint. Exit code 1: there are problems; hints alone give 0.
    """
    found = {file: examined(file) for file in files}
    if as_json:
        click.echo(
            json.dumps(
                [
                    {"file": str(file), "problems": fault_list(faults), "hints": hints}
                    for file, (faults, hints) in found.items()
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for file, (faults, hints) in found.items():
            for fault in faults:
                click.echo(told(file, fault))
            for hint in hints:
                click.echo(f"{file}: hint: {hint['place']}: {hint['message']}")
            if not faults:
                click.echo(f"{file}: no problems.")
    sys.exit(any(faults for faults, _ in found.values()))


def examined(file: Path) -> tuple[tuple[Fault, ...], list[dict[str, str]]]:
    """What is wrong with a file, and what its author may leave as it is. Hints stand only where nothing is wrong."""
    reading = read(file.read_bytes())
    if reading.definition is None:
        return reading.faults, []
    at = datetime.now(UTC)
    all_right = Ledger([Statement(pair, at) for pair in pairs(reading.definition)])
    seen = findings(reading.definition, all_right, ())
    faults = tuple(Fault(one.place, one.message, one.parameters) for one in seen if one.level == "error")
    hints = [
        {"place": one.place, "message": one.message % one.parameters if one.parameters else one.message}
        for one in seen
        if one.level == "warning"
    ]
    return faults, [] if faults else hints


def told(file: Path, fault: Fault) -> str:
    """One problem in the form that editors can follow: FILE:LINE: PLACE: SENTENCE. What no line says has none."""
    sentence = fault.message % fault.parameters if fault.parameters else fault.message
    where = f"{file}:{fault.line}" if fault.line else str(file)
    return ": ".join(part for part in (where, fault.place, sentence) if part)


PARTLY = 3


@click.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a YAML file; - for standard output."
)
@click.option("--language", default="en", help="The language of texts that name none.", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print what could not be carried over as JSON.")
def import_(file: Path, out: Path | None, language: str, as_json: bool) -> None:
    """Take over a survey from FILE: XLSForm (.xlsx, .xls), LimeSurvey (.lss) or this platform's own YAML.

    It becomes the working copy of the survey with its key, or a YAML file with --out (which needs no database).
    What could not be carried over is told by place. Exit code 0: all was carried over; 3: not all, or the survey has
    faults to mend; 1: nothing was.
    """
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise click.UsageError("--language takes a code of two or three letters.")
    found = formats.take(file.read_bytes(), file.name, language=language)
    if found.format == "yaml" and found.faults:
        for fault in found.faults:
            click.echo(told(file, fault), err=True)
        sys.exit(1)
    if out is not None and str(out) == "-":
        click.echo(found.source, nl=False)
    elif out is not None:
        out.write_text(found.source)
    elif found.definition is not None:
        definition = found.definition
        with installation() as site:
            site.run(lambda: _kept(definition, file))
    _report(found, file, out, as_json)
    sys.exit(PARTLY if found.losses or found.faults else 0)


async def _kept(definition: Definition, file: Path) -> None:
    at = datetime.now(UTC)
    async with transaction():
        survey_id = await operations.import_working_copy(definition=definition, at=at)
        for name, content in beside(file, definition).items():
            await gallery.keep(survey_id=survey_id, name=name, content=content, at=at)


def _report(found: formats.Imported, file: Path, out: Path | None, as_json: bool) -> None:
    is_piped = out is not None and str(out) == "-"
    if as_json:
        report = {"losses": [loss_in_words(loss) for loss in found.losses], "problems": fault_list(found.faults)}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1), err=is_piped)
        return
    for loss in found.losses:
        click.echo(f"{file}: {loss}", err=is_piped)
    for fault in found.faults:
        click.echo(told(out or file, fault), err=is_piped)
    if not found.losses and not found.faults:
        click.echo(f"{file}: everything was carried over.", err=is_piped)


def loss_in_words(loss: Loss) -> dict[str, object]:
    place = loss.place
    words = {"why": loss.why % loss.parameters, "advice": loss.advice % loss.parameters}
    return {"sheet": place.sheet, "row": place.row, "column": place.column, "what": loss.what, **words}


def beside(file: Path, definition: Definition) -> dict[str, bytes]:
    """The pictures of a survey that lie where its file says; those that were added before need not."""
    names = {image.file for _, image in gallery.images(definition)}
    return {name: path.read_bytes() for name in sorted(names) if (path := file.parent / name).is_file()}


@click.command("export")
@click.argument("key")
@click.option("--format", "kind", type=click.Choice(["yaml", "xlsform"]), default="yaml", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; yaml else is printed.")
def export_(key: str, kind: str, out: Path | None) -> None:
    """Write the working copy of survey KEY (its newest version where there is none) into a file.

    What XLSForm cannot express is told by place on standard error; the exit code is then 3.
    """
    if kind == "xlsform" and out is None:
        raise click.UsageError("--format xlsform needs --out FILE.xlsx.")

    async def work() -> Definition:
        found = await find(key)
        copy = await queries.working_copy(found.id)
        return copy.definition if copy else (await queries.version(found.id)).definition

    with installation() as site:
        definition = site.run(work)
    if out is None:
        click.echo(write(definition), nl=False)
        return
    exported = xlsform_writing.export(definition) if kind == "xlsform" else None
    out.write_bytes(exported.content if exported else write(definition).encode())
    for loss in exported.losses if exported else ():
        click.echo(f"{out}: {loss}", err=True)
    click.echo(f"{key} written to {out}.")
    sys.exit(PARTLY if exported and exported.losses else 0)


@dataclass(frozen=True, slots=True)
class Published:
    """certificate: trivial (there are no conditions to decide) or absent (no browser has decided them)."""

    slug: str
    version: int
    state: str
    address: str
    short_link: str
    certificate: str


@click.command()
@click.argument("file", type=FILE)
@click.option("--open", "opens", is_flag=True, help="Open it now; what was answered in a test vanishes.")
@click.option("--closes", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it can be answered.")
@click.option("--json", "as_json", is_flag=True, help="Print what was published as JSON.")
def publish(file: Path, opens: bool, closes: datetime | None, as_json: bool) -> None:
    """Publish the survey in FILE as a new version, and print its address and its short link.

    Pictures are taken from where the file says, beside it. The version has no certificate where it has conditions: no
    browser decides them here, as it does when somebody publishes in the workspace.
    """
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
                for name, content in beside(file, definition).items():
                    await gallery.keep(survey_id=survey_id, name=name, content=content, at=at)
                try:
                    await publishing.publish(
                        survey_id=survey_id,
                        at=at,
                        languages=tuple(site.profile.languages),
                        needs_approval=site.profile.surveys.translation_approval,
                        without=True,
                    )
                except NothingNew:
                    if not opens:
                        raise
                if opens:
                    await _open(site, survey_id_of=definition.key, last_day=closes.date() if closes else None, at=at)
                return await queries.survey_by_id(survey_id)

        published = _published(site, site.run(work), at, publishing.needs_certificate(definition))
    if as_json:
        click.echo(json.dumps({name: getattr(published, name) for name in Published.__slots__}))
    else:
        click.echo(f"{published.slug}, version {published.version}, {published.state}.")
        click.echo(f"Address:    {published.address}")
        click.echo(f"Short link: {published.short_link}")
        if published.certificate == "absent":
            click.echo("No browser has certified its conditions: publish in the workspace for that.")


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


def _published(site: Installation, found: Survey, at: datetime, has_conditions: bool) -> Published:
    base = site.settings.base_url
    return Published(
        slug=found.slug,
        version=found.version,
        state=found.state(at).value,
        address=f"{base}/{site.profile.default_language}/surveys/{found.slug}",
        short_link=f"{base}/s/{found.code}",
        certificate="absent" if has_conditions else "trivial",
    )
