"""What a chart says, in the reader's language: its sentence, its parts' names, its source line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from consult.analysis.estimate import Reason
from consult.charts.chart import Chart, LeftOut, Row, Source, balance
from consult.errors import N_
from consult.i18n import Locale, Text, pick

ONE_SCALE = {
    "satisfaction": N_("%(high)s are satisfied, %(low)s are dissatisfied."),
    "agreement": N_("%(high)s agree, %(low)s disagree."),
    "importance": N_("%(high)s find this important, %(low)s do not."),
    "effort": N_("%(high)s found it easy, %(low)s found it difficult."),
    "quality": N_("%(high)s rate it as good, %(low)s as poor."),
    "likelihood": N_("%(high)s consider it likely, %(low)s do not."),
    "none": N_("%(high)s answered closer to “%(top)s”, %(low)s closer to “%(bottom)s”."),
}
MANY_SCALES = {
    "satisfaction": N_("People are most satisfied with: %(best)s (%(high)s); least with: %(worst)s (%(low)s)."),
    "agreement": N_("Most people agree with: “%(best)s” (%(high)s); fewest with: “%(worst)s” (%(low)s)."),
    "importance": N_("Most important: %(best)s (%(high)s); least important: %(worst)s (%(low)s)."),
    "none": N_("Most answers close to “%(top)s”: %(best)s (%(high)s); fewest: %(worst)s (%(low)s)."),
}
AGREED = N_("%(share)s of those who were asked agreed.")
TWO_OF = {
    "ranking": N_(
        "Put first most often: “%(label)s” (by %(share)s of those who ranked; mean place %(mean)s),"
        " then “%(second)s” (by %(second_share)s)."
    ),
    "allocation": N_(
        "On average most of the points went to “%(label)s” (%(mean)s points, %(share)s of all), then to"
        " “%(second)s” (%(second_share)s)."
    ),
}
TWO_WITHOUT = {
    "ranking": N_(
        "Put first most often: “%(label)s” (by %(share)s of those who ranked), then “%(second)s” (by %(second_share)s)."
    ),
    "allocation": N_(
        "On average most of the points went to “%(label)s” (%(share)s of all), then to “%(second)s” (%(second_share)s)."
    ),
}
METHODS = {
    "ranking": N_(
        "Shares say how many of those who ranked put an option first; the mean place counts those who gave it a place."
    ),
    "allocation": N_("Shares are means over all who shared out points; what got none counts as 0."),
}
BEST_RATED = N_("Best rated: %(best)s (%(high)s); worst rated: %(worst)s (%(low)s).")
DESIGNS = {"open": N_("Open consultation"), "sample": N_("Random sample"), "census": N_("Everybody was asked")}
CHANNELS = {
    "web": N_("online"),
    "kiosk": N_("at a terminal"),
    "phone": N_("by telephone"),
    "paper": N_("on paper"),
}
KINDS = {
    "not_asked": N_("not asked"),
    "skipped": N_("no answer"),
    "dont_know": N_("don’t know"),
    "refused": N_("prefer not to say"),
}
NO_SAMPLE = {
    "open": N_("Everybody could take part, so there is no margin of error."),
    "census": N_("Everybody was asked, so there is no sampling error."),
}
THIN_LINE = N_("The thin line is the %(level)s confidence interval.")
PALE_BAR = N_("The pale bar is the %(level)s confidence interval.")
THROUGH = N_("The line through each dot is the %(level)s confidence interval.")
SMALL_HIDDEN = N_("Small numbers are hidden so that nobody can be recognised.")
BY_DESIGN = N_(
    "Intervals respect the weights and the declared design (linearisation; logit for shares, t for averages)."
)
REACH = N_("The %(level)s confidence intervals reach at most %(points)s percentage points to either side.")
CERTAIN = {
    "nps": N_("The score lies between %(low)s and %(high)s with %(level)s confidence."),
    "positive": N_("The first share lies between %(low)s and %(high)s with %(level)s confidence."),
    "mean": N_("The average lies between %(low)s and %(high)s with %(level)s confidence."),
}
REASONS: dict[Reason, str] = {
    Reason.NO_ANSWERS: N_("Nobody has answered this question yet."),
    Reason.ONE_ANSWER: N_("One answer is not enough to say how certain the figure is."),
    Reason.NO_SPREAD: N_("Everybody gave the same answer, so there is no margin of error to state."),
    Reason.NO_DESIGN: N_("Everybody could take part, so there is no margin of error."),
    Reason.EMPTY_GROUP: N_("Nobody in the sample stands for a part of the population."),
    Reason.NO_POPULATION: N_("Some respondents belong to a group that has no people in the population table."),
    Reason.NO_SOLUTION: N_("No weights agree with all of the given totals at once."),
    Reason.TOO_FEW_ANSWERS: N_("There are too few complete answers for this calculation."),
    Reason.ONE_ITEM: N_("This needs at least two questions."),
    Reason.NO_SPREAD_IN_ITEM: N_("Everybody gave the same answer to one of the questions."),
    Reason.NO_COMMON_SPREAD: N_("The answers to these questions have nothing in common that could be measured."),
    Reason.NOT_CONVERGED: N_("The calculation did not settle on a result, so none is shown."),
    Reason.DISCONNECTED: N_("Some options were never compared with the others, so they have no common order."),
    Reason.HIDDEN: N_("Too few people answered to show figures without revealing who answered what."),
    Reason.NO_WEIGHT: N_("None of those who answered has a weight, so no figure can be given."),
    Reason.ONE_UNIT: N_("All answers come from one sampling unit, so it cannot be said how certain the figure is."),
    Reason.LONELY_UNIT: N_("A stratum has only one sampling unit, so it cannot be said how certain the figure is."),
    Reason.NO_BASE: N_("The quantity to divide by is 0, so there is no ratio."),
    Reason.ONE_GROUP: N_("Fewer than two groups have answers, so there is nothing to compare."),
    Reason.TOO_FEW_UNITS: N_("Too few sampling units were drawn to test a difference."),
    Reason.FEW_WAVES: N_("There are fewer than six waves: too few for control limits."),
    Reason.BEYOND_DATA: N_("There are too few answers to say how certain this figure is."),
}


def plain(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]


def quoted(words: str, locale: Locale) -> str:
    return locale.gettext("“%(words)s”", words=words)


def sentence(chart: Chart, locale: Locale) -> str:
    """One sentence that says what the chart shows."""
    if chart.reason is not None:
        return locale.gettext(REASONS[chart.reason])
    shown = [row for row in chart.rows if row.reason is None and row.parts]
    if chart.kind == "bars":
        return _bars(chart, shown, locale)
    if chart.kind == "nps":
        return _nps(chart, locale)
    if chart.kind == "histogram":
        return _histogram(chart, locale)
    if not shown:
        return locale.gettext(REASONS[Reason.HIDDEN])
    return _diverging(chart, shown, locale) if chart.kind == "diverging" else _stacked(chart, shown, locale)


def _bars(chart: Chart, rows: list[Row], locale: Locale) -> str:
    found = sorted(((row.parts[0].share, row) for row in rows if row.parts[0].share is not None), key=lambda f: -f[0])
    if not found:
        return locale.gettext(REASONS[Reason.HIDDEN])
    (share, first), second = found[0], found[1] if len(found) > 1 else None
    words = {"label": in_group(chart, first, locale), "share": locale.percent(share)}
    if chart.measure == "consent":
        agreed = next((row.parts[0].share for row in rows if row.key == "yes"), None)
        return locale.gettext(REASONS[Reason.HIDDEN] if agreed is None else AGREED, share=locale.percent(agreed or 0))
    if second is not None and chart.measure in TWO_OF:
        words |= {"second": plain(second[1].label, locale), "second_share": locale.percent(second[0])}
        mean = first.figure("mean")
        if mean is not None and mean.value is not None:
            return locale.gettext(TWO_OF[chart.measure], mean=locale.number(mean.value, 1), **words)
        return locale.gettext(TWO_WITHOUT[chart.measure], **words)
    most = share if first.parts[0].low is None else first.parts[0].low
    if second is None or (most > 0.5 and not chart.several):
        if most > 0.5:
            return locale.gettext("Most of those who answered chose “%(label)s”: %(share)s.", **words)
        return locale.gettext("The most frequent answer is “%(label)s”: %(share)s.", **words)
    words |= {"second": in_group(chart, second[1], locale), "second_share": locale.percent(second[0])}
    if second[0] == share:
        return locale.gettext("“%(label)s” and “%(second)s” were chosen equally often: %(share)s each.", **words)
    if chart.several:
        return locale.gettext(
            "Chosen most often: “%(label)s” (%(share)s of those who answered), then “%(second)s” (%(second_share)s).",
            **words,
        )
    return locale.gettext(
        "The most frequent answer is “%(label)s” (%(share)s), followed by “%(second)s” (%(second_share)s).", **words
    )


def _diverging(chart: Chart, rows: list[Row], locale: Locale) -> str:
    ends = {"bottom": "", "top": ""}
    if chart.series:
        ends = {
            "bottom": plain(chart.low_end or chart.series[0], locale),
            "top": plain(chart.high_end or chart.series[-1], locale),
        }
    found = [(both, row) for row in rows if (both := balance(row)) is not None]
    if not found:
        return locale.gettext(REASONS[Reason.HIDDEN])
    if len(chart.rows) == 1:
        low, high = found[0][0]
        message = ONE_SCALE.get(chart.measure, ONE_SCALE["none"])
        return locale.gettext(message, high=locale.percent(high), low=locale.percent(low), **ends)
    best, worst = max(found, key=lambda f: f[0][1]), min(found, key=lambda f: f[0][1])
    message = MANY_SCALES.get(chart.measure, BEST_RATED)
    return locale.gettext(
        message,
        best=plain(best[1].label, locale),
        high=locale.percent(best[0][1]),
        worst=plain(worst[1].label, locale),
        low=locale.percent(worst[0][1]),
        **ends,
    )


def _stacked(chart: Chart, rows: list[Row], locale: Locale) -> str:
    found = [
        (part.share, row, chart.series[number])
        for row in rows
        for number, part in enumerate(row.parts)
        if part.share is not None
    ]
    if not found:
        return locale.gettext(REASONS[Reason.HIDDEN])
    share, row, answer = max(found, key=lambda f: f[0])
    return locale.gettext(
        "The clearest answer: %(row)s – “%(answer)s”, %(share)s.",
        row=plain(row.label, locale),
        answer=plain(answer, locale),
        share=locale.percent(share),
    )


def _nps(chart: Chart, locale: Locale) -> str:
    score = chart.figure("nps")
    if score is None or score.value is None or not chart.rows:
        return locale.gettext(REASONS[Reason.HIDDEN])
    parts = chart.rows[0].parts
    return locale.gettext(
        "The recommendation score is %(score)s: %(promoters)s would gladly recommend, %(detractors)s would not.",
        score=signed(score.value, locale),
        promoters=locale.percent(parts[2].share or 0),
        detractors=locale.percent(parts[0].share or 0),
    )


def _histogram(chart: Chart, locale: Locale) -> str:
    mean, median = chart.figure("mean"), chart.figure("median")
    if mean is None or mean.value is None:
        return locale.gettext(REASONS[Reason.HIDDEN])
    if chart.high_end or median is None or median.value is None:
        return locale.gettext(
            "The average rating is %(mean)s on a scale from %(first)s to %(last)s.",
            mean=locale.number(mean.value, 1),
            first=row_label(chart, chart.rows[0], locale),
            last=row_label(chart, chart.rows[-1], locale),
        )
    return locale.gettext(
        "Half of the answers are %(median)s or less; the average is %(mean)s.",
        median=quantity(median.value, chart, locale, 0 if chart.whole else 1),
        mean=quantity(mean.value, chart, locale, 1),
    )


def signed(value: float, locale: Locale, digits: int = 0) -> str:
    """A score with its sign: +12, −3, 0."""
    rounded = round(value, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + locale.number(abs(rounded), digits)


def quantity(value: float, chart: Chart, locale: Locale, digits: int) -> str:
    return f"{locale.number(value, digits)} {plain(chart.unit, locale)}".strip()


def series(chart: Chart, locale: Locale) -> list[str]:
    """The names of a row's parts."""
    if chart.kind == "nps":
        return [
            locale.gettext("Would not recommend (0 to 6)"),
            locale.gettext("Undecided (7 or 8)"),
            locale.gettext("Would recommend (9 or 10)"),
        ]
    return [plain(text, locale) for text in chart.series]


