"""How long a regulation of 400 articles takes from each kind of file: `python -m tests.bench importing`.

The aim is 5 s for each. Printed are the size of the file, processor time and the greatest memory of the process so far.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Mapping

from consult.drafts.regulation import align
from consult.drafts.sources import formats
from tests.drafts.sources.makers import from_markdown

ARTICLES = 400
WORDS = "Одлуката го уредува садењето дрвја на јавните паркиралишта и покрај улиците во сите населби на градот "


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=ARTICLES, help="articles of the regulation (importing)")


def regulation(articles: int) -> str:
    lines = ["Врз основа на член 36, Советот донесе"]
    for number in range(1, articles + 1):
        if number % 20 == 1:
            lines.append(f"# Глава {number // 20 + 1}. Одредби")
        lines.append(f"## Член {number}. Наслов на членот")
        lines += [f"({place}) {WORDS * 2}" for place in range(1, 5)]
    return "\n".join(lines)


def files(markdown: str) -> Mapping[str, bytes]:
    """The same regulation as a file of every kind."""
    body: list[str] = []
    act: list[str] = []
    for line in markdown.split("\n"):
        words = line.lstrip("# ")
        if line.startswith("## "):
            number, _, title = words.partition(". ")
            body.append(f'<p class="muxlixml"><b>{words}</b></p>')
            act.append(f"</article><article><num>{number}</num><heading>{title}</heading>")
        elif not line.startswith("#"):
            body.append(f"<p class=MsoNormal style='text-align:justify'><span lang=MK>{words}</span></p>")
            act.append(f"<paragraph><num>{words[:3]}</num><content><p>{words[4:]}</p></content></paragraph>")
    law = "".join(act).partition("</article>")[2]
    return {
        "docx": from_markdown(markdown, "mk"),
        "html": f"<html><body>{''.join(body)}</body></html>".encode(),
        "akn": f"<akomaNtoso><act><body>{law}</article></body></act></akomaNtoso>".encode(),
        "markdown": markdown.replace("## ", "### ").encode(),
    }


def run(args: argparse.Namespace) -> None:
    markdown = regulation(args.articles)
    for kind, content in files(markdown).items():
        begin = time.process_time()
        found = formats.take(content, "mk")
        text = align({"mk": found.markdown}, "mk")
        spent = time.process_time() - begin
        if found.format != kind or len(text.articles) != args.articles:
            raise SystemExit(f"{kind}: {found.format}, {len(text.articles)} articles")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  {kind:<10}{len(content) / 1024:>7,.0f} kB {spent:>6.2f} s (aim 5)  {memory} MiB", flush=True)
