"""The weekly letter: what happened in the week behind, and what the next one brings.

It is gathered once and said in each language. A week in which nothing happened and nothing comes gives no letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.consultations.following import letters, queries
from consult.consultations.following.follower import WEEK, Follower
from consult.consultations.following.links import Links
from consult.drafts import news as draft_news
from consult.errors import N_, NN_
from consult.forums import queries as forums
from consult.forums.afterwards.minutes import PromiseState
from consult.forums.afterwards.queries import promises_between
from consult.forums.forum import State
from consult.i18n import Locale, Text, locale, pick
from consult.mail.operations import notify
from consult.portal.gathering import Opening, openings
from consult.portal.news import news
from consult.results import queries as results
from consult.storage import fetch, transaction
from consult.surveys import queries as surveys

AT_ONCE = 500
WHEN = "%(when)s"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the letter: what it is called, what is said of it, and where it stands."""

    title: Text
    path: tuple[str, ...]
    says: str | tuple[str, str] = ""
    n: int = 0
    moment: datetime | None = None
    has_hour: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    items: tuple[Item, ...]


async def gathered(monday: datetime) -> tuple[Section, ...]:
    """The sections of the letter of a Monday, without those that would be empty."""
    since, until = monday - WEEK, monday + WEEK
    live = await openings(monday)
    opened = [one for one in live if not one.at_time and since <= one.opened_at < monday]
    closing = [one for one in live if not one.at_time and one.days_left is not None and monday <= one.when < until]
    sections = (
        Section(N_("What has opened"), tuple(_open(one) for one in opened if one not in closing)),
        Section(N_("What closes this week"), tuple(_open(one) for one in closing)),
        Section(N_("Meetings in the next two weeks"), await _meetings(monday)),
        Section(N_("New texts and answers"), await _texts(since, monday)),
        Section(N_("New results"), await _results(since, monday)),
        Section(N_("Reports on consultations"), await _reports(since, monday)),
        Section(N_("Promises from meetings"), await _promises(since, monday)),
    )
    return tuple(section for section in sections if section.items)


def _open(one: Opening) -> Item:
    return Item(one.title, one.path, N_("until %(when)s") if one.days_left is not None else "", moment=one.when)


async def _meetings(monday: datetime) -> tuple[Item, ...]:
    found = [
        Item(forum.title, ("forums", forum.slug), WHEN, moment=session.starts_at, has_hour=True)
        for forum in await forums.coming(monday)
        if forum.state is not State.CANCELLED
        for session in forum.sessions
        if monday <= session.starts_at < monday + 2 * WEEK
    ]
    return tuple(sorted(found, key=lambda item: item.moment or monday))


async def _texts(since: datetime, until: datetime) -> tuple[Item, ...]:
    versions = [
        Item(one.title, ("drafts", one.slug), N_("version %(number)s"), one.number)
        for one in await draft_news.versions_between(since, until)
        if one.number > 1
    ]
    answers = [
        Item(one.title, ("drafts", one.slug), NN_("%(num)s new answer", "%(num)s new answers"), one.number)
        for one in await draft_news.answers_between(since, until)
    ]
    return (*versions, *answers)


async def _reports(since: datetime, until: datetime) -> tuple[Item, ...]:
    return tuple(Item(one.title, one.path) for one in await news(since, until) if one.path[-1] == "report")


async def _promises(since: datetime, until: datetime) -> tuple[Item, ...]:
    """Those that were kept in the week, and those whose day passed without."""
    found = await promises_between(since.date(), until.date())
    return tuple(
        Item(one.text, ("promises",), N_("kept") if one.state is PromiseState.KEPT else N_("late")) for one in found
    )


async def _results(since: datetime, until: datetime) -> tuple[Item, ...]:
    fresh = {survey for survey, at in (await results.publications()).items() if since <= at < until}
    known = await surveys.published_surveys(until) if fresh else []
    return tuple(Item(one.title, ("surveys", one.slug, "results")) for one in known if one.id in fresh)


def body(sections: Iterable[Section], spoken: Locale, links: Links) -> str:
    """The letter's middle in one language."""
    parts = []
    for section in sections:
        lines = [spoken.gettext(section.heading).rstrip(".")]
        lines.append("-" * min(len(lines[0]), 60))
        for item in section.items:
            lines += [_said(item, spoken), links.page(spoken, *item.path), ""]
        parts.append("\n".join(lines).rstrip())
    return "\n\n\n".join(parts)


def _said(item: Item, spoken: Locale) -> str:
    title = " ".join(pick(item.title, spoken.code, spoken.order)[0].split())
    if not item.says:
        return title
    when = ""
    if item.moment is not None:
        when = spoken.date(item.moment, "full")
        when += f", {spoken.time(item.moment)}" if item.has_hour else ""
    if isinstance(item.says, tuple):
        return f"{title}: {spoken.ngettext(*item.says, item.n)}"
    if item.says == WHEN:
        return f"{title}: {when}"
    return f"{title}: {spoken.gettext(item.says, when=when, number=item.n)}"


async def send(*, monday: datetime, links: Links, sender: Text, at: datetime) -> int:
    """Write the letter of a Monday to everybody who has not got it yet; gives how many were written."""
    sections = await gathered(monday)
    if not sections:
        return 0
    event = f"digest:{monday:%Y-%m-%d}"
    had = {row["recipient"] for row in await fetch("select recipient from notification where event = $1", event)}
    bodies: dict[str, str] = {}
    after: UUID | None = None
    written = 0
    while found := await queries.confirmed(None, after=after, most=AT_ONCE):
        async with transaction():
            for follower in found:
                if follower.email not in had:
                    await _write(follower, event, sections, bodies, links, sender, at)
                    written += 1
        after = found[-1].id
    return written


async def _write(
    follower: Follower,
    event: str,
    sections: Sequence[Section],
    bodies: dict[str, str],
    links: Links,
    sender: Text,
    at: datetime,
) -> None:
    spoken = locale(follower.language)
    if follower.language not in bodies:
        bodies[follower.language] = body(sections, spoken, links)
    greeting, closing = spoken.gettext(letters.GREETING), spoken.gettext(letters.CLOSING)
    signature = f"{closing}\n{pick(sender, spoken.code, spoken.order)[0]}"
    parts = [greeting, bodies[follower.language], signature, letters.way_out(follower, links, spoken)]
    await notify(
        recipient_email=follower.email,
        event=event,
        language=follower.language,
        subject=spoken.gettext(N_("Consultations, surveys and meetings this week")),
        body_text="\n\n".join(parts) + "\n",
        unsubscribe=links.following(spoken, follower.id),
        at=at,
    )
