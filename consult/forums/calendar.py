"""Sessions as iCalendar (RFC 5545), in the town's local time with its rules of summer time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from consult.forums.forum import Forum, ForumSession, State
from consult.i18n import Locale, pick
from consult.mail.message import MailAttachment

MEDIA_TYPE = "text/calendar; charset=utf-8"
AROUND = timedelta(days=400)  # of the zone's past and future, only so much is written down


def calendar(forum: Forum, sessions: Iterable[ForumSession], locale: Locale, *, base_url: str, link: str) -> bytes:
    """The sessions as one calendar. UIDs stay the same in every language and after every change."""
    made = Calendar()
    made.add("prodid", "-//Consult//Public forums//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    days = []
    for session in sessions:
        made.add_component(_event(forum, session, locale, base_url=base_url, link=link))
        days.append(session.starts_at.date())
    if days:
        made.add_missing_timezones(min(days) - AROUND, max(days) + AROUND)
    return bytes(made.to_ical())


def attachment(
    forum: Forum, sessions: Iterable[ForumSession], locale: Locale, *, base_url: str, link: str
) -> MailAttachment:
    content = calendar(forum, sessions, locale, base_url=base_url, link=link)
    return MailAttachment(name=f"{forum.slug}.ics", content_type="text/calendar", content=content)


def _event(forum: Forum, session: ForumSession, locale: Locale, *, base_url: str, link: str) -> Event:
    cancelled = forum.state is State.CANCELLED
    event = Event()
    event.add("uid", f"{session.id}@{urlsplit(base_url).hostname or 'localhost'}")
    event.add("sequence", session.sequence + cancelled)
    # The moment of publishing, so that the same state always gives the same bytes.
    event.add("dtstamp", forum.published_at or datetime(2000, 1, 1, tzinfo=UTC))
    event.add("dtstart", locale.local(session.starts_at))
    event.add("dtend", locale.local(session.ends_at))
    event.add("summary", f"{_words(forum.title, locale)}: {_words(session.title, locale)}")
    event.add("description", "\n\n".join(filter(None, [_words(forum.summary, locale), link])))
    site = forum.site_of(session)
    places = [_words(text, locale) for text in (session.place, site.name, site.address)]
    event.add("location", ", ".join(place for place in places if place))
    if site.point is not None:
        event.add("geo", (site.point.latitude, site.point.longitude))
    event.add("url", link)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _words(text: dict[str, str], locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]
