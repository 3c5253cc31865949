"""Backups: everything in one file, and back into an empty database."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from consult.cli.context import installation
from consult.storage import backup as archive
from consult.storage.backup import Report


@contextmanager
def _bar(quiet: bool) -> Iterator[archive.Progress]:
    """A bar on standard error while somebody watches; nothing in a pipe."""
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=quiet or not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda share, table: progress.update(task, completed=share, description=table)


def _tell(report: Report, file: Path, as_json: bool, words: str) -> None:
    if as_json:
        click.echo(json.dumps({"file": str(file), "rows": report.rows, "total": report.total}))
    else:
        click.echo(words % {"file": file, "rows": f"{report.total:,}"})


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def backup(file: Path, as_json: bool) -> None:
    """Write all data into FILE, which must not exist. The platform may go on running meanwhile."""
    with installation() as site, _bar(as_json) as progress:
        report = asyncio.run(archive.backup(site.dsn, file, at=datetime.now(UTC), progress=progress))
    _tell(report, file, as_json, "%(rows)s rows written to %(file)s.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def restore(file: Path, as_json: bool) -> None:
    """Bring the data of FILE into an empty database, all of them or none."""
    with installation() as site, _bar(as_json) as progress:
        report = asyncio.run(archive.restore(site.dsn, file, progress=progress))
    _tell(report, file, as_json, "%(rows)s rows restored from %(file)s.")
