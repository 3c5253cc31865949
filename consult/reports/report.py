"""What a satisfaction report holds, in no language: figures, charts and the words of staff in all languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from consult.analysis.sampling.outcomes import OutcomeRates
from consult.charts.chart import Chart
from consult.charts.kinds import Line
from consult.charts.spec import Spec
from consult.columns.snapshot import LeftOut, Snapshot
from consult.fieldwork.mailing import Frame as Invited
from consult.fieldwork.progress import Part
from consult.i18n import Text
from consult.indices.queries import Index, Wave
from consult.surveys.definition.schema import AnyQuestion, Definition
from consult.surveys.survey import Survey
from consult.weighting.declared import Declared


@dataclass(frozen=True, slots=True)
class Texts:
    """What staff write for the report; a language without a text is absent."""

    introduction: Text = field(default_factory=dict)
    conclusions: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """How answers were weighted.

    name        of the set; empty for the weights of the declared design alone.
    margins     title and source of each distribution that was matched.
    deff, n_eff Kish's design effect and effective number; lowest, highest: weights beside a mean of 1.
    failed      the set cannot be followed with these answers: figures are without it.
    """

    name: str
    margins: tuple[tuple[Text, Text], ...]
    deff: float | None
    n_eff: float | None
    lowest: float
    highest: float
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Conduct:
    """How the survey was made. versions: published questionnaires that have answers or could have."""

    declared: Declared
    snapshot: Snapshot
    counted: int
    left: LeftOut
    versions: int
    weights: Weights | None


@dataclass(frozen=True, slots=True)
class Response:
    """Who answered. rates and eligibility only where people were invited by name."""

    total: int
    days: Spec | None
    channels: tuple[Part, ...]
    languages: tuple[Part, ...]
    invited: Invited | None = None
    rates: OutcomeRates | None = None
    eligibility: float = 1.0
    eligibility_reason: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that the report does not have. why: a sentence of the catalogue."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class Written:
    """A question with written answers: how many wrote, the codes staff gave, the most frequent words by language."""

    question: AnyQuestion
    count: int
    codes: Spec | None = None
    words: tuple[Spec, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A standing index: what it is worth in this survey, and its series over all waves that compare."""

    index: Index
    here: Wave
    series: Line


@dataclass(frozen=True, slots=True)
class Report:
    """charts: every question that has one, in the order of the questionnaire; all the others are made besides."""

    survey: Survey
    definition: Definition
    made_at: dt.datetime
    texts: Texts
    conduct: Conduct
    response: Response
    charts: dict[str, Chart]
    headlines: tuple[Chart, ...] = ()
    indices: tuple[Measured, ...] = ()
    satisfaction: tuple[Chart, ...] = ()
    importance: Spec | None = None
    drivers: Spec | None = None
    written: tuple[Written, ...] = ()
    breaks: tuple[Spec, ...] = ()
    absent: tuple[Absent, ...] = ()
