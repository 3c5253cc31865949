"""Letters about appointments, in the language of the request. They repeat nothing that was typed but our own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.errors import N_
from consult.forums import calendar
from consult.forums.forum import Forum, ForumSession
from consult.forums.letters import CLOSING, GREETING
from consult.forums.links import Links
from consult.forums.slots import links as addresses
from consult.forums.slots.allocation import Rule
from consult.forums.slots.slot import RULE_WORDS, TIE_WORDS, Slot, SlotRequest, Terms
from consult.i18n import Locale, locale, pick
from consult.mail.message import MailAttachment
from consult.mail.operations import notify

LONGEST_TITLE = 120
YOUR_LINK = N_(
    "With this link you see how your request stands, and can cancel it. Whoever has it can do so, so keep it:"
)
YOUR_NUMBER = N_("Your request has number %(number)s.")


@dataclass(frozen=True, slots=True)
class About:
    """What every letter needs."""

    forum: Forum
    terms: Terms
    links: Links
    at: datetime


async def noted(about: About, request: SlotRequest, *, again: bool = False) -> None:
    """Confirm a request. again: the same address asked once more, at most one letter an hour."""
    spoken = locale(request.language)
    opening = N_("We have noted your request for an appointment.")
    if again:
        opening = N_("You had already asked for an appointment, so nothing was added. Your earlier request stands.")
    until = spoken.gettext(
        N_("Requests close on %(moment)s. Then we write to everybody."), moment=spoken.deadline(about.terms.closes_at)
    )
    body = [
        spoken.gettext(opening) + "\n" + spoken.gettext(YOUR_NUMBER, number=str(request.number)),
        _rule(about.terms, spoken),
        *([] if about.terms.gives_at_once else [until]),
    ]
    event = f"noted:{about.at:%Y%m%d%H}" if again else "noted"
    await _send(about, request, event, N_("Your request for an appointment: %(title)s"), body)


async def given(about: About, request: SlotRequest, slot: Slot) -> None:
    spoken = locale(request.language)
    body = [
        spoken.gettext(N_("You have an appointment:")) + "\n" + when(about.forum, slot, spoken),
        spoken.gettext(N_("If you cannot come, please cancel with the link below: somebody else is waiting.")),
    ]
    event = f"given:{slot.id}:{about.at:%Y%m%d%H%M}"
    await _send(about, request, event, N_("Your appointment: %(title)s"), body, slot)


async def waiting(about: About, request: SlotRequest, position: int) -> None:
    spoken = locale(request.language)
    body = [
        spoken.gettext(N_("All times have gone to requests that come before yours.")),
        spoken.gettext(
            N_("You are number %(position)s on the waiting list. When a time becomes free for you, we write to you."),
            position=spoken.number(position),
        ),
    ]
    if about.terms.public_seed:
        body.append(spoken.gettext(N_("Anybody can repeat the draw:")) + "\n" + _page(about, spoken) + "/draw")
    await _send(about, request, "waiting", N_("No appointment yet: %(title)s"), body)


async def slot_cancelled(about: About, request: SlotRequest, slot: Slot) -> None:
    spoken = locale(request.language)
    body = [
        spoken.gettext(N_("We are sorry: this appointment cannot take place."))
        + "\n"
        + when(about.forum, slot, spoken),
        spoken.gettext(N_("Your request keeps its place, and we write to you as soon as there is another time.")),
    ]
    await _send(about, request, f"slot_cancelled:{slot.id}", N_("Appointment called off: %(title)s"), body)


async def answered(about: About, request: SlotRequest) -> None:
    """The prior answer in writing; the resident decides whether it is enough."""
    spoken = locale(request.language)
    body = [
        spoken.gettext(N_("We can answer your request already now, in writing:")),
        request.answer,
        spoken.gettext(N_("If that is enough for you, open the link and say so: the time goes to somebody else.")),
        spoken.gettext(N_("If you want to talk about it in person, you need not do anything: your request stands.")),
    ]
    event = f"answered:{about.at:%Y%m%d%H%M}"
    await _send(about, request, event, N_("An answer to your request: %(title)s"), body)


async def ended(about: About, request: SlotRequest, *, is_settled: bool) -> None:
    spoken = locale(request.language)
    said = N_("Your request is cancelled. Thank you for telling us: somebody else can come.")
    if is_settled:
        said = N_("Thank you. Your request is settled by the answer in writing.")
    body = [
        spoken.gettext(said),
        spoken.gettext(N_("You are welcome to ask again another time:")) + "\n" + _page(about, spoken),
    ]
    await _send(about, request, "ended", N_("Your request for an appointment: %(title)s"), body, with_link=False)


async def unheard(about: About, request: SlotRequest) -> None:
    spoken = locale(request.language)
    body = [
        spoken.gettext(N_("We are sorry: no time became free for your request.")),
        spoken.gettext(N_("You can ask your question in writing, or ask for an appointment at the next meeting:"))
        + "\n"
        + about.links.forum(spoken, about.forum),
    ]
    await _send(about, request, "unheard", N_("No appointment: %(title)s"), body, with_link=False)


async def called_off(about: About, request: SlotRequest) -> None:
    spoken = locale(request.language)
    reason = pick(about.forum.cancel_reason, spoken.code, spoken.order)[0]
    body = [
        spoken.gettext(N_("We are sorry: this meeting will not take place.")),
        *([spoken.gettext(N_("The reason: %(reason)s"), reason=reason)] if reason else []),
        spoken.gettext(N_("You need not do anything. The page of the meeting:"))
        + "\n"
        + about.links.forum(spoken, about.forum),
    ]
    subject = N_("The meeting is cancelled: %(title)s")
    await _send(about, request, "called_off", subject, body, with_link=False)


def when(forum: Forum, slot: Slot, spoken: Locale) -> str:
    """Day and hours, with whom, where."""
    hours = f"{spoken.time(slot.starts_at)}–{spoken.time(slot.ends_at)}"
    lines = [
        f"{spoken.date(slot.starts_at, 'full')}, {hours}",
        ", ".join(_said(slot.official_name, slot.official_office, spoken=spoken)),
        ", ".join(_said(slot.place, forum.venue, forum.address, spoken=spoken)),
    ]
    return "\n".join(line for line in lines if line)


def _said(*texts: dict[str, str], spoken: Locale) -> list[str]:
    words = (pick(text, spoken.code, spoken.order)[0] for text in texts)
    return [one for one in words if one]


def _rule(terms: Terms, spoken: Locale) -> str:
    said = spoken.gettext(RULE_WORDS[terms.rule])
    return f"{said} {spoken.gettext(TIE_WORDS[terms.tie])}" if terms.rule is Rule.NEVER_HEARD else said


def _page(about: About, spoken: Locale) -> str:
    return f"{about.links.forum(spoken, about.forum)}/appointments"


async def _send(
    about: About,
    request: SlotRequest,
    event: str,
    subject: str,
    paragraphs: Sequence[str],
    slot: Slot | None = None,
    *,
    with_link: bool = True,
) -> None:
    """Who left no address gets no letter: staff telephone."""
    if not request.email:
        return
    spoken = locale(request.language)
    title = " ".join(pick(about.forum.title, spoken.code, spoken.order)[0].split())
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    signature = pick(about.forum.organiser, spoken.code, spoken.order)[0]
    closing = spoken.gettext(CLOSING) + (f"\n{signature}" if signature else "")
    link = [spoken.gettext(YOUR_LINK) + "\n" + addresses.manage(about.links, spoken, request.id)] if with_link else []
    await notify(
        recipient_email=request.email,
        event=f"slot.{event}:{request.id}",
        language=request.language,
        subject=spoken.gettext(subject, title=title),
        body_text="\n\n".join([spoken.gettext(GREETING), title, *paragraphs, *link, closing]) + "\n",
        attachments=[_calendar(about, slot, spoken)] if slot else [],
        at=about.at,
    )


def _calendar(about: About, slot: Slot, spoken: Locale) -> MailAttachment:
    sitting = ForumSession(
        id=slot.id, forum=slot.forum, starts_at=slot.starts_at, ends_at=slot.ends_at, title=slot.official_name,
        speakers={}, place=slot.place, capacity=slot.capacity, wished_capacity=None, seats_taken=slot.taken,
        waiting=0, sequence=0,
    )  # fmt: skip
    link = about.links.forum(spoken, about.forum)
    return calendar.attachment(about.forum, [sitting], spoken, base_url=about.links.base_url, link=link)
