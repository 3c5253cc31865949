"""`consult draft compare`: two files, or two published versions of a draft, article by article and word by word."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click
import msgspec

from consult.cli.context import installation
from consult.drafts import queries, regulation
from consult.drafts.draft import DraftVersion
from consult.drafts.regulation import Regulation
from consult.drafts.sources import formats
from consult.drafts.versions import queries as versions
from consult.drafts.versions.api import comparison_out
from consult.drafts.versions.compared import Comparison, comparison
from consult.drafts.versions.comparison import Piece
from consult.drafts.versions.files import as_lines, as_markdown, as_pdf
from consult.drafts.versions.mapping import planned, propose
from consult.drafts.versions.sheet import Sheet, sheet, sheet_of
from consult.errors import N_, NotFound
from consult.i18n import Locale, standalone
from consult.i18n import locale as locale_of
from consult.web import render

PUBLISHED = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)@(?P<number>\d{1,4})")
ENDINGS = (".pdf", ".html", ".md", ".json")
DIFFERENT = 3


class NoSuchVersion(NotFound):
    message = N_("There are no two published versions of a draft “%(slug)s” with these numbers: %(numbers)s.")


@click.command("compare")
@click.argument("old")
@click.argument("new")
@click.option("--lang", "language", help="The language of the texts and of the words around them (mk, ka, en).")
@click.option("--side-by-side", "sides", is_flag=True, help="Two columns instead of marked text (PDF and HTML).")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file: .pdf, .html, .md or .json. Without it the comparison is printed.",
)
def compare(old: str, new: str, language: str | None, sides: bool, out: Path | None) -> None:
    """Compare OLD with NEW: two files (Markdown, .docx, .html, Akoma Ntoso .xml), or two published versions of a draft
    (SLUG@1 SLUG@2).

    Which article became which is proposed for files and known for published versions. Exit code 0: no word differs;
    3: something does; 1: nothing could be compared.
    """
    if out is not None and out.suffix not in ENDINGS:
        raise click.UsageError(f"--out takes a name that ends with {', '.join(ENDINGS)}.")
    if language is not None and not re.fullmatch(r"[a-z]{2,3}", language):
        raise click.UsageError("--lang takes a code of two or three letters.")
    sides = sides and out is not None and out.suffix in {".pdf", ".html"}
    first, second = PUBLISHED.fullmatch(old), PUBLISHED.fullmatch(new)
    if first and second and first["slug"] == second["slug"] and not (Path(old).exists() and Path(new).exists()):
        made, shown, spoken = _published(first["slug"], (int(first["number"]), int(second["number"])), language, sides)
    else:
        for name in (old, new):
            if not Path(name).is_file():
                raise click.UsageError(f"{name} is neither a file nor SLUG@NUMBER of the same draft.")
        made, shown, spoken = _files(Path(old), Path(new), language, sides)
    if out is None:
        click.echo(as_lines(shown, _painted))
    else:
        out.write_bytes(_bytes(out.suffix, made, shown, spoken))
        click.echo(f"{out}: {shown.counts}")
    raise SystemExit(0 if made.is_without_change else DIFFERENT)


def _files(old: Path, new: Path, language: str | None, sides: bool) -> tuple[Comparison, Sheet, Locale]:
    texts = (old.read_bytes(), new.read_bytes())
    spoken = language or formats.language_of(texts[1])
    first, second = (_regulation(content, spoken) for content in texts)
    before = planned((), first.articles, propose((), first.articles, spoken)).articles
    after = planned(before, second.articles, propose(before, second.articles, spoken)).articles
    pair = _version(1, first, old), _version(2, second, new)
    locale = standalone(spoken)
    made = comparison(*pair, (before, after), language=spoken, order=())
    shown = sheet(made, locale, title=new.name, names=(old.name, new.name), sides=sides)
    return made, shown, locale


def _regulation(content: bytes, language: str) -> Regulation:
    return regulation.align({language: formats.take(content, language).markdown}, language)


def _version(number: int, text: Regulation, file: Path) -> DraftVersion:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return DraftVersion(uuid4(), number, text.preamble, {}, {}, at)


def _published(
    slug: str, numbers: tuple[int, int], language: str | None, sides: bool
) -> tuple[Comparison, Sheet, Locale]:
    missing = NoSuchVersion(slug=slug, numbers=", ".join(map(str, numbers)))

    async def read() -> tuple[Comparison, Sheet, Locale]:
        found = await queries.draft(slug)
        if found is None:
            raise missing
        known = {one.number: one for one in await versions.versions(found.id)}
        if not set(numbers) <= set(known) or numbers[0] == numbers[1]:
            raise missing
        pair = known[min(numbers)], known[max(numbers)]
        spoken = locale_of(language or found.authentic_language)
        articles = await versions.articles_of_both(pair[0].id, pair[1].id)
        order = (found.authentic_language, *spoken.order)
        made = comparison(*pair, articles, language=spoken.code, order=order)
        return made, sheet_of(found, made, spoken, sides=sides), spoken

    with installation() as site:
        return site.run(read)


def _bytes(ending: str, made: Comparison, shown: Sheet, locale: Locale) -> bytes:
    if ending == ".pdf":
        return as_pdf(shown, made_at=made.new.published_at)
    if ending == ".html":
        return render(locale, "drafts/compared_file.html", sheet=shown).encode()
    if ending == ".json":
        return msgspec.json.format(msgspec.json.encode(comparison_out(made, slug=shown.title, authentic="")))
    return as_markdown(shown).encode()


def _painted(piece: Piece) -> str:
    """As wdiff writes it, so that it can be read without colours too."""
    words = piece.text.lstrip()
    space = " " * (len(words) < len(piece.text))
    if piece.kind == "inserted":
        return space + click.style(f"{{+{words}+}}", fg="green")
    return space + click.style(f"[-{words}-]", fg="red")
