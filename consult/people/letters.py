"""The mails that accounts cause, in the reader's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from consult.errors import N_
from consult.i18n import Locale, Text, languages, locale, pick


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose letters these are: the address of the pages, and the municipality's name."""

    base_url: str
    town: Text


def invitation(spoken: Locale, here: Letterhead, *, name: str, inviter: str, link: str, until: dt.datetime) -> Letter:
    _ = spoken.gettext
    town = _town(spoken, here)
    return _letter(
        _("%(town)s: your account for consultations", town=town),
        _("Hello %(name)s,", name=name),
        _(
            "%(inviter)s has made an account for you on the consultation platform of %(town)s.",
            inviter=inviter,
            town=town,
        ),
        _("Choose your password here:"),
        link,
        _(
            "The link works once, until %(until)s. If you did not expect this message, you need not do anything.",
            until=spoken.datetime(until),
        ),
    )


def reset(spoken: Locale, here: Letterhead, *, name: str, link: str, until: dt.datetime) -> Letter:
    _ = spoken.gettext
    town = _town(spoken, here)
    return _letter(
        _("%(town)s: choose a new password", town=town),
        _("Hello %(name)s,", name=name),
        _("Somebody asked for a new password for your account. If it was you, choose it here:"),
        link,
        _(
            "The link works once, until %(until)s. If it was not you, ignore this message: nothing has changed.",
            until=spoken.datetime(until),
        ),
    )


def password_changed(spoken: Locale, here: Letterhead, *, name: str, at: dt.datetime) -> Letter:
    _ = spoken.gettext
    town = _town(spoken, here)
    return _letter(
        _("%(town)s: your password was changed", town=town),
        _("Hello %(name)s,", name=name),
        _(
            "The password of your account was changed on %(at)s, and all other devices were signed out.",
            at=spoken.datetime(at),
        ),
        _("If it was not you, tell your administrator at once."),
    )


FactorNews = Literal["set", "removed", "reset", "recovery", "parted"]
FACTOR_NEWS: dict[FactorNews, str] = {
    "set": N_("On %(at)s a second factor was set up for your account. From now on signing in asks for its code."),
    "removed": N_("On %(at)s you removed the second factor of your account, and all other devices were signed out."),
    "reset": N_(
        "On %(at)s an administrator reset the second factor of your account, and you were signed out everywhere. "
        "Your password is the same."
    ),
    "parted": N_(
        "On %(at)s an administrator separated your account from the one at the sign-in service, and you were signed "
        "out everywhere. Your next sign-in through that service joins them again."
    ),
    "recovery": N_("On %(at)s somebody signed in to your account with a recovery code. That code is used up now."),
}


def second_factor(spoken: Locale, here: Letterhead, *, name: str, what: FactorNews, at: dt.datetime) -> Letter:
    _ = spoken.gettext
    town = _town(spoken, here)
    return _letter(
        _("%(town)s: the sign-in to your account", town=town)
        if what == "parted"
        else _("%(town)s: the second factor of your account", town=town),
        _("Hello %(name)s,", name=name),
        _(FACTOR_NEWS[what], at=spoken.datetime(at)),
        _("If it was not you, tell your administrator at once."),
    )


def new_place(
    spoken: Locale, here: Letterhead, *, name: str, device: str, is_new_browser: bool, at: dt.datetime
) -> Letter:
    _ = spoken.gettext
    what = {"at": spoken.datetime(at), "device": device or _("an unknown browser")}
    if is_new_browser:
        told = _(
            "On %(at)s somebody signed in to your account with a browser that was not used for it before: %(device)s.",
            **what,
        )
    else:
        told = _(
            "On %(at)s somebody signed in to your account from a network that was not used for it before: %(device)s.",
            **what,
        )
    return _letter(
        _("%(town)s: a new sign-in to your account", town=_town(spoken, here)),
        _("Hello %(name)s,", name=name),
        told,
        _("If it was you, you need not do anything."),
        _("If it was not you, choose a new password at once, which signs out everybody, and tell your administrator:"),
        _forgotten(spoken, here),
    )


def wrong_codes(spoken: Locale, here: Letterhead, *, name: str, at: dt.datetime) -> Letter:
    _ = spoken.gettext
    return _letter(
        _("%(town)s: wrong codes for your account", town=_town(spoken, here)),
        _("Hello %(name)s,", name=name),
        _(
            "Up to %(at)s somebody gave the right password of your account and then several wrong codes. The account "
            "did not open.",
            at=spoken.datetime(at),
        ),
        _("If it was you, try again with the code that your app shows now, or with a recovery code."),
        _("If it was not you, somebody knows your password. Choose a new one at once and tell your administrator:"),
        _forgotten(spoken, here),
    )


def siege(spoken: Locale, here: Letterhead, *, name: str, at: dt.datetime) -> Letter:
    _ = spoken.gettext
    return _letter(
        _("%(town)s: somebody tries passwords on your account", town=_town(spoken, here)),
        _("Hello %(name)s,", name=name),
        _(
            "Up to %(at)s very many wrong passwords were tried on your account. It did not open, and the platform "
            "slows such tries down.",
            at=spoken.datetime(at),
        ),
        _(
            "With a browser that you signed in with before, you can sign in as always. With another one, choose a new "
            "password first; then it lets you in too:"
        ),
        _forgotten(spoken, here),
        _("Tell your administrator. This message comes once a day at most."),
    )


def _town(spoken: Locale, here: Letterhead) -> str:
    return pick(here.town, spoken.code, spoken.order)[0]


def _forgotten(spoken: Locale, here: Letterhead) -> str:
    return f"{here.base_url}/staff/{spoken.code}/forgotten-password"


def language_for(code: str) -> Locale:
    """The person's language, or the first one where theirs is no longer offered."""
    return locale(code if code in languages() else languages()[0])


def _letter(subject: str, *paragraphs: str) -> Letter:
    return Letter(" ".join(subject.split()), "\n\n".join(paragraphs) + "\n")
