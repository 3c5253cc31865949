"""A report said in one language: the order of its parts, their titles, and what is left out."""

from __future__ import annotations

from consult.charts import showing, wording
from consult.charts.chart import Chart
from consult.errors import N_
from consult.i18n import Locale, Text, pick
from consult.indices import charts as indices
from consult.indices.standing import RULES
from consult.profile import Profile
from consult.reports import method, responding
from consult.reports.document import Block, Bullets, Document, Drawn, Numeral, Numerals, Paragraph, Section, Tabled
from consult.reports.report import Report
from consult.results import overview, written

KIND = N_("Satisfaction report")
PARTS = {
    "summary": N_("In short"),
    "purpose": N_("Purpose"),
    "method": N_("Method"),
    "response": N_("Who answered"),
    "indices": N_("Indices of satisfaction"),
    "satisfaction": N_("Satisfaction"),
    "importance": N_("What to work on first"),
    "drivers": N_("What satisfaction depends on"),
    "written": N_("In people’s own words"),
    "conclusions": N_("Conclusions and actions"),
    "questions": N_("Annex: all questions"),
    "breaks": N_("Annex: groups of people"),
    "absent": N_("What this report does not contain"),
}
"""All parts in their order."""
BETWEEN = N_("Probably between %(low)s and %(high)s for everybody.")
TARGET = N_("Target: %(target)s")
APART = N_(
    "This figure stands apart from the series below: everybody could take part, so it does not compare with samples."
)
HOW_TO_READ = N_(
    "Above are the services that matter most, to the right those that are rated best. What stands above left matters"
    " and is rated below the others: that is where work shows first."
)
WORDS = {
    "contents": N_("Contents"),
    "page": N_("Page"),
    "figure": N_("Chart {number}"),
    "table": N_("Table {number}"),
    "demo": N_("Demonstration: all answers are invented."),
    "source": N_("Source"),
}


def document(report: Report, locale: Locale, profile: Profile) -> Document:
    """The whole report in one language. Parts with nothing in them are left out."""
    makers = {
        "summary": _summary,
        "purpose": _purpose,
        "method": method.blocks,
        "response": responding.blocks,
        "indices": _indices,
        "satisfaction": _satisfaction,
        "importance": _importance,
        "drivers": _drivers,
        "written": _written,
        "conclusions": _conclusions,
        "questions": _questions,
        "breaks": _breaks,
    }
    sections: list[Section] = []
    for key, title in PARTS.items():
        if key in makers and (blocks := makers[key](report, locale)):
            sections.append(Section(key, locale.gettext(title), blocks))
        elif key == "absent" and report.absent:
            sections.append(Section(key, locale.gettext(title), (method.missing(report, PARTS, locale),)))
    return Document(
        language=locale.code,
        title=said(report.survey.title, locale),
        kind=locale.gettext(KIND),
        sender=said(profile.name, locale),
        facts=_title_facts(report, locale),
        contact=f"{said(profile.contact.department, locale)} · {profile.contact.phone} · {profile.contact.email}",
        sections=tuple(sections),
        words={name: locale.gettext(words) for name, words in WORDS.items()},
        brand=profile.colours.brand,
        emblem=profile.emblem,
        is_demo=report.survey.is_demo,
    )


def said(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """What staff wrote: an empty line parts paragraphs."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return tuple(Paragraph(part) for part in parts if part)


def _title_facts(report: Report, locale: Locale) -> tuple[tuple[str, str], ...]:
    made, _ = report.conduct, locale.gettext
    facts = [(_(N_("Answers")), locale.number(made.counted, 0))]
    if period := method.dates(made, locale):
        facts.append((_(N_("Fieldwork")), period))
    facts.append((_(N_("Design")), _(wording.DESIGNS[made.declared.kind])))
    facts.append((_(N_("Figures as of")), locale.date(made.snapshot.taken_at)))
    return tuple(facts)


def _summary(report: Report, locale: Locale) -> tuple[Block, ...]:
    shown = overview.indices(report.charts, locale)[:3]
    numerals = tuple(Numeral(one.name, one.value, one.interval, one.about) for one in shown)
    sentences = tuple(f"{title} – {words}" for _, title, words in overview.said(report.headlines, locale))
    found: list[Block] = [Numerals(numerals)] if numerals else []
    return (*found, Bullets(sentences)) if sentences else tuple(found)


def _purpose(report: Report, locale: Locale) -> tuple[Block, ...]:
    own = paragraphs(report.texts.introduction.get(locale.code, ""))
    summary = said(report.survey.summary, locale)
    return own or ((Paragraph(summary),) if summary else ())


def _satisfaction(report: Report, locale: Locale) -> tuple[Block, ...]:
    return tuple(Drawn(chart) for chart in report.satisfaction)


def _conclusions(report: Report, locale: Locale) -> tuple[Block, ...]:
    return paragraphs(report.texts.conclusions.get(locale.code, ""))


def _indices(report: Report, locale: Locale) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one in report.indices:
        here, standing = one.here.estimate, one.index.standing
        interval = about = ""
        if here.low is not None and here.high is not None:
            low, high = (indices.written(end, standing, locale) for end in (here.low, here.high))
            interval = locale.gettext(BETWEEN, low=low, high=high)
        if standing.target is not None:
            about = locale.gettext(TARGET, target=indices.written(standing.target, standing, locale))
        value = "–" if here.value is None else indices.written(here.value, standing, locale)
        blocks.append(Numerals((Numeral(said(standing.name, locale), value, interval, about),)))
        blocks.append(Paragraph(locale.gettext(RULES[standing.rule])))
        if one.here.is_open:
            blocks.append(Paragraph(locale.gettext(APART)))
        blocks.append(Drawn(one.series))
    return tuple(blocks)


def _importance(report: Report, locale: Locale) -> tuple[Block, ...]:
    return (Paragraph(locale.gettext(HOW_TO_READ)), Drawn(report.importance)) if report.importance else ()


def _drivers(report: Report, locale: Locale) -> tuple[Block, ...]:
    return (Drawn(report.drivers),) if report.drivers else ()


def _written(report: Report, locale: Locale) -> tuple[Block, ...]:
    """For each open question how many wrote, which codes and which words were frequent."""
    blocks: list[Block] = []
    for one in report.written:
        words = written.said(one.question, one.count, None, locale)
        blocks.append(Paragraph(f"{said(one.question.text, locale)} – {words}"))
        blocks += [Drawn(one.codes)] if one.codes is not None else []
        blocks += [Drawn(spec) for spec in one.words]
    return tuple(blocks)


def _questions(report: Report, locale: Locale) -> tuple[Block, ...]:
    """Every question that may be published, with its table."""
    return tuple(_table(chart, locale) for chart in report.charts.values())


def _breaks(report: Report, locale: Locale) -> tuple[Block, ...]:
    return tuple(Drawn(spec, with_table=True) for spec in report.breaks)


def _table(chart: Chart, locale: Locale) -> Block:
    if chart.is_hidden:
        return Paragraph(f"{wording.plain(chart.title, locale)} – {showing.sentence(chart, locale)}")
    return Tabled(showing.grid_of(chart, locale), showing.source(chart, locale))
