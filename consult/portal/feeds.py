"""What is open, for machines: Atom, iCalendar, the sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event

from consult.i18n import Locale, Text, pick
from consult.portal.dates import Dated
from consult.portal.gathering import Opening
from consult.portal.news import News
from consult.profile import Profile
from consult.settings import Settings
from consult.web import absolute, url

Entry = tuple[datetime, str, str, tuple[str, ...], str]
AROUND = timedelta(days=400)  # of the zone's past and future, only so much is written down


def atom(
    locale: Locale,
    settings: Settings,
    profile: Profile,
    openings: Iterable[Opening],
    fresh: Sequence[News],
    now: datetime,
) -> bytes:
    """What is open and what was published lately as an Atom feed (RFC 4287), newest first."""
    feed = FeedGenerator()
    here = absolute(settings, url(locale, "feed.atom"))
    feed.id(here)
    feed.title(f"{locale.gettext('Open now')} – {profile.name[locale.code]}")
    feed.link(href=here, rel="self")
    feed.link(href=absolute(settings, url(locale, "open")), rel="alternate")
    feed.language(locale.code)
    entries = [_of_opening(one, locale, now) for one in openings] + [_of_news(one, locale) for one in fresh]
    feed.updated(max((at for at, *_ in entries), default=now))
    for at, name, title, path, summary in sorted(entries, key=lambda one: (one[0], one[1])):
        entry = feed.add_entry()
        entry.id(f"urn:uuid:{name}")
        entry.title(title)
        entry.link(href=absolute(settings, url(locale, *path)))
        entry.summary(summary)
        entry.updated(at)
        entry.author(name=profile.name[locale.code])
    return bytes(feed.atom_str(pretty=True))


def _of_opening(one: Opening, locale: Locale, now: datetime) -> Entry:
    summary = words(one.summary, locale) or locale.gettext(one.caption)
    return min(one.opened_at, now), str(one.id), words(one.title, locale), one.path, summary


def _of_news(one: News, locale: Locale) -> Entry:
    says = locale.gettext(one.says, number=one.number)
    title = f"{words(one.title, locale)}: {says}"
    return one.at, str(one.id), title, one.path, words(one.reason, locale) or title


def calendar(locale: Locale, settings: Settings, name: str, found: Iterable[Dated]) -> bytes:
    """Days and meetings as iCalendar (RFC 5545), in the town's time zone; the same state gives the same bytes."""
    made = Calendar()
    made.add("prodid", "-//Consult//calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", " ".join(name.split()))  # the library folds no line end in it
    host = urlsplit(settings.base_url).hostname or "localhost"
    days = []
    for one in found:
        made.add_component(_event(one, locale, settings, host))
        days.append(locale.local(one.when).date())
    if days:
        made.add_missing_timezones(min(days) - AROUND, max(days) + AROUND)
    return bytes(made.to_ical())


def _event(one: Dated, locale: Locale, settings: Settings, host: str) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@{host}")
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    title = words(one.title, locale)
    if one.ends_at is not None:
        event.add("summary", title)
        event.add("dtstart", locale.local(one.when))
        event.add("dtend", locale.local(one.ends_at))
    else:
        event.add("summary", f"{title}: {locale.gettext(one.note)}")
        event.add("dtstart", locale.local(one.when).date())
        event.add("transp", "TRANSPARENT")
    if one.places:
        event.add("location", ", ".join(words(place, locale) for place in one.places))
    event.add("description", words(one.summary, locale))
    event.add("url", absolute(settings, url(locale, *one.path)))
    return event


def sitemap(settings: Settings, languages: Iterable[str], paths: Iterable[tuple[str, ...]]) -> bytes:
    """Every public page in every language, with its other languages beside it (sitemaps.org, xhtml:link)."""
    codes = list(languages)
    rows = []
    for parts in paths:
        below = "/".join(parts)
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(absolute(settings, f"/{code}/{below}"))}/>'
            for code in codes
        )
        rows += [f"<url><loc>{escape(absolute(settings, f'/{code}/{below}'))}</loc>{others}</url>" for code in codes]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return (f'{head} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(rows) + "\n</urlset>\n").encode()


def words(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]
