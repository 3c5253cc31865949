"""The staff form of a forum: its fields read into content, and a record put back into fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.errors import N_, Problem
from consult.forums.forum import MOST_SESSIONS, OFFER_HOURS, Forum, ForumContent, ForumSession, SessionContent
from consult.i18n import Text, languages
from consult.web import Form

TEXTS = ("title", "summary", "agenda", "venue", "address", "access", "organiser", "transport")
SESSION_TEXTS = ("title", "speakers", "place", "venue", "address", "transport")
YEARS = range(2000, 2101)
Moment = TypeVar("Moment", date, datetime, time)


def text_of(form: Form, place: str) -> Text:
    """The languages of one text: field title-mk is the Macedonian title."""
    written = {language: form.get(f"{place}-{language}") for language in languages()}
    return {language: words for language, words in written.items() if words}


def content_of(
    form: Form, settlements: Mapping[str, Text] = MappingProxyType({})
) -> tuple[ForumContent, list[Problem]]:
    """Read the form; what is no date, hour or number is a problem of its own.

    A session in a settlement that has no title of its own bears the settlement's name.
    """
    problems: list[Problem] = []
    consultation = id_of(form.get("consultation"))
    if form.get("consultation") and consultation is None:
        problems.append(Problem("consultation", N_("Choose a consultation from the list.")))
    opens = _read(form, "opens", datetime, problems)
    closes = _read(form, "closes", datetime, problems)
    content = ForumContent(
        slug=form.get("slug"),
        kind=form.get("kind"),
        title=text_of(form, "title"),
        summary=text_of(form, "summary"),
        agenda=text_of(form, "agenda"),
        venue=text_of(form, "venue"),
        address=text_of(form, "address"),
        access=text_of(form, "access"),
        organiser=text_of(form, "organiser"),
        consultation=consultation,
        opens=opens,
        closes=closes,
        point=form.get("point"),
        facts=tuple(form.list("facts")),
        transport=text_of(form, "transport"),
        stream=form.get("stream"),
        spoken=tuple(form.list("spoken")),
        interpreted=tuple(form.list("interpreted")),
        smaller_may_pass=form.get("party_rule") == "smaller",
        one_session=form.get("choice") == "one",
        offer_hours=number_of(form.get("offer_hours") or str(OFFER_HOURS)) or 0,
        remind_before=tuple(number_of(hours) or 0 for hours in form.list("remind_before")),
    )
    return replace(content, sessions=tuple(_sessions(form, settlements, problems))), problems


def _sessions(form: Form, settlements: Mapping[str, Text], problems: list[Problem]) -> Iterator[SessionContent]:
    for number in range(1, session_count(form) + 1):
        place = f"session-{number}"
        if form.flag(f"{place}-remove") or not any(form.get(name) for name in form if name.startswith(f"{place}-")):
            continue
        settlement = form.get(f"{place}-settlement")
        yield SessionContent(
            id=id_of(form.get(f"{place}-id")),
            day=_read(form, f"{place}-day", date, problems),
            starts=_read(form, f"{place}-starts", time, problems),
            ends=_read(form, f"{place}-ends", time, problems),
            title=text_of(form, f"{place}-title") or dict(settlements.get(settlement, {})),
            speakers=text_of(form, f"{place}-speakers"),
            place=text_of(form, f"{place}-place"),
            capacity=number_of(form.get(f"{place}-capacity")),
            settlement=settlement if settlement in settlements else "",
            venue=text_of(form, f"{place}-venue"),
            address=text_of(form, f"{place}-address"),
            point=form.get(f"{place}-point"),
            facts=tuple(form.list(f"{place}-facts")),
            transport=text_of(form, f"{place}-transport"),
        )


def session_count(form: Form) -> int:
    """How many sessions the form has fields for; at least one."""
    return max((n for n in range(1, MOST_SESSIONS + 1) if f"session-{n}-day" in form), default=1)


def with_another(form: Form) -> Form:
    """The same form with the fields of one more session, which takes the day and the room of the last."""
    last, number = session_count(form), min(session_count(form) + 1, MOST_SESSIONS)
    fields = {f"session-{number}-day": [form.get(f"session-{last}-day")]}
    for language in languages():
        fields[f"session-{number}-place-{language}"] = [form.get(f"session-{last}-place-{language}")]
    return Form({**fields, **form.values})


def form_of(forum: Forum, zone: ZoneInfo) -> Form:
    fields = {
        "slug": [forum.slug],
        "kind": [forum.kind.value],
        "consultation": [str(forum.consultation or "")],
        "opens": [_local(forum.opens_at, zone)],
        "closes": [_local(forum.closes_at, zone)],
        "stream": [forum.stream],
        "spoken": list(forum.spoken),
        "interpreted": list(forum.interpreted),
        "party_rule": ["smaller" if forum.smaller_may_pass else "strict"],
        "choice": ["one" if forum.one_session else "several"],
        "offer_hours": [str(forum.offer_hours)],
        "remind_before": [str(hours) for hours in forum.remind_before],
        "point": [forum.point.written if forum.point else ""],
        "facts": list(forum.facts),
    }
    for place in TEXTS:
        fields |= {f"{place}-{language}": [words] for language, words in getattr(forum, place).items()}
    for number, session in enumerate(forum.sessions, start=1):
        fields |= _session_fields(f"session-{number}", session, zone)
    return Form(fields)


def _session_fields(place: str, session: ForumSession, zone: ZoneInfo) -> dict[str, list[str]]:
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    fields = {
        f"{place}-id": [str(session.id)],
        f"{place}-day": [starts.date().isoformat()],
        f"{place}-starts": [f"{starts:%H:%M}"],
        f"{place}-ends": [f"{ends:%H:%M}"],
        f"{place}-capacity": [str(session.limit)],
        f"{place}-settlement": [session.settlement],
        f"{place}-point": [session.point.written if session.point else ""],
        f"{place}-facts": list(session.facts),
    }
    for name in SESSION_TEXTS:
        fields |= {f"{place}-{name}-{language}": [words] for language, words in getattr(session, name).items()}
    return fields


def number_of(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None


def _read(form: Form, name: str, kind: type[Moment], problems: list[Problem]) -> Moment | None:
    """Read a local day, hour or both, as browsers write them."""
    written = form.get(name)
    if not written:
        return None
    try:
        moment = kind.fromisoformat(written)
    except ValueError:
        moment = None
    has_zone = getattr(moment, "tzinfo", None) is not None
    if moment is None or has_zone or getattr(moment, "year", 2000) not in YEARS:
        problems.append(Problem(name, N_("Write a day such as 2026-12-31 and an hour such as 18:00.")))
        return None
    return moment


def id_of(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
