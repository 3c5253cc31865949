"""What is open, for machines: Atom, iCalendar, the sitemap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event

from consult.i18n import Locale, pick
from consult.portal.gathering import Opening
from consult.profile import Profile
from consult.settings import Settings
from consult.web import absolute, url


def atom(locale: Locale, settings: Settings, profile: Profile, openings: Iterable[Opening], now: datetime) -> bytes:
    """What is open as an Atom feed (RFC 4287), newest first."""
    feed = FeedGenerator()
    here = absolute(settings, url(locale, "feed.atom"))
    feed.id(here)
    feed.title(f"{locale.gettext('Open now')} – {profile.name[locale.code]}")
    feed.link(href=here, rel="self")
    feed.link(href=absolute(settings, url(locale, "open")), rel="alternate")
    feed.language(locale.code)
    newest = now
    entries = sorted(openings, key=lambda opening: opening.opened_at)
    if entries:
        newest = max(min(opening.opened_at, now) for opening in entries)
    feed.updated(newest)
    for opening in entries:
        entry = feed.add_entry()
        entry.id(f"urn:uuid:{opening.id}")
        entry.title(_words(opening.title, locale))
        entry.link(href=absolute(settings, url(locale, *opening.path)))
        entry.summary(_words(opening.summary, locale) or locale.gettext(opening.caption))
        entry.updated(min(opening.opened_at, now))
        entry.author(name=profile.name[locale.code])
    return bytes(feed.atom_str(pretty=True))


def calendar(locale: Locale, settings: Settings, profile: Profile, openings: Iterable[Opening], now: datetime) -> bytes:
    """Closing days and meetings as iCalendar (RFC 5545), in the town's time zone."""
    made = Calendar()
    made.add("prodid", "-//Consult//calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", profile.name[locale.code])
    for opening in openings:
        event = Event()
        event.add("uid", f"{opening.id}@{settings.base_url.partition('://')[2]}")
        event.add("dtstamp", now)
        title = _words(opening.title, locale)
        event.add("url", absolute(settings, url(locale, *opening.path)))
        if opening.at_time:
            event.add("summary", title)
            event.add("dtstart", locale.local(opening.when))
            event.add("dtend", locale.local(opening.until or opening.when))
            if opening.place:
                event.add("location", _words(opening.place, locale))
        else:
            event.add("summary", f"{title}: {locale.gettext(opening.note)}")
            event.add("dtstart", locale.local(opening.when).date())
        event.add("description", _words(opening.summary, locale))
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


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


def _words(text: dict[str, str], locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]
