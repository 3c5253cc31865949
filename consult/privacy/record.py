"""The record of processing as Markdown: every activity, what is held for it, every column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consult.errors import N_
from consult.i18n import Locale
from consult.privacy.activities import ACTIVITIES
from consult.privacy.holding import Activity, Holding, Rule, Sort
from consult.privacy.holdings import ALL
from consult.privacy.outside import PLACES
from consult.privacy.retention import KEPT_BY_WORK

TITLE = N_("Record of processing of personal data")
INTRODUCTION = N_(
    "Made from the program’s own register by `consult privacy record`; a column without an entry fails the checks of "
    "the program. Grounds are named as in the GDPR; the laws of North Macedonia and of Georgia know the same ones, and "
    "the town’s data protection officer confirms them."
)
# Sentences stand here, because the gatherer of sentences does not look into f-strings.
BESIDE, BY_ITSELF = N_("Beside the database"), N_("What the program deletes by itself")
EVERYTHING = N_("Every table and column")
ABOUT_WHOM, GROUND, WHO_SEES = N_("About whom"), N_("Ground"), N_("Who sees it")


def document(locale: Locale) -> str:
    """The whole record in one language."""
    return "\n".join(_lines(locale)).rstrip() + "\n"


def words_of(rule: Rule, locale: Locale) -> str:
    return locale.gettext(rule.words, days=locale.number(rule.days))


def grounds(activity: Activity, locale: Locale) -> str:
    named = [activity.ground, *([activity.besides] if activity.besides else [])]
    return "; ".join(locale.gettext(one.value) for one in named)


def _lines(locale: Locale) -> Iterator[str]:
    _ = locale.gettext
    yield from (f"# {_(TITLE)}", "", _(INTRODUCTION), "")
    for activity in ACTIVITIES:
        yield from _activity(activity, locale)
    yield from (f"## {_(BESIDE)}", "")
    yield from _table(
        (_(N_("Where")), _(N_("What")), _(N_("How long"))),
        ((_(place.where), _(place.holds), _(place.ends)) for place in PLACES),
    )
    yield from (f"## {_(BY_ITSELF)}", "")
    yield from _table(
        (_(N_("Rule")), _(N_("How long")), _(N_("Background work")), _(N_("Columns"))),
        ((rule.key, words_of(rule, locale), f"`{rule.job}`", _named(rule)) for rule in KEPT_BY_WORK),
    )
    yield from (f"## {_(EVERYTHING)}", "")
    yield from _table(
        (_(N_("Table")), _(N_("What")), _(N_("Columns")), _(N_("How long"))),
        (row for holding in sorted(ALL, key=lambda one: one.table) for row in _columns(holding, locale)),
    )


def _activity(activity: Activity, locale: Locale) -> Iterator[str]:
    _ = locale.gettext
    yield from (f"## {_(activity.title)}", "", _(activity.purpose), "")
    yield f"- {_(ABOUT_WHOM)}: {_(activity.who)}"
    yield f"- {_(GROUND)}: {grounds(activity, locale)}"
    yield f"- {_(WHO_SEES)}: {_(activity.sees)}"
    yield ""
    told = [one for one in ALL if one.activity is activity and one.what]
    if told:
        yield from _table(
            (_(N_("What")), _(N_("How long")), _(N_("Table"))),
            ((_(one.what), "; ".join(_times(one, locale)), f"`{one.table}`") for one in told),
        )


def _times(holding: Holding, locale: Locale) -> Iterator[str]:
    yield words_of(holding.rule, locale)
    for names, rule in holding.sooner.items():
        yield f"{_code(names.split())}: {words_of(rule, locale)}"


def _columns(holding: Holding, locale: Locale) -> Iterator[tuple[str, ...]]:
    """One line for each sort of data and rule in the table."""
    found: dict[tuple[Sort, Rule], list[str]] = {}
    for column in holding.columns():
        found.setdefault((column.sort, column.rule), []).append(column.name)
    for (sort, rule), names in found.items():
        yield f"`{holding.table}`", locale.gettext(sort.value), _code(names), words_of(rule, locale)


def _named(rule: Rule) -> str:
    """The columns that a rule ends; where it ends the rows, the table alone."""
    found = []
    for holding in ALL:
        if holding.rule is rule:
            found.append(holding.table)
        found += [f"{holding.table}.{name}" for names, one in holding.sooner.items() if one is rule
                  for name in names.split()]  # fmt: skip
    return _code(found)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
