"""The columns that results are counted from, and the report that is made of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from consult.cli.bars import bar
from consult.cli.context import installation
from consult.cli.listing import find
from consult.columns import store
from consult.fieldwork.links import links_of
from consult.i18n import locale as locale_of
from consult.reports.making import FORMATS, Format, make


@click.command("rebuild")
@click.argument("survey")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def rebuild(survey: str, as_json: bool) -> None:
    """Write the column files of SURVEY anew from its answers. The platform may go on running meanwhile.

    Never needed in the ordinary course: files follow the answers, and those that are missing or damaged are made anew.
    """
    with installation() as site, bar("Rebuilding", quiet=as_json) as told:

        async def work() -> store.Opened:
            return await store.update((await find(survey)).id, anew=True, progress=told)

        found = site.run(work)
    if as_json:
        click.echo(json.dumps({"responses": found.count, "files": len(found.listed)}))
    else:
        click.echo(f"{found.count:,} answers in {len(found.listed):,} files.")


@click.command("report")
@click.argument("survey")
@click.option("--lang", help="Language of the report; else the first of the profile.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="[default: SURVEY-report-LANG.FORMAT]")
def report(survey: str, lang: str | None, kind: Format, out: Path | None) -> None:
    """Write the satisfaction report of SURVEY: purpose, method, response, indices, drivers, tables (ISO 10004).

    Everything in it may be published: small numbers are hidden, single answers stand nowhere.
    """
    with installation() as site:
        language = lang or site.profile.default_language
        if language not in site.profile.languages:
            raise click.BadParameter(f"choose from {', '.join(site.profile.languages)}.", param_hint="--lang")
        file = out or Path(f"{survey}-report-{language}.{kind}")
        part = file.with_name(file.name + ".part")

        async def work() -> int:
            found = await find(survey)
            return await make(
                found.id,
                kind,
                part,
                locale=locale_of(language),
                profile=site.profile,
                key=links_of(site.settings).key,
                at=datetime.now(UTC),
            )

        try:
            counted = site.run(work)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    click.echo(f"Report on {counted:,} answers written to {file}.")