def in_group(chart: Chart, row: Row, locale: Locale) -> str:
    """A row's words, behind those of its group where it has one."""
    label = row_label(chart, row, locale)
    return f"{plain(row.group, locale)}: {label}" if row.group else label


def row_label(chart: Chart, row: Row, locale: Locale) -> str:
    if row.span is None:
        return plain(row.label, locale)
    low, high = row.span
    if high is None:
        return locale.gettext("%(number)s or more", number=locale.number(low))
    if chart.whole:
        last = high - 1
        return locale.number(low, 0) if last <= low else f"{locale.number(low, 0)}–{locale.number(last, 0)}"
    return f"{locale.number(low)}–{locale.number(high)}"


def interval(low: float, high: float, locale: Locale) -> str:
    """Bounds of a share as whole percentages without the sign: 68–74."""
    return f"{locale.number(100 * low, 0)}–{locale.number(100 * high, 0)}"


def days(first: date, last: date, locale: Locale) -> str:
    """A period in words, each part once: 2–16 November 2026."""
    if first == last:
        return locale.date(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{locale.date(last)}"
    if first.year == last.year:
        return f"{locale.date(first, 'day')} – {locale.date(last)}"
    return f"{locale.date(first)} – {locale.date(last)}"


def source(chart: Chart, locale: Locale) -> str:
    """How the figures came about: design, n, days, ways in, interval or why there is none, what is left out."""
    said = [origin(chart.source, chart.base, locale)]
    if chart.measure in METHODS:
        said.append(locale.gettext(METHODS[chart.measure]))
    if chart.several:
        said.append(locale.gettext("Several answers were possible: the shares are shares of people, not of answers."))
    if chart.kind == "bars" and any(row.base != chart.base and not row.group for row in chart.rows):
        said.append(locale.gettext("An option that was not always offered: its share is of those who could choose it."))
    said.append(_certainty(chart, locale))
    if chart.source.method == "design" and said[-1]:
        said.append(locale.gettext(BY_DESIGN))
    said.append(left_out(chart.left_out, locale))
    if chart.has_hidden_parts:
        said.append(locale.gettext(SMALL_HIDDEN))
    said.append(as_of(chart.source, locale))
    return " ".join(part for part in said if part)


def origin(made: Source, base: int, locale: Locale) -> str:
    """Design, ways in, n, days; whose answers, and with which weights."""
    design = locale.gettext(DESIGNS[made.design])
    ways = [locale.gettext(CHANNELS[c]) for c, n in sorted(made.channels.items(), key=lambda c: -c[1]) if n]
    if ways:
        design = f"{design} ({', '.join(ways)})"
    facts = [design, f"n = {locale.number(base, 0)}"]
    if made.first_day and made.last_day:
        facts.append(days(made.first_day, made.last_day, locale))
    said = [", ".join(facts).rstrip(".") + "."]
    if made.filters:
        asked = "; ".join(plain(text, locale) for text in made.filters)
        said.append(locale.gettext("Only answers with: %(list)s.", list=asked))
    if made.weights:
        said.append(locale.gettext("Weighted with “%(name)s”.", name=plain(made.weights, locale)))
    return " ".join(said)


def as_of(made: Source, locale: Locale) -> str:
    """Whose figures these are in time: kept as of a day, or still following the answers."""
    day = locale.date(made.taken_at).rstrip(".")
    if made.state == "frozen":
        return locale.gettext("Figures as of %(day)s.", day=day)
    return locale.gettext("Answers still come in; figures as of %(day)s.", day=day) if made.state == "open" else ""


def _certainty(chart: Chart, locale: Locale) -> str:
    made = chart.source
    if made.design in NO_SAMPLE:
        return locale.gettext(NO_SAMPLE[made.design])
    if not made.confidence:
        return ""
    level = locale.percent(made.confidence)
    if chart.kind == "bars" and chart.has_intervals:
        return locale.gettext(THIN_LINE, level=level)
    if len(chart.rows) > 1 and chart.kind in ("diverging", "stacked"):
        reach = locale.number(100 * _widest(chart), 1)
        return locale.gettext(REACH, level=level, points=reach)
    found = chart.figure("nps") or chart.figure("positive" if chart.kind == "diverging" else "mean")
    if found is None or found.low is None or found.high is None:
        return ""
    if found.kind == "nps":
        low, high = signed(found.low, locale), signed(found.high, locale)
    elif found.kind == "positive":
        low, high = locale.percent(found.low), locale.percent(found.high)
    else:
        low, high = (quantity(value, chart, locale, 1) for value in (found.low, found.high))
    message = CERTAIN[found.kind]
    return locale.gettext(message, low=low, high=high, level=level)


def _widest(chart: Chart) -> float:
    """How far the widest interval of any share shown reaches to one side."""
    shown = [(p.share, p.low, p.high) for row in chart.rows for p in row.parts]
    shown += [(f.value, f.low, f.high) for row in chart.rows for f in row.figures if f.kind in ("positive", "negative")]
    reach = 0.0
    for value, low, high in shown:
        if value is not None and low is not None and high is not None:
            reach = max(reach, high - value, value - low)
    return reach


def left_out(items: Iterable[LeftOut], locale: Locale) -> str:
    parts = [
        f"{plain(item.label, locale) or locale.gettext(KINDS[item.kind])} {locale.number(item.count, 0)}"
        for item in items
        if item.count
    ]
    return locale.gettext("Not counted: %(list)s.", list=", ".join(parts)) if parts else ""
