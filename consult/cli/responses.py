"""Answers as files: out for the analyst, in from paper and other systems."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from consult.cli.context import installation
from consult.cli.surveys import find
from consult.errors import Invalid
from consult.i18n import locale as locale_of
from consult.results.exports import export_csv, export_xlsx
from consult.results.imports import Cells, csv_rows
from consult.results.operations import Imported, import_responses
from consult.surveys import queries

STANDARD_OUTPUT = Path("-")


@click.group()
def responses() -> None:
    """Import and export answers."""


@contextmanager
def _bar(words: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while somebody watches; nothing in a pipe. Told how many of how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet or not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=min(done, total), total=total)


@responses.command("export")
@click.argument("survey")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
@click.option("--lang", help="Language of headings and labels; else the first of the profile.")
@click.option("--codes/--labels", default=False, help="Answers by their codes, or as their labels.  [default: labels]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="The file to write, - for standard output (csv only).  [default: SURVEY.csv or SURVEY.xlsx]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def export(survey: str, kind: str, lang: str | None, codes: bool, out: Path | None, as_json: bool) -> None:
    """Write the answers of SURVEY into a file: one line a response, by codes for programs or in words for people."""
    file = out or Path(f"{survey}.{kind}")
    if file == STANDARD_OUTPUT and kind == "xlsx":
        raise click.UsageError("A workbook needs a file: --out FILE.")
    with installation() as site, _bar("Exporting", quiet=as_json) as bar:
        language = lang or site.profile.default_language
        if language not in site.profile.languages:
            raise click.BadParameter(f"choose from {', '.join(site.profile.languages)}.", param_hint="--lang")
        spoken = locale_of(language)
        part = file.with_name(file.name + ".part")

        async def work() -> int:
            found = await find(survey)
            total = await queries.count(found.id)

            def progress(done: int) -> None:
                bar(done, total)

            if kind == "xlsx":
                await export_xlsx(found.id, spoken, part, codes=codes, progress=progress)
            elif file == STANDARD_OUTPUT:
                await export_csv(found.id, None if codes else spoken, sys.stdout.buffer, progress=progress)
            else:
                # Excel reads our letters only behind a byte order mark; programs that read codes stumble over one.
                with part.open("wb") as opened:
                    await export_csv(found.id, None if codes else spoken, opened, bom=not codes, progress=progress)
            return total

        try:
            total = site.run(work)
            if file != STANDARD_OUTPUT:
                part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    if as_json:
        click.echo(json.dumps({"file": str(file), "responses": total}), err=file == STANDARD_OUTPUT)
    elif file != STANDARD_OUTPUT:
        click.echo(f"{total:,} answers written to {file}.")


@responses.command("import")
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
    with installation() as site, _bar("Importing", quiet=as_json) as bar:

        def counted(rows: Iterable[Cells]) -> Iterator[Cells]:
            for number, row in enumerate(rows):
                if number % 100 == 0:
                    bar(number, lines)
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
        sentence = problem.message % problem.parameters if problem.parameters else problem.message
        told.append({"line": int(line) if line.isdigit() else 0, "column": column, "message": sentence})
    if as_json:
        click.echo(json.dumps({"stored": 0, "present": 0, "problems": told}, ensure_ascii=False, indent=1))
    for one in () if as_json else told:
        place = ": ".join(str(part) for part in (f"{file}:{one['line']}", one["column"], one["message"]) if part)
        click.echo(place, err=True)
    click.echo("Nothing was stored.", err=True)
    sys.exit(1)
