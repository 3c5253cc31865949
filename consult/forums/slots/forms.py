"""The staff forms of appointments: fields read into content, and records put back into fields."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from consult.errors import N_, Invalid, Problem
from consult.forums.forms import text_of
from consult.forums.forum import local_moment
from consult.forums.slots.allocation import Rule, Tie
from consult.forums.slots.operations import SlotContent, TermsContent
from consult.forums.slots.slot import Span, Terms, topics_of
from consult.i18n import languages
from consult.web import Form

Moment = TypeVar("Moment", date, datetime, time)


def terms_of(form: Form, zone: ZoneInfo) -> TermsContent:
    """Raises Invalid for moments that cannot be read or do not exist."""
    problems: list[Problem] = []
    moments: dict[str, datetime | None] = {}
    for place in ("opens", "closes"):
        written = _read(form, place, datetime, problems)
        moments[place] = local_moment(written, zone) if written else None
        if written and moments[place] is None:
            problems.append(Problem(place, N_("This hour does not exist: the clocks go forward that night.")))
    content = TermsContent(
        rule=form.get("rule"),
        tie=form.get("tie") or Tie.DRAW.value,
        opens_at=moments["opens"],
        closes_at=moments["closes"],
        topics=topics_of(text_of(form, "topics")),
        note=text_of(form, "note"),
    )
    if problems:
        known = {problem.place for problem in problems}
        raise Invalid([*problems, *(one for one in content.problems() if one.place not in known)])
    return content


def form_of(terms: Terms | None, zone: ZoneInfo) -> Form:
    if terms is None:
        return Form({"rule": [Rule.DRAW.value], "tie": [Tie.DRAW.value]})
    values = {
        "rule": terms.rule.value,
        "tie": terms.tie.value,
        "opens": terms.opens_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "closes": terms.closes_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    }
    for language in languages():
        values[f"topics-{language}"] = "\n".join(topic.get(language, "") for topic in terms.topics)
        values[f"note-{language}"] = terms.note.get(language, "")
    return Form({name: [value] for name, value in values.items()})


def slots_of(form: Form, zone: ZoneInfo) -> tuple[SlotContent, list[tuple[datetime, datetime]]]:
    """What the times have in common, and when they are. Raises Invalid."""
    problems: list[Problem] = []
    day = _read(form, "day", date, problems)
    starts = _read(form, "starts", time, problems)
    ends = _read(form, "ends", time, problems)
    for place, value in (("day", day), ("starts", starts), ("ends", ends)):
        if value is None and not form.get(place):
            problems.append(Problem(place, N_("Write this.")))
    times: list[tuple[datetime, datetime]] = []
    if day and starts and ends:
        span = Span(day, starts, ends, _number(form, "minutes"), _number(form, "pause") if form.get("pause") else 0)
        problems += span.problems(zone)
        times = [] if problems else span.times(zone)
    if problems:
        raise Invalid(problems)
    topic = form.get("topic")
    content = SlotContent(
        official=_number(form, "official"),
        place=text_of(form, "place"),
        topic=int(topic) if topic.isdecimal() and len(topic) < 3 else None,
        language=form.get("spoken") if form.get("spoken") in languages() else "",
        has_interpreter=form.flag("has_interpreter"),
        capacity=_number(form, "capacity"),
    )
    return content, times


def _number(form: Form, name: str) -> int:
    """A whole number, or -1 for anything else: outside every limit."""
    written = form.get(name)
    return int(written) if written.isdecimal() and len(written) < 6 else -1


def _read(form: Form, name: str, kind: type[Moment], problems: list[Problem]) -> Moment | None:
    written = form.get(name)
    if not written:
        return None
    try:
        moment = kind.fromisoformat(written)
    except ValueError:
        moment = None
    if (
        moment is None
        or getattr(moment, "tzinfo", None) is not None
        or not 2000 <= getattr(moment, "year", 2000) < 2101
    ):
        problems.append(Problem(name, N_("Write a day such as 2026-12-31 and an hour such as 18:00.")))
        return None
    return moment
