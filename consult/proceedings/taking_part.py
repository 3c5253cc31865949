"""Who took part: by way and language, by district beside the census, and at meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from consult.charts import wording
from consult.charts.grid import Grid, count, share
from consult.drafts.comments.comment import CHANNEL_NAMES
from consult.errors import N_
from consult.i18n import Locale, pick
from consult.proceedings.record import Part, Record, Survey
from consult.reports.document import Block, Paragraph, Tabled

WAY, LANGUAGE = N_("Way"), N_("Language")
NOTHING = N_("Nobody took part.")
CENSUS = N_("Share of residents: %(source)s, %(year)s.")


def blocks(record: Record, locale: Locale) -> tuple[Block, ...]:
    found: list[Block] = []
    said = [one for draft in record.drafts for one in draft.comments]
    if said:
        ways = {one.value: locale.gettext(name) for one, name in CHANNEL_NAMES.items()}
        found.append(_table(N_("Comments by way"), WAY, _counted(one.channel for one in said), ways, locale))
        tongues = _counted(one.language for one in said)
        found.append(_table(N_("Comments by language"), LANGUAGE, tongues, locale.languages, locale))
    channels = {code: locale.gettext(words) for code, words in wording.CHANNELS.items()}
    for survey in record.surveys:
        if not survey.count:
            continue
        title = pick(survey.title, locale.code, locale.order)[0]
        found.append(Paragraph(locale.gettext(N_("Survey: %(title)s"), title=title)))
        found.append(_table(N_("Answers by way"), WAY, survey.channels, channels, locale))
        found.append(_table(N_("Answers by language"), LANGUAGE, survey.languages, locale.languages, locale))
        if survey.districts and record.margin is not None:
            found.append(_districts(survey, record, locale))
    if any(forum.present for forum in record.forums):
        found.append(_meetings(record, locale))
    return tuple(found) or (Paragraph(locale.gettext(NOTHING)),)


def _counted(codes: Iterable[str]) -> tuple[Part, ...]:
    """Comments are public one by one, so nothing is hidden."""
    counts = Counter(codes)
    return tuple(Part(code, n) for code, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _table(caption: str, first: str, parts: Iterable[Part], names: Mapping[str, str], locale: Locale) -> Tabled:
    listed, said = tuple(parts), locale.gettext(caption)
    total = sum(part.count or 0 for part in listed)
    rows = tuple(
        (
            names.get(part.code, part.code),
            share(None if part.count is None else part.count / max(total, 1), locale),
            count(part.count, locale),
        )
        for part in listed
    )
    return Tabled(Grid(said, (locale.gettext(first), locale.gettext(N_("Share")), "n"), rows))


def _districts(survey: Survey, record: Record, locale: Locale) -> Tabled:
    """Where those who answered live, beside where the residents live."""
    margin = record.margin
    if margin is None:
        raise ValueError("a table of districts without a margin")
    answers = {part.code: part.count for part in survey.districts}
    known = sum(n or 0 for code, n in answers.items() if code in margin.counts)
    people = sum(margin.counts.values())
    rows = tuple(
        (
            pick(margin.labels[code], locale.code, locale.order)[0],
            count(answers.get(code, 0), locale),
            share(None if answers.get(code, 0) is None else (answers.get(code, 0) or 0) / max(known, 1), locale),
            share(residents / people, locale),
        )
        for code, residents in margin.counts.items()
    )
    said = locale.gettext(N_("Answers by district, beside the residents"))
    head = (
        locale.gettext(N_("District")),
        "n",
        locale.gettext(N_("Share")),
        locale.gettext(N_("Share of residents")),
    )
    source = pick(margin.source, locale.code, locale.order)[0]
    note = locale.gettext(CENSUS, source=source, year=str(margin.year))
    return Tabled(Grid(said, head, rows), note)


def _meetings(record: Record, locale: Locale) -> Tabled:
    said = locale.gettext(N_("People at meetings"))
    rows = tuple(
        (
            pick(forum.title, locale.code, locale.order)[0],
            locale.date(forum.day) if forum.day else "",
            count(forum.registered, locale),
            count(forum.present, locale),
        )
        for forum in record.forums
        if forum.present
    )
    names = (N_("Meeting"), N_("Day"), N_("Registered"), N_("Present"))
    return Tabled(Grid(said, tuple(locale.gettext(name) for name in names), rows))
