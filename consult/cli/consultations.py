"""Consultations: their reports."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from consult import i18n
from consult.cli.context import Installation, installation
from consult.consultations import queries
from consult.errors import NotFound
from consult.i18n import locale as locale_of
from consult.proceedings import compiling, files, standalone
from consult.proceedings.record import Record, decoded, encoded, fingerprint
from consult.proceedings.unanswered import Unanswered
from consult.profile import Profile, load_profile
from consult.settings import Settings, resource

FORMATS = ("pdf", "docx", "html", "json")


@click.command("report")
@click.argument("source")
@click.option("--lang", help="Language of the report; else the first of the profile.")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="[default: SLUG-report-LANG.FORMAT]")
def report(source: str, lang: str | None, kind: str, out: Path | None) -> None:
    """Write the report on a consultation: every comment with its answer, what changed, who took part, what came of it.

    SOURCE is the address of a consultation (street-trees), or a file of a report's data (data.json, as published with
    each report): such a file is set anew without a database. While a published comment has no released answer there is
    no report; their numbers are told.
    """
    path = Path(source)
    if path.is_file():
        settings = Settings.from_env()
        profile = load_profile(resource("profiles", f"{settings.profile}.toml"))
        i18n.configure(profile)
        record = _read(path)
    else:
        with installation() as site:
            profile = site.profile
            record = _compiled(site, source)
    language = lang or profile.default_language
    if language not in profile.languages:
        raise click.BadParameter(f"choose from {', '.join(profile.languages)}.", param_hint="--lang")
    written = asyncio.run(_made(record, profile, language, kind))
    ending = "" if kind == "json" else f"-{language}"
    file = out or Path(f"{record.slug}-report{ending}.{kind}")
    file.write_bytes(written)
    comments = sum(len(draft.comments) for draft in record.drafts)
    click.echo(f"Report with {comments:,} comments written to {file}. Data: SHA-256 {fingerprint(encoded(record))}")


def _read(path: Path) -> Record:
    try:
        return decoded(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise click.ClickException(f"{path} holds no data of a report: {fault}") from fault


def _compiled(site: Installation, slug: str) -> Record:
    async def work() -> Record:
        found = await queries.consultation(slug)
        if found is None:
            raise NotFound
        return await compiling.compiled(found.id, site.profile, at=datetime.now(UTC))

    try:
        return site.run(work)
    except NotFound as fault:
        raise click.ClickException(f"there is no consultation {slug}") from fault
    except Unanswered as refused:
        waiting = "\n".join(f"  {one.slug}: {', '.join(one.numbers)}" for one in refused.missing)
        raise click.ClickException(f"{refused}\n{waiting}") from refused


async def _made(record: Record, profile: Profile, language: str, kind: str) -> bytes:
    data = encoded(record)
    if kind == "json":
        return data
    if kind == "html":
        return standalone.html(record, locale_of(language), profile, fingerprint=fingerprint(data))
    return await files.made(
        record,
        profile,
        language=language,
        format_=kind,
        fingerprint=fingerprint(data),
        made_at=datetime.now(UTC),
    )
