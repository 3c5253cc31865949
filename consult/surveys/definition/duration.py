"""How long a survey takes, from its definition alone: for the page that invites people, and for the burden check.

Reading: silent reading of plain prose runs at about 238 words a minute (M. Brysbaert, How many words do we read per
minute?, Journal of Memory and Language 109, 2019); 220 leaves room for forms and phones. The seconds for an answer are
our own assumption, to be held against fieldwork: deciding and tapping, and for writing the usual 20 words a minute on a
phone. A question that a condition can hide counts half.
"""

from __future__ import annotations

import math

from consult.surveys.definition import schema as d

WORDS_A_MINUTE = 220
SECONDS: dict[type[d.BaseQuestion], float] = {
    d.Single: 5, d.Multiple: 8, d.Scale: 5, d.Smiley: 4, d.Nps: 5, d.MatrixScale: 4, d.MatrixSingle: 4,
    d.MatrixMultiple: 7, d.Ranking: 5, d.Allocation: 7, d.Number: 7, d.Free: 15, d.Email: 15, d.Phone: 12, d.Date: 12,
    d.Time: 8, d.DateRange: 20, d.File: 30, d.Photo: 30, d.Place: 10, d.Consent: 5, d.Information: 0, d.Calculated: 0,
    d.Hidden: 0,
}  # fmt: skip
LONG_TEXT_S = 60
CONDITIONAL = 0.5


def seconds(definition: d.Definition, language: str | None = None) -> float:
    """For one person who answers everything; in the survey's first language unless told."""
    chosen = language or (definition.languages[0] if definition.languages else "")
    total = _reading(chosen, definition.intro)
    for page in definition.pages:
        if page.screen_out:
            continue
        spent = _reading(chosen, page.title, page.intro)
        spent += sum(_question(question, chosen) for question in page.questions)
        total += spent * (CONDITIONAL if page.show_if else 1)
    return total


def minutes(definition: d.Definition) -> int:
    """What people are told: the author's own figure, else the estimate, rounded up."""
    return definition.minutes or max(1, math.ceil(seconds(definition) / 60))


def _question(question: d.AnyQuestion, language: str) -> float:
    if isinstance(question, d.Calculated | d.Hidden):
        return 0
    options: tuple[d.Option, ...] = getattr(question, "options", ())
    rows: tuple[d.Row, ...] = getattr(question, "rows", ())
    told = [question.text, getattr(question, "hint", {}), getattr(question, "low", {}), getattr(question, "high", {})]
    told += [row.text for row in rows]
    told += [text for option in options[:15] for text in (option.text, option.hint)]
    told += list(getattr(question, "labels", ()))
    answer = SECONDS[type(question)]
    if isinstance(question, d.Free) and question.long:
        answer = LONG_TEXT_S
    if isinstance(question, d.Ranking | d.Allocation):
        answer *= len(options) if not isinstance(question, d.Ranking) else question.top or len(options)
    answer *= len(rows) or 1
    spent = _reading(language, *told) + answer
    return spent * (CONDITIONAL if question.show_if else 1)


def _reading(language: str, *texts: d.Text) -> float:
    return sum(len(text.get(language, "").split()) for text in texts) * 60 / WORDS_A_MINUTE
