"""Versions of a regulation compared: many articles, and one very long one. Processor seconds, and what was promised."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import uuid4

from consult.drafts import regulation
from consult.drafts.draft import Article, DraftVersion
from consult.drafts.versions.compared import Comparison, comparison
from consult.drafts.versions.files import as_pdf
from consult.drafts.versions.mapping import planned, propose
from consult.drafts.versions.sheet import sheet
from consult.drafts.versions.words import words_of
from consult.i18n import standalone

LIMIT_S = 2.0
T = TypeVar("T")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--compared-articles", type=int, default=400, metavar="N")
    parser.add_argument("--compared-words", type=int, default=30_000, metavar="N", help="of the one long article")


def run(args: argparse.Namespace) -> None:
    draw = random.Random(5)
    old = [[_words(draw, 40) for _ in range(3)] for _ in range(args.compared_articles)]
    new = [[_changed(draw, part) if number % 2 else part for part in parts] for number, parts in enumerate(old)]
    new.insert(10, [_words(draw, 60)])
    del new[len(new) // 2]
    before, after = _markdown(old), _markdown(new)
    first = regulation.align({"mk": before}, "mk").articles
    known = planned((), first, propose((), first, "mk")).articles
    second = regulation.align({"mk": after}, "mk").articles
    mapping = _measured(f"{args.compared_articles} articles mapped", lambda: propose(known, second, "mk"))
    articles = planned(known, second, mapping).articles
    made = _measured(f"{args.compared_articles} articles compared", lambda: _compared(known, articles))
    shown = sheet(made, standalone("mk"), title="", names=("1", "2"))
    _measured(f"{args.compared_articles} articles as PDF", lambda: as_pdf(shown, made_at=AT))
    long = [[_words(draw, 60) for _ in range(args.compared_words // 60)]]
    other = [[_changed(draw, part) for part in long[0][10:] + long[0][:10]]]
    texts = [regulation.align({"mk": _markdown(one)}, "mk").articles for one in (long, other)]
    one = planned((), texts[0], propose((), texts[0], "mk")).articles
    two = planned(one, texts[1], propose(one, texts[1], "mk")).articles
    _measured(f"one article of {args.compared_words:,} words", lambda: _compared(one, two))


def _compared(old: tuple[Article, ...], new: tuple[Article, ...]) -> Comparison:
    words_of.cache_clear()
    first, second = (DraftVersion(uuid4(), number, {}, {}, {}, AT) for number in (1, 2))
    return comparison(first, second, (old, new), language="mk", order=())


def _measured(what: str, work: Callable[[], T]) -> T:
    began = time.process_time()
    done = work()
    seconds = time.process_time() - began
    print(f"{what:<36}{seconds:6.2f} s{'  more than promised' if seconds > LIMIT_S else ''}", flush=True)
    return done


def _words(draw: random.Random, count: int) -> str:
    return " ".join(f"збор{int(3000 * draw.random() ** 3)}" for _ in range(count))


def _changed(draw: random.Random, text: str) -> str:
    return " ".join("променето" if draw.random() < 0.05 else word for word in text.split())


def _markdown(articles: list[list[str]]) -> str:
    return "\n".join(
        f"## Член {number}. Наслов\n" + "\n\n".join(f"({place}) {part}." for place, part in enumerate(parts, start=1))
        for number, parts in enumerate(articles, start=1)
    )
