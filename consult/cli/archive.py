"""Backups: everything in one file, and back into an empty database."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from consult.cli.context import installation
from consult.settings import secret_key
from consult.storage import backup as archive
from consult.storage.backup import Report
from consult.storage.measures import note_backup
from consult.storage.secret_mark import mark_of, note_restored

FOREIGN = (
    "It was made with another secret than the one here: open invitations, links in letters and second factors of "
    "colleagues do not work until that one is in its place (CONSULT_SECRET, else %s)."
)
NAMED = re.compile(r"consult-[0-9]{8}-[0-9]{6}\.backup")


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
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="A folder, instead of FILE.")
@click.option("--keep", type=click.IntRange(1), help="With --into: how many stay there, the newest ones.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def backup(file: Path | None, into: Path | None, keep: int | None, as_json: bool) -> None:
    """Write all data into FILE, which must not exist. The platform may go on running meanwhile.

    With --into the file is named by the moment, consult-20260322-023000.backup; what is older than the newest --keep
    backups of that kind is removed when the new one is complete.
    """
    at = datetime.now(UTC)
    if (file is None) == (into is None) or (keep is not None and into is None):
        raise click.UsageError("Name either a FILE, or a folder with --into (and --keep, if old ones are to go).")
    target = file or _named(into or Path(), at)
    with installation() as site, _bar(as_json) as progress:
        mark = mark_of(secret_key(site.settings))
        report = asyncio.run(archive.backup(site.dsn, target, at=at, secret=mark, progress=progress))
        note_backup(site.settings.data, at.timestamp())
    if into is not None and keep is not None:
        for old in backups(into)[:-keep]:
            old.unlink()
    _tell(report, target, as_json, "%(rows)s rows written to %(file)s.")


def _named(folder: Path, at: datetime) -> Path:
    return folder / f"consult-{at:%Y%m%d-%H%M%S}.backup"


def backups(folder: Path) -> list[Path]:
    """The backups of a folder that `backup --into` made, the oldest first."""
    return sorted(path for path in folder.glob("consult-*.backup") if NAMED.fullmatch(path.name))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def restore(file: Path, as_json: bool) -> None:
    """Bring the data of FILE into an empty database, all of them or none.

    It belongs together with the secret that was in use when it was made; another one here is said.
    """
    with installation() as site, _bar(as_json) as progress:
        report = asyncio.run(archive.restore(site.dsn, file, progress=progress))
        mark, data = mark_of(secret_key(site.settings)), site.settings.data
        note_restored(data, report.secret)
    _tell(report, file, as_json, "%(rows)s rows restored from %(file)s.")
    if report.secret not in ("", mark):
        click.echo(FOREIGN % (data / "secret"), err=True)
