"""How a running survey goes, as plain values: days, ways, languages, and where people leave.

Drop-off is counted from posted pages, without keeping answers: how many sent each page on, beside how many sent the
first one. Somebody who goes back and forth is counted again, so a share is bounded at 1 and is an estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from consult.analysis.sampling.outcomes import Dispositions, OutcomeRates, outcome_rates
from consult.fieldwork.mailing import Frame
from consult.i18n import Text
from consult.surveys.definition.schema import Definition
from consult.surveys.responses.response_counts import Count, Tally
from consult.surveys.survey import Survey

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """A channel or a language with its number of responses and its share in [0, 1] of all."""

    code: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Step:
    """A page: how often it was sent on, and as a share in [0, 1] of the first page; None while nobody sent that one."""

    number: int
    key: str
    title: Text
    posted: int
    share: float | None
    is_conditional: bool


def days(counts: Iterable[Count], today: date) -> list[Day]:
    """Every day from the first response on, those without any too; at most the latest MOST_DAYS."""
    per_day: Counter[date] = Counter()
    for count in counts:
        per_day[count.day] += count.count
    if not per_day:
        return []
    last = max(max(per_day), min(today, max(per_day) + timedelta(days=7)))
    first = max(min(per_day), last - timedelta(days=MOST_DAYS - 1))
    return [
        Day(day, per_day[day]) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]  # fmt: skip


def parts(counts: Sequence[Count], of: str) -> list[Part]:
    """Responses by `channel` or `language`, the largest part first."""
    found: Counter[str] = Counter()
    for count in counts:
        found[getattr(count, of)] += count.count
    total = sum(found.values())
    return [Part(code, count, count / total) for code, count in found.most_common()]


def steps(definition: Definition, tallies: Iterable[Tally]) -> list[Step]:
    """The pages of a version in their order with how often each was sent on."""
    posted: Counter[str] = Counter()
    for tally in tallies:
        if tally.event == "page_posted":
            posted[tally.page] += tally.count
    pages = [page for page in definition.pages if not page.screen_out]
    first = posted[pages[0].key] if pages else 0
    return [
        Step(
            number=number,
            key=page.key,
            title=page.title or (page.questions[0].text if page.questions else {}),
            posted=posted[page.key],
            share=min(1.0, posted[page.key] / first) if first else None,
            is_conditional=bool(page.show_if),
        )
        for number, page in enumerate(pages, start=1)
    ]


def happened(tallies: Iterable[Tally], event: str) -> int:
    return sum(tally.count for tally in tallies if tally.event == event)


def turned_away(survey: Survey, tallies: Iterable[Tally]) -> int:
    """How many of those invited were screened out or found their quota full.

    Known where a survey takes the invited only; elsewhere the daily totals do not say who had an invitation.
    """
    if survey.access.takes_everybody:
        return 0
    return sum(t.count for t in tallies if t.event in ("screened_out", "quota_full") and t.channel == "web")


def dispositions(frame: Frame, turned_away: int = 0) -> Dispositions:
    """What became of those who were invited, in the words of AAPOR for people who are known by name.

    Whoever wants no more letters has refused; whoever is silent was not contacted; an address that sends letters back
    says nothing of whether there is somebody. Answers that were begun and not sent are nobody's. Who was turned away
    is not eligible, and stands in no rate.
    """
    silent = frame.invited - frame.answered - frame.opted_out - frame.bounced
    return Dispositions(
        complete=max(0, frame.answered - turned_away),
        refused=frame.opted_out,
        not_contacted=max(0, silent),
        unknown_other=frame.bounced,
    )


def rates(frame: Frame, eligible: float, turned_away: int = 0) -> OutcomeRates | None:
    """None where nobody was invited: a survey that anybody may answer has no response rate."""
    return outcome_rates(dispositions(frame, turned_away), e=eligible) if frame.invited else None
