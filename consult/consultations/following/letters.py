"""Letters to followers, in the language they asked in. Plain text, made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from consult.consultations.consultation import Consultation
from consult.consultations.following.follower import NOTICES, Follower
from consult.consultations.following.links import Links
from consult.errors import N_
from consult.i18n import Locale, Text, locale, pick
from consult.mail.operations import notify

LONGEST_TITLE = 120
GREETING = N_("Good day,")
CLOSING = N_("With respect,")
Value = str | int | Text


async def please_confirm(
    follower: Follower, consultation: Consultation | None, links: Links, sender: Text, *, at: datetime
) -> None:
    """Ask whether the owner of the address wants it; at most once an hour, however often a form is sent."""
    spoken = locale(follower.language)
    if consultation is None:
        subject = spoken.gettext(N_("Please confirm: news once a week"))
        wish = spoken.gettext(
            N_("Somebody asked us to send news of consultations, surveys and meetings to this address once a week.")
        )
    else:
        subject = spoken.gettext(N_("Please confirm: news of %(title)s"), title=_title(consultation.title, spoken))
        wish = spoken.gettext(
            N_("Somebody asked us to tell this address when something changes in the consultation “%(title)s”."),
            title=_title(consultation.title, spoken),
        )
    asks = spoken.gettext(N_("If it was you, open this link and confirm:"))
    otherwise = spoken.gettext(N_("If it was not you, do nothing: you will get no further letter."))
    body = [wish, f"{asks}\n{links.following(spoken, follower.id)}", otherwise]
    await _send(follower, f"follower.confirm:{follower.id}:{at:%Y%m%d%H}", subject, body, sender, at=at)


async def stands_already(follower: Follower, links: Links, sender: Text, *, at: datetime) -> None:
    """Whoever asks again is told so by letter: the page must not tell strangers who follows."""
    spoken = locale(follower.language)
    says = spoken.gettext(N_("You already get this news, so nothing was changed."))
    ends = spoken.gettext(N_("With this link you can end it:"))
    body = [says, f"{ends}\n{links.following(spoken, follower.id)}"]
    subject = spoken.gettext(N_("You already get this news"))
    await _send(follower, f"follower.again:{follower.id}:{at:%Y%m%d}", subject, body, sender, at=at)


async def told(
    follower: Follower,
    consultation: Consultation,
    *,
    notice: str,
    event: str,
    values: Mapping[str, Value],
    path: Sequence[str],
    links: Links,
    sender: Text,
    at: datetime,
) -> None:
    """One notice about a consultation, with the way to it and the way out."""
    spoken = locale(follower.language)
    kind = NOTICES[notice]
    said = {name: _said(value, spoken) for name, value in values.items()} | {
        "title": _title(consultation.title, spoken)
    }
    body = [f"{_title(consultation.title, spoken)}"]
    body += [spoken.gettext(words, **said) for words in kind.says if "%(reason)s" not in words or said.get("reason")]
    body.append(links.page(spoken, *path))
    body.append(way_out(follower, links, spoken))
    subject = spoken.gettext(kind.subject, **said)
    await _send(follower, event, subject, body, sender, at=at, unsubscribe=links.following(spoken, follower.id))


def way_out(follower: Follower, links: Links, spoken: Locale) -> str:
    says = spoken.gettext(N_("You get this letter because you asked for it. With this link you can end it:"))
    return f"{says}\n{links.following(spoken, follower.id)}"


async def _send(
    follower: Follower,
    event: str,
    subject: str,
    paragraphs: Sequence[str],
    sender: Text,
    *,
    at: datetime,
    unsubscribe: str | None = None,
) -> None:
    spoken = locale(follower.language)
    closing = spoken.gettext(CLOSING) + "\n" + pick(sender, spoken.code, spoken.order)[0]
    await notify(
        recipient_email=follower.email,
        event=event,
        language=follower.language,
        subject=subject,
        body_text="\n\n".join([spoken.gettext(GREETING), *paragraphs, closing]) + "\n",
        unsubscribe=unsubscribe,
        at=at,
    )


def _title(title: Text, spoken: Locale) -> str:
    line = " ".join(pick(title, spoken.code, spoken.order)[0].split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _said(value: Value, spoken: Locale) -> str:
    """A text in the reader's language, a number, or a day that is written as 2026-11-22."""
    if isinstance(value, dict):
        return pick(value, spoken.code, spoken.order)[0]
    if isinstance(value, int):
        return spoken.number(value)
    try:
        return spoken.date(date.fromisoformat(value))
    except ValueError:
        return value
