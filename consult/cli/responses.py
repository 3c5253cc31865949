"""Answers as files: out for the analyst, in from paper and other systems."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from consult.cli.bars import bar
from consult.cli.context import Installation, installation
from consult.cli.listing import find
from consult.errors import Invalid
from consult.i18n import Locale, pick
from consult.i18n import locale as locale_of
from consult.results.exports import definition_of, export_csv
from consult.results.formats import dictionary
from consult.results.formats.ddi import write_ddi
from consult.results.formats.taking import FileKind, Report, Wanted
from consult.results.formats.weights import weights_named
from consult.results.formats.writing import KINDS, write
from consult.results.imports import Cells, csv_rows
from consult.results.operations import Imported, import_responses
from consult.surveys import queries

STANDARD_OUTPUT = Path("-")


@click.command("export")
@click.argument("survey")
@click.option("--format", "kind", type=click.Choice(KINDS), default="csv", show_default=True)
@click.option("--lang", help="Language of headings and labels; else the first of the profile.")
@click.option("--codes/--labels", default=False, help="Answers by their codes, or as their labels.  [default: labels]")
@click.option("--weights", help="The name of a set of weights, which becomes a column.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="The file to write, - for standard output (csv only).  [default: SURVEY.FORMAT]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def export(
    survey: str, kind: FileKind, lang: str | None, codes: bool, weights: str | None, out: Path | None, as_json: bool
) -> None:
    """Write the answers of SURVEY into a file: one line a response, by codes for programs or in words for people.

    In files for SPSS (sav) and Stata (dta) answers are always numbers with labels: --codes makes the labels the codes
    of the questionnaire. What a format cannot hold whole is cut and reported.
    """
    file = out or Path(f"{survey}.{kind}")
    if file == STANDARD_OUTPUT and kind != "csv":
        raise click.UsageError("This format needs a file: --out FILE.")
    with installation() as site, bar("Exporting", quiet=as_json) as told:
        spoken = _language(lang, site)
        part = file.with_name(file.name + ".part")

        async def work() -> Report:
            found = await find(survey)
            total = await queries.count(found.id)

            def progress(done: int) -> None:
                told(done, total)

            weighting = await weights_named(found.id, weights)
            if file == STANDARD_OUTPUT:
                out, words = sys.stdout.buffer, None if codes else spoken
                await export_csv(found.id, words, out, weights=weighting, progress=progress)
                return Report(total)
            # Excel reads our letters only behind a byte order mark; programs that read codes stumble over one.
            wanted = Wanted(None if codes else spoken)
            return await write(
                found.id, kind, part, locale=spoken, wanted=wanted, at=datetime.now(UTC), weights=weighting,
                bom=not codes, progress=progress,
            )  # fmt: skip

        try:
            done = site.run(work)
            if file != STANDARD_OUTPUT:
                part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    _tell(done, file, as_json)


def _language(lang: str | None, site: Installation) -> Locale:
    language = lang or site.profile.default_language
    if language not in site.profile.languages:
        raise click.BadParameter(f"choose from {', '.join(site.profile.languages)}.", param_hint="--lang")
    return locale_of(language)


def _tell(done: Report, file: Path, as_json: bool) -> None:
    if as_json:
        cuts = [{"place": one.place, "what": one.what, "kept": one.kept} for one in done.cuts]
        told = {"file": str(file), "responses": done.rows, "cut": cuts}
        click.echo(json.dumps(told, ensure_ascii=False), err=file == STANDARD_OUTPUT)
        return
    if file != STANDARD_OUTPUT:
        click.echo(f"{done.rows:,} answers written to {file}.")
    for one in done.cuts:
        click.echo(f"Cut, because the format holds no more: {one.what} of {one.place}: {one.kept}…", err=True)


@click.command("codebook")
@click.argument("survey")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "ddi"]), default="csv", show_default=True)
@click.option("--lang", help="Language of the words; else the first of the profile.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="[default: SURVEY-codebook.FORMAT, .xml for ddi]"
)
def codebook(survey: str, kind: str, lang: str | None, out: Path | None) -> None:
    """Write what the columns and codes of SURVEY mean, and what they are called in SPSS and Stata.

    ddi is a description in XML by the DDI Codebook standard, in all languages, with frequencies.
    """
    file = out or Path(f"{survey}-codebook.{'xml' if kind == 'ddi' else kind}")
    with installation() as site:
        spoken = _language(lang, site)

        async def work() -> None:
            found = await find(survey)
            definition = await definition_of(found.id)
            if kind == "ddi":
                await write_ddi(found.id, file, language=spoken.code)
            elif kind == "csv":
                file.write_bytes(dictionary.as_csv(definition, spoken))
            else:
                dictionary.as_xlsx(definition, spoken, file)

        site.run(work)
    click.echo(f"Written to {file}.")


@click.command("import")
@click.argument("survey")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(survey: str, file: Path, as_json: bool) -> None:
    """Store the answers in FILE (CSV by codes, as `export --codes` writes it), all of them or none.

    Every line is judged like a form that was sent. A line whose id is stored already is left alone, so a file may be
    imported twice.
    """
    data = file.read_bytes()
    lines = max(data.count(b"\n") - 1, 1)
    with installation() as site, bar("Importing", quiet=as_json) as told:

        def counted(rows: Iterable[Cells]) -> Iterator[Cells]:
            for number, row in enumerate(rows):
                if number % 100 == 0:
                    told(number, lines)
                yield row

        async def work() -> Imported:
            found = await find(survey)
            return await import_responses(survey_id=found.id, rows=counted(csv_rows(data)), at=datetime.now(UTC))

        try:
            done = site.run(work)
        except Invalid as refused:
            _refuse(file, refused, as_json)
    if as_json:
        click.echo(json.dumps({"stored": done.stored, "present": done.present, "problems": []}))
    else:
        click.echo(f"{done.stored:,} answers stored, {done.present:,} were there already.")


def _refuse(file: Path, refused: Invalid, as_json: bool) -> None:
    """Tell every problem by line and column, and that nothing was stored."""
    told = []
    for problem in refused.problems:
        line, _, column = problem.place.partition(", ")
        words = {name: _in_english(value) for name, value in problem.parameters.items()}
        sentence = problem.message % words if words else problem.message
        told.append({"line": int(line) if line.isdigit() else 0, "column": column, "message": sentence})
    if as_json:
        click.echo(json.dumps({"stored": 0, "present": 0, "problems": told}, ensure_ascii=False, indent=1))
    for one in () if as_json else told:
        place = ": ".join(str(part) for part in (f"{file}:{one['line']}", one["column"], one["message"]) if part)
        click.echo(place, err=True)
    click.echo("Nothing was stored.", err=True)
    sys.exit(1)


def _in_english(value: object) -> object:
    """What stands in a sentence on the command line: of a text in many languages the English one, else any."""
    return pick({str(code): str(words) for code, words in value.items()}, "en")[0] if isinstance(value, dict) else value
