"""Draft regulations from files."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from consult.cli.context import Installation, installation
from consult.drafts import operations, queries
from consult.drafts.operations import DraftContent
from consult.drafts.sources import formats
from consult.drafts.sources.formats import Taken
from consult.errors import N_, Invalid, Problem

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PARTLY = 3


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--slug", help="The draft that takes the text; a new one is made if there is none.")
@click.option("--title", help="The title of a new draft; what the file calls itself if you give none.")
@click.option(
    "--language",
    help="Language of the text (mk, ka, en); the municipality's own, with --out the file's, if you give none.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a Markdown file; - for standard output."
)
@click.option("--json", "as_json", is_flag=True, help="Print what could not be carried over as JSON.")
def import_(
    file: Path, slug: str | None, title: str | None, language: str | None, out: Path | None, as_json: bool
) -> None:
    """Take the text of a regulation from FILE: Word (.docx), HTML, Akoma Ntoso (.xml) or Markdown.

    It becomes the working copy of the draft --slug in one language, the others stay as they are; or a Markdown file
    with --out (which needs no database). Word headings, automatic numbers, tables, footnotes and annexes are read. What
    could not be carried over is told by place. Exit code 0: all was carried over; 3: not all, or the text has problems
    to mend; 1: nothing was.
    """
    if (slug is None) == (out is None):
        raise click.UsageError("Give either --slug SLUG or --out FILE.")
    if language is not None and not re.fullmatch(r"[a-z]{2,3}", language):
        raise click.UsageError("--language takes a code of two or three letters.")
    content = file.read_bytes()
    if out is not None:
        taken = formats.take(content, language or formats.language_of(content))
        if str(out) == "-":
            click.echo(taken.markdown, nl=False)
        else:
            out.write_text(taken.markdown)
    else:
        with installation() as site:
            spoken = language or site.profile.authentic_language
            taken = formats.take(content, spoken)
            site.run(lambda: _kept(site, str(slug), title or taken.title or file.stem, spoken, taken))
    _report(taken, file, is_piped=str(out) == "-", as_json=as_json)
    sys.exit(PARTLY if taken.losses or taken.problems else 0)


async def _kept(site: Installation, slug: str, title: str, language: str, taken: Taken) -> None:
    at = datetime.now(UTC)
    if language not in site.profile.languages:
        message = N_("This municipality does not use the language %(language)s.")
        raise Invalid([Problem("language", message, {"language": language})])
    found = await queries.draft(slug)
    if found is None:
        authentic = site.profile.authentic_language
        content = DraftContent(slug=slug, title={language: title, authentic: title}, authentic_language=authentic)
        draft_id = await operations.create_draft(content, actor=None, at=at)
    else:
        draft_id = found.id
    working = await queries.working_copy(draft_id)
    texts = {**(working.texts if working else {}), language: taken.markdown}
    memorandum = working.memorandum if working else {}
    await operations.save_working_version(draft_id=draft_id, texts=texts, memorandum=memorandum, actor=None, at=at)


def _report(taken: Taken, file: Path, *, is_piped: bool, as_json: bool) -> None:
    if as_json:
        losses = [
            {"article": loss.article, "number": loss.number, "what": loss.what, "why": loss.why % loss.parameters}
            for loss in taken.losses
        ]
        problems = [str(problem) for problem in taken.problems]
        report = {"format": taken.format, "articles": taken.articles, "losses": losses, "problems": problems}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1), err=is_piped)
        return
    click.echo(f"{file}: {taken.articles} articles.", err=is_piped)
    for loss in taken.losses:
        click.echo(f"{file}: {loss}", err=is_piped)
    for problem in taken.problems:
        click.echo(f"{file}: {problem.message % problem.parameters}", err=is_piped)
    if not taken.losses and not taken.problems:
        click.echo(f"{file}: everything was carried over.", err=is_piped)
