"""How figures came about: one sentence for each code of a chart's notes, in the order in which the chart has them.

`NOTES[code] = Sentence(words, {placeholder: how its number is written})`; whoever makes charts adds its own codes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from consult.charts.kinds import Note
from consult.errors import N_
from consult.i18n import Locale, pick

Written = Literal["count", "share", "share1", "number1", "number2", "number3", "p"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """words: a sentence of the catalogue; numbers: how each placeholder that is a number is written."""

    words: str
    numbers: Mapping[str, Written] = field(default_factory=dict)


NOTES: dict[str, Sentence] = {
    "rao_scott": Sentence(
        N_("Rao–Scott test of the second order: F(%(df1)s; %(df2)s) = %(f)s, %(p)s."),
        {"df1": "number1", "df2": "number1", "f": "number2", "p": "p"},
    ),
    "pearson": Sentence(
        N_("Pearson’s chi-squared test: χ²(%(df)s) = %(x2)s, %(p)s."), {"df": "count", "x2": "number2", "p": "p"}
    ),
    "kruskal_wallis": Sentence(
        N_("Kruskal–Wallis test: H(%(df)s) = %(h)s, %(p)s."), {"df": "count", "h": "number2", "p": "p"}
    ),
    "cramers_v": Sentence(N_("Cramér’s V = %(v)s."), {"v": "number2"}),
    "holm": Sentence(N_("Pairs of groups are tested at %(level)s with Holm’s correction."), {"level": "share"}),
    "residuals": Sentence(N_("Adjusted standardised residuals (Haberman).")),
    "design_effect": Sentence(
        N_("Design effect %(deff)s: as exact as %(n)s answers of equal weight."), {"deff": "number2", "n": "count"}
    ),
    "wilson": Sentence(N_("Wilson’s interval.")),
    "logit": Sentence(N_("Logit interval with the variance of the declared design.")),
    "t_interval": Sentence(N_("t interval with the variance of the declared design.")),
    "bootstrap": Sentence(N_("Interval from %(n)s bootstrap samples."), {"n": "count"}),
    "p_chart": Sentence(N_("p chart: limits at three standard errors around the mean share.")),
    "laney": Sentence(N_("Laney’s p′ chart: limits at three standard errors, widened by the spread between waves.")),
    "u_chart": Sentence(N_("u chart: limits at three standard errors around the mean rate.")),
    "xmr": Sentence(N_("XmR chart: limits at 2.66 mean moving ranges around the mean.")),
    "baseline": Sentence(N_("Limits are fixed from the first %(n)s waves."), {"n": "count"}),
    "run_rules": Sentence(
        N_("Signals: a wave outside the limits, or the eighth in a row on one side of the centre line.")
    ),
    "lmg": Sentence(N_("Importance: share of the explained variance, averaged over all orders (LMG).")),
    "johnson": Sentence(N_("Importance: Johnson’s relative weights.")),
    "explained": Sentence(N_("Explained variance R² = %(r2)s."), {"r2": "number2"}),
    "grand_means": Sentence(N_("The lines cross at the means of all points.")),
    "scale_middle": Sentence(N_("The lines cross at the middle of the scales.")),
    "few_waves": Sentence(N_("There are fewer than six waves: too few for control limits.")),
    "ecsi": Sentence(
        N_("Path model of the ECSI by partial least squares; a missing answer counts as the mean of its question.")
    ),
    "small_model": Sentence(N_("So few answers that the paths are uncertain.")),
    "feldt": Sentence(N_("Feldt’s interval.")),
    "omega": Sentence(N_("McDonald’s ω = %(omega)s (one factor)."), {"omega": "number2"}),
    "differ": Sentence(N_("Answers differ between the groups by more than chance explains (%(p)s)."), {"p": "p"}),
    "alike": Sentence(N_("Chance may explain the differences between the groups (%(p)s)."), {"p": "p"}),
    "waves": Sentence(N_("Waves by their first day: %(list)s.")),
    "published_weights": Sentence(N_("Each survey counts with the weights of its published results.")),
    "without_filter": Sentence(N_("Left out because they do not ask what is filtered by: %(list)s.")),
    "complete": Sentence(N_("Only people who answered all of these questions are counted.")),
    "bootstrap_of_people": Sentence(
        N_("The samples draw single people: strata and clusters are not taken into account.")
    ),
    "constant": Sentence(N_("Left out because everybody answered alike: %(list)s.")),
    "collinear": Sentence(N_("Left out because the other ratings already contain it: %(list)s.")),
    "association": Sentence(
        N_("This shows what goes together. It does not prove that improving one would improve the other.")
    ),
    "no_tests": Sentence(N_("Everybody could take part, so there are no margins of error and no tests.")),
    "as_if_random": Sentence(
        N_("Tests and margins of error are computed as if a random sample had answered, which is not so.")
    ),
    "not_weighted": Sentence(
        N_("These weights cannot be computed from the answers that are there, so the figures are without them.")
    ),
}


def said(note: Note, locale: Locale) -> str:
    """The note's sentence; empty for a code that is no longer known, so that old charts can still be read."""
    sentence = NOTES.get(note.code)
    if sentence is None:
        return ""
    words = {name: pick(text, locale.code, locale.order)[0] for name, text in note.words.items()}
    numbers = {
        name: written(value, sentence.numbers.get(name, "number2"), locale) for name, value in note.numbers.items()
    }
    return locale.gettext(sentence.words, **words, **numbers)


def written(value: float, how: Written, locale: Locale) -> str:
    """A number as a method's sentence has it; p-values below 0.001 as "< 0.001"."""
    if how in ("share", "share1"):
        return locale.percent(value, 1 if how == "share1" else 0)
    if how == "p":
        return f"p < {locale.number(0.001, 3)}" if value < 0.001 else f"p = {locale.number(value, 3)}"
    digits = {"count": 0, "number1": 1, "number2": 2, "number3": 3}.get(how, 2)
    return locale.number(value, digits)
