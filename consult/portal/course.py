"""What happens when in a consultation, in plain words: what one can do now, what comes next, who decides. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consult.consultations.consultation import Consultation, Kind, Phase, State
from consult.consultations.deadline import MINIMUM_RULE, due
from consult.errors import N_, NN_
from consult.forums.forum import Forum
from consult.forums.forum import State as ForumState
from consult.i18n import Locale
from consult.portal.gathering import days_left
from consult.profile import Profile

BY_COUNCIL = {Kind.REGULATION, Kind.PLAN, Kind.BUDGET}
MEETINGS_NAMED = 4
DAYS_LEFT = NN_(
    "You can take part until the end of %(day)s; %(num)s day is left.",
    "You can take part until the end of %(day)s; %(num)s days are left.",
)


@dataclass(frozen=True, slots=True)
class Course:
    """Sentences in the reader's language; dates are (what, when) in the order in which they come."""

    now: str
    next: str
    decides: str
    where: str
    dates: tuple[tuple[str, str], ...]


def course_of(
    found: Consultation, forums: Sequence[Forum], reported_at: datetime | None, locale: Locale, now: datetime
) -> Course:
    return Course(
        now=_now(found, locale, now),
        next=_next(found, reported_at, locale, now),
        decides=_decides(found, locale),
        where=_where(found, reported_at, locale),
        dates=tuple(_dates(found, forums, reported_at, locale)),
    )


def _now(found: Consultation, locale: Locale, now: datetime) -> str:
    state = found.state_at(now)
    if state is State.ANNOUNCED and found.opens_at is not None:
        return locale.gettext(
            N_("It has not begun yet. You can take part from %(day)s."), day=locale.date(found.opens_at)
        )
    if state is State.OPEN and found.closes_at is not None:
        return locale.ngettext(*DAYS_LEFT, days_left(found.closes_at, now), day=locale.last_day(found.closes_at))
    if state is State.CLOSED:
        return locale.gettext(N_("The time to take part is over. The municipality reads what people have said."))
    if state is State.ANSWERING:
        return locale.gettext(N_("The time to take part is over. The municipality is writing its answers."))
    if state is State.CANCELLED:
        return locale.gettext(N_("This consultation was cancelled. What was published stays here to read."))
    return locale.gettext(N_("This consultation is over. You can read what was asked, said and done."))


def _next(found: Consultation, reported_at: datetime | None, locale: Locale, now: datetime) -> str:
    state = found.state_at(now)
    if state is State.CANCELLED or reported_at is not None or state in {State.REPORTED, State.ARCHIVED}:
        return ""
    if found.answers_due is None:
        return locale.gettext(N_("Then every comment gets an answer with reasons, and a report follows."))
    day = locale.date(found.answers_due)
    if found.answers_due < locale.local(now).date():
        return locale.gettext(N_("The answers were promised by %(day)s and are late."), day=day)
    return locale.gettext(N_("Every comment gets an answer with reasons by %(day)s, and a report follows."), day=day)


def _decides(found: Consultation, locale: Locale) -> str:
    if found.stored.value == State.CANCELLED.value:
        return ""
    if found.kind in BY_COUNCIL:
        return locale.gettext(N_("The municipal council, once the consultation is over."))
    return locale.gettext(N_("The municipality, once the consultation is over."))


def _where(found: Consultation, reported_at: datetime | None, locale: Locale) -> str:
    if reported_at is not None:
        return locale.gettext(N_("Beside each comment, and together in the report."))
    if found.stored.value == State.CANCELLED.value:
        return ""
    return locale.gettext(N_("Beside each comment, and together in the report, which will be linked on this page."))


def _dates(
    found: Consultation, forums: Sequence[Forum], reported_at: datetime | None, locale: Locale
) -> list[tuple[str, str]]:
    days = []
    if found.announced_at is not None:
        days.append((N_("Announced"), locale.date(found.announced_at)))
    if found.opens_at is not None and found.closes_at is not None:
        words = N_("from %(first)s until the end of %(last)s")
        first, last = locale.date(found.opens_at), locale.last_day(found.closes_at)
        days.append((N_("You can take part"), locale.gettext(words, first=first, last=last)))
    met = [one for forum in forums if forum.state is ForumState.PUBLISHED for one in forum.sessions]
    if met:
        starts = sorted(one.starts_at for one in met)
        named = "; ".join(locale.datetime(moment) for moment in starts[:MEETINGS_NAMED])
        if (others := len(starts) - MEETINGS_NAMED) > 0:
            named = f"{named} {locale.ngettext('and %(num)s more', 'and %(num)s more', others)}"
        days.append((N_("Meetings"), named))
    if found.answers_due is not None:
        days.append((N_("Answers by"), locale.date(found.answers_due)))
    if reported_at is not None:
        days.append((N_("Report published"), locale.date(reported_at)))
    return [(locale.gettext(label), when) for label, when in days]


def minimum_in_words(first: date | None, locale: Locale, profile: Profile) -> list[str]:
    """How the shortest lawful end of a consultation that begins on a day is counted, step by step."""
    rule = profile.rule(MINIMUM_RULE, first)
    return due(rule, first, profile).steps(locale) if rule and first else []


def phase_steps(phases: tuple[Phase, ...], locale: Locale, now: datetime) -> list[tuple[str, str, str]]:
    """The phases as the page's macro takes them: words, dates, and where we stand."""
    today = locale.local(now).date()
    steps = []
    for phase in phases:
        if phase.ends and (phase.starts is None or phase.starts <= today):
            dates = locale.gettext("until %(day)s", day=locale.date(phase.ends, "day"))
        else:
            day = phase.starts or phase.ends
            dates = locale.date(day, "day") if day else ""
        state = "now" if phase.is_now(today) else "done" if phase.is_done(today) else ""
        if state == "now":
            dates = locale.gettext("%(dates)s · now", dates=dates)
        steps.append((phase.label.get(locale.code) or next(iter(phase.label.values()), ""), dates, state))
    return steps
