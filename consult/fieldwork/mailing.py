"""Rounds of invitations and reminders by e-mail: their words, and what is filled in for each contact. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from consult.errors import N_, Problem
from consult.i18n import Locale, Text, pick
from consult.mail.message import CONTROL

Kind = Literal["invitation", "reminder"]
PLACES = ("name", "title", "link", "closes", "sender")
PLACE = re.compile(r"\{([^{}\n]*)\}")
LONGEST_SUBJECT, LONGEST_BODY = 150, 5_000
KIND_NAMES = {"invitation": N_("Invitation"), "reminder": N_("Reminder")}
STATE_NAMES = {"running": N_("Being sent"), "stopped": N_("Stopped"), "done": N_("Sent")}
SUBJECTS = {
    "invitation": N_("We ask for your opinion: {title}"),
    "reminder": N_("Reminder: {title}"),
}
BODIES = {
    "invitation": N_(
        "Good day {name},\n\nwe ask for your opinion:\n{title}\n\nThis link is yours alone and works once:\n{link}\n\n"
        "You can answer until {closes}.\n\nWith respect,\n{sender}"
    ),
    "reminder": N_(
        "Good day {name},\n\nwe wrote to you about “{title}” and have no answer yet. Your opinion counts."
        "\n\nThis link is yours alone and works once:\n{link}\n\nYou can answer until {closes}."
        "\n\nWith respect,\n{sender}"
    ),
}
PROMISES = {
    "anonymous": N_("Your answer is kept without your name, and nothing connects it with this letter."),
    "confidential": N_("Your answer is kept apart from your name. Results never show who said what."),
    "identified": N_("Your answer is kept together with your name."),
}
WAY_OUT = N_("If you want no more such letters, open this page:")


@dataclass(frozen=True, slots=True)
class Counts:
    planned: int = 0
    queued: int = 0
    sent: int = 0
    failed: int = 0
    bounced: int = 0

    @property
    def total(self) -> int:
        return self.planned + self.queued + self.sent + self.failed + self.bounced

    @property
    def done(self) -> int:
        return self.sent + self.failed + self.bounced


@dataclass(frozen=True, slots=True)
class Mailing:
    id: UUID
    survey: UUID
    kind: Kind
    subject: Text
    body: Text
    state: str
    started_at: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class Frame:
    """How far the invitations of a survey came. answered: whose invitation is used; it says nothing of what."""

    contacts: int
    invited: int
    opted_out: int
    bounced: int
    answered: int


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands for the places in one letter."""

    name: str
    title: str
    link: str
    closes: str
    sender: str
    promise: str
    way_out: str


def default_texts(kind: str, locales: Sequence[Locale]) -> tuple[Text, Text]:
    """Subject and body as the catalogues have them."""
    return (
        {one.code: one.gettext(SUBJECTS[kind]) for one in locales},
        {one.code: one.gettext(BODIES[kind]) for one in locales},
    )


def check_texts(subject: Mapping[str, str], body: Mapping[str, str], codes: Sequence[str]) -> list[Problem]:
    """What is wrong with the words of a round; places are subject-mk, body-ka and so on."""
    problems = []
    for code in codes:
        for part, text, longest in (
            ("subject", subject.get(code, ""), LONGEST_SUBJECT),
            ("body", body.get(code, ""), LONGEST_BODY),
        ):
            place = f"{part}-{code}"
            unknown = [name for name in PLACE.findall(text) if name not in PLACES]
            if not text.strip():
                problems.append(Problem(place, N_("Write this text in every language.")))
            elif len(text) > longest:
                problems.append(Problem(place, N_("Write at most %(number)s characters."), {"number": longest}))
            elif part == "subject" and CONTROL.search(text):
                problems.append(Problem(place, N_("Write the subject in one line.")))
            elif unknown:
                problems.append(
                    Problem(place, N_("There is no place called %(name)s."), {"name": "{" + unknown[0] + "}"})
                )
            elif part == "body" and "{link}" not in text:
                problems.append(Problem(place, N_("The letter needs the link: write %(place)s."), {"place": "{link}"}))
    return problems


def filled(text: str, filling: Filling) -> str:
    """Put the contact's own things into the places; an unknown name or end takes its words along.

    Places are filled in one pass, so a name that looks like a place stays a name.
    """
    if not filling.name:
        text = re.sub(r"[ ,]*\{name\}", "", text)
    if not filling.closes:
        text = "\n\n".join(part for part in re.split(r"\n{2,}", text) if "{closes}" not in part)
    return PLACE.sub(lambda found: str(getattr(filling, found[1])) if found[1] in PLACES else found[0], text)


def subject_of(subject: Text, filling: Filling, locale: Locale) -> str:
    line = " ".join(CONTROL.sub(" ", filled(pick(subject, locale.code, locale.order)[0], filling)).split())
    return line if len(line) <= 200 else line[:199].rstrip() + "…"


def body_of(body: Text, filling: Filling, locale: Locale) -> str:
    """The whole letter; what becomes of the answer and the way out stand under every one."""
    words = filled(pick(body, locale.code, locale.order)[0].strip(), filling)
    return f"{words}\n\n-- \n{filling.promise}\n{locale.gettext(WAY_OUT)}\n{filling.way_out}\n"
