"""Letters to who registered, in the language of the registration. Plain text, made here.

They go to an address that nobody has checked, so they repeat nothing that was typed: no name, no note.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from consult.errors import N_
from consult.forums import calendar
from consult.forums.door import codes
from consult.forums.forum import Forum, ForumSession
from consult.forums.links import Links
from consult.forums.registration import Registration, State
from consult.i18n import Locale, locale, pick
from consult.mail.message import MailAttachment
from consult.mail.operations import Notice, notify_all

LONGEST_TITLE = 120
Calendars: TypeAlias = dict[tuple[object, ...], MailAttachment]
"""Calendars that were made a moment ago: those of one batch of letters are few."""

GREETING = N_("Good day,")
CLOSING = N_("With respect,")
OFFER_STARTS = N_("A place has become free for you. It is kept for you until %(until)s.")
OFFER_ASKS = N_("Open this link and choose whether you take it. Without an answer it goes to the next on the list.")
YOUR_LINK = N_("With this link you can change or cancel your registration. Whoever has it can do so, so keep it:")
IN_CALENDAR = N_("The attached file adds the meeting to your calendar.")
STRICT_ORDER = N_("Places are given strictly in the order of registration. We write to you when one is free for you.")
SMALLER_PASS = N_(
    "Places are offered in the order of registration; a smaller group may pass one that does not fit. We write to you "
    "when one is free for you."
)
NOT_YOU = N_("If it was not you who registered, open the link and cancel.")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the making: what it is about, and the paragraphs that say so."""

    event: str
    subject: str
    paragraphs: Sequence[str]
    with_calendar: bool = False
    with_picture: bool = False


def registered(
    forum: Forum,
    party: Sequence[tuple[Registration, int | None]],
    links: Links,
    *,
    at: datetime,
    again: bool = False,
    moved: bool = False,
    calendars: Calendars | None = None,
) -> list[Notice]:
    """Confirm what a form brought: for each session a place, or a position on the waiting list.

    again: the same address registered once more. It is told what stands, at most once an hour.
    moved: the registration has this address from now on.
    """
    spoken = locale(party[0][0].language)
    has_place = [registration for registration, _ in party if registration.takes_seats]
    opening = N_("Thank you for your registration. This is what is noted for you.")
    if again:
        opening = N_("You are already registered, so nothing was added. This is what is noted for you.")
    if moved:
        opening = N_("This is now the e-mail address of your registration. This is what is noted for you.")
    subject = N_("Your registration: %(title)s") if has_place else N_("You are on the waiting list: %(title)s")
    body = [spoken.gettext(opening), _head(forum, spoken)]
    for registration, position in party:
        body.append(_state(forum, registration, position, spoken))
    if any(position for _, position in party):
        body.append(spoken.gettext(SMALLER_PASS if forum.smaller_may_pass else STRICT_ORDER))
    if has_place:
        body += [spoken.gettext(IN_CALENDAR), _entrance(links, spoken, party[0][0])]
    body += [_link(links, spoken, party[0][0], YOUR_LINK), spoken.gettext(NOT_YOU)]
    event = (
        f"forum.registered:{party[0][0].party}"
        + (f":{at:%Y%m%d%H}" if again else "")
        + (f":{at:%Y%m%d%H%M}" if moved else "")
    )
    letter = Letter(event, subject, body, bool(has_place), bool(has_place))
    return _notice(forum, [registration for registration, _ in party], letter, links, at=at, calendars=calendars)


def address_replaced(forum: Forum, before: Registration, links: Links, *, at: datetime) -> list[Notice]:
    """Tell the old address; the link stays with whoever has the new one."""
    spoken = locale(before.language)
    body = [
        spoken.gettext(N_("The e-mail address of this registration was replaced, so this is the last letter to you.")),
        _head(forum, spoken),
        spoken.gettext(N_("If it was not you who did it, call the organiser.")),
    ]
    letter = Letter(f"forum.address_replaced:{before.id}:{at:%Y%m%d%H%M}", N_("Your registration: %(title)s"), body)
    return _notice(forum, [before], letter, links, at=at)


