"""How the survey was made, in words: design, fieldwork, what counts, weights, margins of error, what is hidden."""

from __future__ import annotations

from consult.charts import wording
from consult.errors import N_, NN_
from consult.i18n import Locale
from consult.reports.document import Block, Bullets, Facts, Paragraph
from consult.reports.report import Conduct, Report, Weights
from consult.results import rule
from consult.results.counting import CONFIDENCE, PUBLIC
from consult.surveys.survey import MODE_NAMES

ISO = N_("The parts of this report follow the guidelines ISO 10004 for monitoring and measuring customer satisfaction.")
SAMPLED = N_(
    "People were chosen at random, so the figures stand for everybody within a margin of error. Margins are confidence"
    " intervals of %(level)s: in so many of all such samples the interval holds the figure of the whole population."
)
SHARES = N_(
    "Shares have Wilson’s intervals where all answers count alike, else logit intervals with the variance of the"
    " declared design; means have t intervals. The thin lines in the charts are these intervals."
)
WEIGHED = N_(
    "All figures are computed with these weights and with the variance of the declared design; only an index is"
    " weighted as its definition says. Numbers of people (n) are counted without weights."
)
OPEN = N_(
    "Everybody could take part. Who did so decided for themselves, so the figures describe those who answered; there is"
    " no margin of error, and none may be computed for everybody."
)
CENSUS = N_("Everybody was asked, so there is no sampling error. Those who did not answer may think differently.")
HIDING = N_(
    "So that nobody can be recognised, figures that rest on fewer than %(base)s people are not shown, in sensitive"
    " questions those below %(sensitive)s; further figures are left out where they would give away a hidden one."
    " Single answers are in no part of this report, and of written words only those that many people used."
)
VERSIONS = NN_(
    "%(num)s version of the questionnaire was published.",
    "%(num)s versions of the questionnaire were published; answers to the same question are counted together.",
)
MATCHED = N_("Answers were weighted (“%(name)s”) so that they agree with: %(margins)s.")
MATCHED_WITHOUT = N_("Answers were weighted (“%(name)s”).")
COST = N_(
    "Weights run from %(low)s to %(high)s around a mean of 1. The design effect is %(deff)s: the %(n)s answers are as"
    " exact as %(effective)s of equal weight."
)
FAILED = N_(
    "The set of weights “%(name)s” cannot be computed from these answers, so all figures are without it."
)  # fmt: skip
WORDS = {"open": OPEN, "census": CENSUS}


def blocks(report: Report, locale: Locale) -> tuple[Block, ...]:
    made = report.conduct
    found: list[Block] = [Facts(_facts(report, locale))]
    if made.declared.permits_intervals:
        level = locale.percent(CONFIDENCE)
        found.append(Paragraph(f"{locale.gettext(SAMPLED, level=level)} {locale.gettext(SHARES)}"))
    else:
        found.append(Paragraph(locale.gettext(WORDS[made.declared.kind])))
    if made.weights is not None and (made.weights.name or made.weights.margins):
        found += [Paragraph(words) for words in _weights(made.weights, made.counted, locale)]
    found.append(Paragraph(rule.said(made.left, locale)))
    found.append(
        Paragraph(
            locale.gettext(HIDING, base=locale.number(PUBLIC.base, 0), sensitive=locale.number(PUBLIC.sensitive, 0))
        )
    )
    found.append(Paragraph(locale.gettext(ISO)))
    return tuple(found)


def _facts(report: Report, locale: Locale) -> tuple[tuple[str, str], ...]:
    made, declared, _ = report.conduct, report.conduct.declared, locale.gettext
    design = _(wording.DESIGNS[declared.kind])
    rows = [(_(N_("Design")), design)]
    rows += [
        (_(name), wording.plain(text, locale))
        for name, text in ((N_("Who was asked, and how"), declared.description), (N_("Chosen from"), declared.frame))
        if text
    ]
    rows += [
        (_(name), locale.number(count, 0))
        for name, count in ((N_("Population"), declared.people), (N_("People chosen"), declared.drawn))
        if count
    ]
    if period := dates(made, locale):
        rows.append((_(N_("Fieldwork")), period))
    rows.append((_(N_("Anonymity of answers")), _(MODE_NAMES[report.definition.mode])))
    spoken = ", ".join(map(locale.language, report.definition.languages))
    rows.append((_(N_("Languages of the questionnaire")), spoken))
    questions = len([q for q in report.definition.questions if hasattr(q, "required")])
    rows.append((_(N_("Questions")), locale.number(questions, 0)))
    rows.append((_(N_("Answers counted")), locale.number(made.counted, 0)))
    if report.definition.source:
        rows.append((_(N_("Source of the questions")), wording.plain(report.definition.source, locale)))
    if made.versions > 1:
        rows.append((_(N_("Versions")), locale.ngettext(*VERSIONS, made.versions)))
    return tuple(rows)


def dates(made: Conduct, locale: Locale) -> str:
    """The days on which answers came, in words; empty without any."""
    if made.snapshot.first_day is None or made.snapshot.last_day is None:
        return ""
    return wording.days(made.snapshot.first_day, made.snapshot.last_day, locale)


def _weights(made: Weights, counted: int, locale: Locale) -> list[str]:
    if made.failed:
        return [locale.gettext(FAILED, name=made.name)]
    margins = [_margin(title, source, locale) for title, source in made.margins]
    said = [
        locale.gettext(MATCHED, name=made.name, margins="; ".join(margins))
        if margins
        else locale.gettext(MATCHED_WITHOUT, name=made.name)
    ]
    if made.deff is not None and made.n_eff is not None:
        said.append(
            locale.gettext(
                COST,
                low=locale.number(made.lowest, 2),
                high=locale.number(made.highest, 2),
                deff=locale.number(made.deff, 2),
                n=locale.number(counted, 0),
                effective=locale.number(made.n_eff, 0),
            )
        )
    return [*said, locale.gettext(WEIGHED)]


def _margin(title: dict[str, str], source: dict[str, str], locale: Locale) -> str:
    name, origin = wording.plain(title, locale), wording.plain(source, locale)
    return f"{name} ({origin})" if origin else name


def missing(report: Report, parts: dict[str, str], locale: Locale) -> Bullets:
    """What the report does not contain, and why."""
    return Bullets(tuple(f"{locale.gettext(parts[one.part])}: {locale.gettext(one.why)}" for one in report.absent))
