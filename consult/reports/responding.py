"""Who answered, in words: ways and languages, and what became of those who were invited."""

from __future__ import annotations

from collections.abc import Iterable

from consult.charts import wording
from consult.charts.grid import Grid, count, share
from consult.errors import N_, NN_
from consult.fieldwork.progress import Part
from consult.i18n import Locale
from consult.reports.document import Block, Drawn, Facts, Paragraph, Tabled
from consult.reports.report import Report, Response
from consult.results.counting import PUBLIC
from consult.results.disclosure import hidden_places

CAME = NN_("%(num)s answer came.", "%(num)s answers came.")
PARTICIPATION = N_(
    "Everybody could take part without an invitation, so nobody can say what share of those reached answered: there is"
    " no response rate, only participation."
)
DIALLED = N_("People were not invited by name in this system, so it cannot say what share of those chosen answered.")
RATES = N_(
    "Outcome rates follow the Standard Definitions of AAPOR. Of the people whose eligibility is not known, %(share)s"
    " are assumed to be eligible."
)
OUTCOMES = {
    "rr1": N_("Response rate RR1"),
    "rr3": N_("Response rate RR3"),
    "coop1": N_("Cooperation rate COOP1"),
    "ref1": N_("Refusal rate REF1"),
    "con1": N_("Contact rate CON1"),
}


def blocks(report: Report, locale: Locale) -> tuple[Block, ...]:
    made = report.response
    words = locale.ngettext(*CAME, made.total)
    found: list[Block] = []
    if made.invited is None:
        open_ = report.conduct.declared.kind == "open"
        found.append(Paragraph(f"{words} {locale.gettext(PARTICIPATION if open_ else DIALLED)}"))
    else:
        found += [Paragraph(words), *_invited(made, locale)]
    ways = {code: locale.gettext(words) for code, words in wording.CHANNELS.items()}
    found.append(Tabled(_parts(N_("How it came"), made.channels, ways, locale)))
    found.append(Tabled(_parts(N_("Language in which it was answered"), made.languages, locale.languages, locale)))
    if made.days is not None:
        found.append(Drawn(made.days))
    return tuple(found)


def _parts(caption: str, parts: Iterable[Part], names: dict[str, str], locale: Locale) -> Grid:
    said, listed = locale.gettext(caption), tuple(parts)
    gone = hidden_places([one.count for one in listed], [False] * len(listed), PUBLIC.base, beside_all=True)
    rows = tuple(
        (
            names.get(one.code, one.code),
            share(None if place in gone else one.share, locale),
            count(None if place in gone else one.count, locale),
        )
        for place, one in enumerate(listed)
    )
    return Grid(said, (said, locale.gettext("Share"), "n"), rows)


def _invited(made: Response, locale: Locale) -> list[Block]:
    frame, _ = made.invited, locale.gettext
    assert frame is not None  # noqa: S101 - looked at by `blocks`
    rows = [
        (_(N_("Invited")), frame.invited),
        (_(N_("Answered")), frame.answered),
        (_(N_("Wanted no more letters")), frame.opted_out),
        (_(N_("Could not be reached")), frame.bounced),
    ]
    shown = [(name, locale.number(number, 0)) for name, number in rows]
    if made.rates is None:
        return [Facts(tuple(shown))]
    for key, name in OUTCOMES.items():
        rate = getattr(made.rates, key)
        if rate is not None:
            shown.append((_(name), locale.percent(rate, 1)))
    assumed = locale.gettext(RATES, share=locale.percent(made.eligibility))
    return [Facts(tuple(shown)), Paragraph(f"{assumed} {made.eligibility_reason}".strip())]
