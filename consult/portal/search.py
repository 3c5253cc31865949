"""Search over what is public. Few thousand texts fit into memory, and Python folds the case of every alphabet.

A word is found as a part of a longer one, so that the many endings of Macedonian and Georgian words do not matter, and
Latin letters that look like Cyrillic ones count as them where they stand in a Cyrillic word, or make up a whole one.
Ranked by how many of the words stand in the title, then by how many stand at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from consult.consultations import queries as consultations
from consult.drafts import queries as drafts
from consult.errors import N_
from consult.forums import queries as forums
from consult.i18n import Text
from consult.storage import Slice
from consult.surveys import queries as surveys

PAGE_SIZE = 20
LONGEST_QUERY = 100
EXCERPT = 90
KEPT_S = 30
WORD = re.compile(r"\w+")
LOOK_ALIKE = str.maketrans("abcehijkmoptxy", "авсенијкмортху")


@dataclass(frozen=True, slots=True)
class Entry:
    caption: str
    title: Text
    path: tuple[str, ...]
    anchor: str
    texts: tuple[Text, ...]
    article: tuple[Text, Text] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """excerpt: words before, the words found, words after; language: that of the excerpt.

    article: label and heading of an article, whose title is that of its draft.
    """

    caption: str
    title: Text
    path: tuple[str, ...]
    anchor: str
    language: str
    excerpt: tuple[str, str, str] | None
    article: tuple[Text, Text] | None = None


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, composed; in words that have a Cyrillic letter one letter for those that look alike."""
    return WORD.sub(_cyrillic, unicodedata.normalize("NFC", text).casefold())


def _cyrillic(word: re.Match[str]) -> str:
    letters = word[0]
    return letters.translate(LOOK_ALIKE) if any("а" <= letter <= "џ" for letter in letters) else letters


def spellings(word: str) -> tuple[str, ...]:
    """A folded word, and the Cyrillic one it may be meant for: `MOCT` typed with a Latin keyboard."""
    twin = word.translate(LOOK_ALIKE)
    return (word, twin) if twin != word and all("а" <= letter <= "џ" for letter in twin) else (word,)


async def index(now: datetime) -> list[Entry]:
    """Gather every public text."""
    entries = [
        Entry(
            N_("Public consultation"),
            each.title,
            ("consultations", each.slug),
            "",
            (each.title, each.summary, each.plain_words),
        )
        for each in await consultations.all_consultations(public_only=True)
    ]
    published = await drafts.published_drafts()
    articles = await drafts.newest_articles([draft.id for draft in published])
    for draft in published:
        entries.append(
            Entry(N_("Draft regulation"), draft.title, ("drafts", draft.slug), "", (draft.title, draft.summary))
        )
        for article in articles.get(draft.id, ()):
            texts = (article.heading, article.body, article.plain_words)
            name = (article.label, article.heading)
            entries.append(
                Entry(N_("Article"), draft.title, ("drafts", draft.slug), f"#{article.anchor}", texts, article=name)
            )
    entries += [
        Entry(N_("Survey"), survey.title, ("surveys", survey.slug), "", (survey.title, survey.summary))
        for survey in await surveys.open_surveys(now)
    ]
    entries += [
        Entry(N_("Meeting"), forum.title, ("forums", forum.slug), "", (forum.title, forum.summary))
        for forum in await forums.published_forums()
    ]
    return entries


def find(entries: list[Entry], query: str, language: str, number: int) -> Slice[Hit]:
    """Return one page of what holds all words of the query, in any language; the reader's own first.

    A page past the last one is the last one.
    """
    words = [spellings(word) for word in fold(query).split()]
    ranked: list[tuple[int, int, int, Hit]] = []
    for place, entry in enumerate(entries):
        best = max((_match(text, words, language) for text in entry.texts), key=lambda match: match[:2], default=None)
        if not words or best is None or best[0] == 0:
            continue
        named = entry.article[1] if entry.article else {}
        title = fold(" ".join((*entry.title.values(), *named.values())))
        in_title = sum(any(word in title for word in alike) for alike in words)
        hit = Hit(entry.caption, entry.title, entry.path, entry.anchor, best[2], best[3], entry.article)
        ranked.append((-in_title, -best[1], place, hit))
    hits = [hit for *_, hit in sorted(ranked, key=lambda rank: rank[:3])]
    number = min(number, max(1, -(-len(hits) // PAGE_SIZE)))
    begin = (number - 1) * PAGE_SIZE
    return Slice(hits[begin : begin + PAGE_SIZE], number, len(hits), PAGE_SIZE)


def _match(
    text: Text, words: list[tuple[str, ...]], language: str
) -> tuple[int, int, str, tuple[str, str, str] | None]:
    """(all words found, in the reader's language, language, excerpt) of the best language of a text."""
    best: tuple[int, int, str, tuple[str, str, str] | None] = (0, 0, language, None)
    for code, value in text.items():
        folded = fold(value)
        hits = [next((word for word in alike if word in folded), None) for alike in words]
        if hits and hits[0] is not None and None not in hits:
            found = (1, int(code == language), code, _excerpt(value, folded, hits[0]))
            best = max(best, found, key=lambda match: match[:2])
    return best


def _excerpt(value: str, folded: str, word: str) -> tuple[str, str, str] | None:
    if len(folded) != len(value):  # a letter that folds into two: places would not agree
        return None
    at = folded.index(word)
    begin, end = max(0, at - EXCERPT), min(len(value), at + len(word) + EXCERPT)
    before, after = value[begin:at], value[at + len(word) : end]
    if begin:  # from the first whole word on
        before = "… " + before.partition(" ")[2]
    if end < len(value):
        after = after.rpartition(" ")[0] + " …"
    return before, value[at : at + len(word)], after
