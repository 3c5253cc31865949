"""What people wrote, counted: the codes staff gave and the most frequent words. Never what one person wrote."""

from __future__ import annotations

import msgspec

from consult.charts.chart import Chart, Row, Source
from consult.charts.kinds import Word, Words
from consult.coding import queries as coding
from consult.coding.variables import PREFIX
from consult.coding.variables import variables as coded
from consult.columns.column import Masked
from consult.columns.frame import Frame
from consult.columns.variables import Variable
from consult.reports.report import Written
from consult.results.counting import PUBLIC, Counting
from consult.results.queries import Results
from consult.surveys.definition.schema import Free, Multiple
from consult.textmatch.corpus import Corpus, Gathering
from consult.textmatch.counts import counts

MOST_WORDS = 10
FEWEST = 3
"""Words that so few have in common are no picture of anything."""
LEAST = max(PUBLIC.base, PUBLIC.sensitive)
"""People who must have written a word before it may be shown: a name or an address is not what many write."""


async def written(frame: Frame, results: Results, source: Source) -> tuple[Written, ...]:
    """The open questions that may be published, in their order, as far as anybody answered."""
    codes = await coded(frame)
    found = []
    for question in results.definition.questions:
        people = results.texts.get(question.key, 0)
        if not isinstance(question, Free) or question.sensitive or people < PUBLIC.base:
            continue
        corpus = await _corpus(frame, question.key)
        named = msgspec.structs.replace(source, question=f"words-{question.key}", weights={})
        words = [_words(question, corpus, language, named) for language in corpus.languages]
        chart = None
        if PREFIX + question.key in codes:
            chart = _codes(question, *codes[PREFIX + question.key], named)
        found.append(Written(question, people, chart, tuple(one for one in words if one is not None)))
    return tuple(found)


async def _corpus(frame: Frame, key: str) -> Corpus:
    gathering = Gathering()
    counted = {row.tobytes() for row in frame.ids()} if frame.left.total else None
    async for block in coding.blocks(frame.survey_id, key):
        gathering.add(
            (one.language, one.words) for one in block if counted is None or one.response.bytes in counted
        )  # fmt: skip
    return gathering.corpus()


def _words(question: Free, corpus: Corpus, language: str, source: Source) -> Words | None:
    found = counts(corpus, language)
    shown = [one for one in found.words if one.persons >= LEAST][:MOST_WORDS]
    if len(shown) < FEWEST:
        return None
    return Words(
        title=question.text,
        source=msgspec.structs.replace(source, question=f"{source.question}-{language}"),
        base=found.texts,
        words=tuple(
            Word(word=one.words, count=one.persons, share=one.persons / found.texts, language=language) for one in shown
        ),
        languages={language: found.texts},
    )


def _codes(question: Free, variable: Variable, masked: Masked, source: Source) -> Chart | None:
    base = int((masked.status == 0).sum())
    do = Counting(Multiple(key="codes", text=question.text, options=()), source, PUBLIC)
    if do.hidden(base):
        return None
    numbers = tuple(int(masked.chosen(place).sum()) for place in range(len(masked.points)))
    parts = do.parts(numbers, base, of_whole=False)
    rows = [
        Row(point, variable.labels[point], base, (part,))
        for point, number, part in zip(masked.points, numbers, parts, strict=True)
        if number >= PUBLIC.base
    ]
    rows.sort(key=lambda row: -(row.parts[0].count or 0))
    return do.chart("bars", tuple(rows), base, several=sum(numbers) > base) if rows else None