async def offered(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    spoken = locale(registration.language)
    until = spoken.datetime(registration.offered_until or at)
    body = [
        spoken.gettext(OFFER_STARTS, until=until),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        _link(links, spoken, registration, OFFER_ASKS),
    ]
    letter = Letter(f"forum.offered:{registration.id}", N_("A place is free: %(title)s"), body)
    await _send(forum, [registration], letter, links, at=at)


async def accepted(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    spoken = locale(registration.language)
    body = [
        spoken.gettext(N_("You have taken the place. We look forward to seeing you.")),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        spoken.gettext(IN_CALENDAR),
        _entrance(links, spoken, registration),
        _link(links, spoken, registration, YOUR_LINK),
    ]
    letter = Letter(f"forum.accepted:{registration.id}", N_("Your registration: %(title)s"), body, True, True)
    await _send(forum, [registration], letter, links, at=at)


async def expired(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    said = N_("We had no answer from you in time, so the place went to the next on the waiting list.")
    await _gone(forum, registration, links, "expired", N_("The offer has ended: %(title)s"), said, at)


async def cancelled(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    said = N_("Your registration is cancelled. Thank you for telling us: somebody else can come.")
    await _gone(forum, registration, links, "cancelled", N_("Registration cancelled: %(title)s"), said, at)


async def _gone(
    forum: Forum, registration: Registration, links: Links, event: str, subject: str, said: str, at: datetime
) -> None:
    """Somebody has no place any more, and may register again."""
    spoken = locale(registration.language)
    body = [
        spoken.gettext(said),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        spoken.gettext(N_("You are welcome to register again:")) + "\n" + links.forum(spoken, forum),
    ]
    await _send(forum, [registration], Letter(f"forum.{event}:{registration.id}", subject, body), links, at=at)


async def forum_cancelled(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    spoken = locale(registration.language)
    reason = _words(forum.cancel_reason, spoken)
    body = [
        spoken.gettext(N_("We are sorry: this meeting will not take place.")),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        *([spoken.gettext(N_("The reason: %(reason)s"), reason=reason)] if reason else []),
        spoken.gettext(N_("You need not do anything. The page of the meeting:")) + "\n" + links.forum(spoken, forum),
    ]
    subject = N_("The meeting is cancelled: %(title)s")
    letter = Letter(f"forum.forum_cancelled:{registration.id}", subject, body, registration.takes_seats)
    await _send(forum, [registration], letter, links, at=at)


async def session_changed(forum: Forum, registration: Registration, links: Links, *, at: datetime) -> None:
    """Tell that the time or the place is another one now."""
    spoken = locale(registration.language)
    session = forum.session(registration.session)
    body = [
        spoken.gettext(N_("The time or the place of the meeting has changed. It is now:")),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        _link(links, spoken, registration, N_("If you cannot come, please cancel with this link:")),
    ]
    event = f"forum.session_changed:{registration.id}:{session.sequence if session else 0}"
    letter = Letter(event, N_("New time or place: %(title)s"), body, registration.takes_seats)
    await _send(forum, [registration], letter, links, at=at)


async def reminder(forum: Forum, registration: Registration, links: Links, *, hours: int, at: datetime) -> None:
    session = forum.session(registration.session)
    sequence = session.sequence if session else 0
    spoken = locale(registration.language)
    body = [
        spoken.gettext(N_("This is a reminder of the meeting for which you are registered.")),
        _head(forum, spoken),
        _when(forum, registration, spoken),
        *([access] if (access := _words(forum.access, spoken)) else []),
        *_way(forum, registration, spoken),
        _entrance(links, spoken, registration),
        _link(links, spoken, registration, N_("If you cannot come, please cancel with this link:")),
    ]
    letter = Letter(f"forum.reminder:{registration.id}:{hours}:{sequence}", N_("Reminder: %(title)s"), body)
    await _send(forum, [registration], letter, links, at=at)


async def _send(
    forum: Forum, registrations: Sequence[Registration], letter: Letter, links: Links, *, at: datetime
) -> None:
    await notify_all(_notice(forum, registrations, letter, links, at=at))


def _notice(
    forum: Forum,
    registrations: Sequence[Registration],
    letter: Letter,
    links: Links,
    *,
    at: datetime,
    calendars: Calendars | None = None,
) -> list[Notice]:
    """Who left no address gets no letter: staff telephone."""
    first = registrations[0]
    if first.email is None:
        return []
    spoken = locale(first.language)
    attachments = []
    if letter.with_calendar:
        sessions = _sessions(forum, (one for one in registrations if one.takes_seats))
        made = calendars if calendars is not None else {}
        key = (first.language, links.base_url, *(session.id for session in sessions))
        if key not in made:
            link = links.forum(spoken, forum)
            made[key] = calendar.attachment(forum, sessions, spoken, base_url=links.base_url, link=link)
        attachments = [made[key]]
    if letter.with_picture:
        attachments.append(_picture(links, first))
    signature = _words(forum.organiser, spoken)
    closing = spoken.gettext(CLOSING) + (f"\n{signature}" if signature else "")
    notice = Notice(
        recipient_email=first.email,
        event=letter.event,
        language=first.language,
        subject=spoken.gettext(letter.subject, title=_shortened(_words(forum.title, spoken))),
        body_text="\n\n".join([spoken.gettext(GREETING), *letter.paragraphs, closing]) + "\n",
        attachments=attachments,
        at=at,
    )
    return [notice]


def _sessions(forum: Forum, registrations: Iterable[Registration]) -> list[ForumSession]:
    found = (forum.session(registration.session) for registration in registrations)
    return [session for session in found if session is not None]


def _head(forum: Forum, spoken: Locale) -> str:
    texts = (forum.title, forum.venue, forum.address) if forum.is_in_one_place else (forum.title,)
    return "\n".join(line for line in (_words(text, spoken) for text in texts) if line)


def _when(forum: Forum, registration: Registration, spoken: Locale) -> str:
    """The session in a few lines: title, day and hours, venue if it is one of its own, room and places."""
    session = forum.session(registration.session)
    if session is None:
        return ""
    hours = f"{spoken.time(session.starts_at)}–{spoken.time(session.ends_at)}"
    lines = [_words(session.title, spoken), f"{spoken.date(session.starts_at, 'full')}, {hours}"]
    own = (session.venue, session.address) if session.is_elsewhere else ()
    lines += filter(None, (_words(text, spoken) for text in (*own, session.place)))
    lines.append(spoken.gettext(N_("Places: %(number)s"), number=spoken.number(registration.seats)))
    return "\n".join(lines)


def _way(forum: Forum, registration: Registration, spoken: Locale) -> list[str]:
    """How to come: transport, map, and where to follow the meeting for who stays at home."""
    session = forum.session(registration.session)
    site = forum.site_of(session) if session else forum.site
    found = [_words(site.transport or {}, spoken)]
    if site.point is not None:
        found.append(spoken.gettext(N_("The place on the map:")) + "\n" + site.point.map_url)
    if forum.stream:
        found.append(spoken.gettext(N_("You can also follow the meeting over the internet:")) + "\n" + forum.stream)
    return [one for one in found if one]


def _state(forum: Forum, registration: Registration, position: int | None, spoken: Locale) -> str:
    said = spoken.gettext(N_("You have a place."))
    if registration.state is State.OFFERED and registration.offered_until is not None:
        said = spoken.gettext(OFFER_STARTS, until=spoken.datetime(registration.offered_until))
    elif position is not None:
        said = spoken.gettext(
            N_("The places are taken. You are number %(position)s on the waiting list."),
            position=spoken.number(position),
        )
    return f"{_when(forum, registration, spoken)}\n{said}"


def _link(links: Links, spoken: Locale, registration: Registration, says: str) -> str:
    return f"{spoken.gettext(says)}\n{links.manage(spoken, registration.party)}"


def _entrance(links: Links, spoken: Locale, registration: Registration) -> str:
    code = codes.spaced(codes.code_of(links, registration.party))
    return spoken.gettext(N_("Your code for the entrance: %(code)s"), code=code)


def _picture(links: Links, registration: Registration) -> MailAttachment:
    """The code of the entrance as a picture that a camera reads."""
    address = codes.address_of(links, codes.code_of(links, registration.party), registration.language)
    return MailAttachment("entrance.png", "image/png", codes.picture_png(address))


def _words(text: dict[str, str], spoken: Locale) -> str:
    return pick(text, spoken.code, spoken.order)[0]


def _shortened(title: str) -> str:
    """A subject is one line of limited length."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"
