"""Printed letters with codes: a sheet for each household, its own language first, the others below. Pure rules."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import segno

from consult.documents.cells import harmless
from consult.errors import N_, Problem
from consult.fieldwork.contact import Contact
from consult.fieldwork.mailing import PLACE, PROMISES, Filling, filled
from consult.i18n import Locale, Text, pick
from consult.profile import Profile
from consult.surveys.survey import Survey

TEMPLATE = Path(__file__).with_name("templates") / "letters.typ"
MOST_SHEETS = 500
LONGEST = 1_500
PLACES = ("name", "title", "closes", "sender")
SALUTATION = N_("Good day {name},")
TEXT = N_(
    "We ask for your opinion. The code below belongs to your household and works once.\n\n"
    "You can answer until {closes}."
)
HEAD = (N_("Name"), N_("Address"), N_("Language"), N_("Number in your register"), N_("Code"), N_("Link"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One household's letter: to whom, with which code. contact is None for a letter without a name."""

    contact: Contact | None
    language: str
    code: str
    link: str


def default_text(locales: Sequence[Locale]) -> Text:
    """Salutation and body as the catalogues have them, in each language."""
    return {one.code: f"{one.gettext(SALUTATION)}\n\n{one.gettext(TEXT)}" for one in locales}


def check_text(text: Mapping[str, str], codes: Sequence[str]) -> list[Problem]:
    problems = []
    for code in codes:
        words = text.get(code, "")
        unknown = [name for name in PLACE.findall(words) if name not in PLACES]
        if not words.strip():
            problems.append(Problem(f"text-{code}", N_("Write this text in every language.")))
        elif len(words) > LONGEST:
            problems.append(Problem(f"text-{code}", N_("Write at most %(number)s characters."), {"number": LONGEST}))
        elif unknown:
            message = N_("There is no place called %(name)s.")
            problems.append(Problem(f"text-{code}", message, {"name": "{" + unknown[0] + "}"}))
    return problems


def households(contacts: Iterable[Contact]) -> list[Contact]:
    """Those who get a sheet: the first contact of each household, with an address."""
    seen: set[str] = set()
    chosen = []
    for one in contacts:
        if not one.address or one.has_opted_out:
            continue
        if one.household is not None:
            if one.household in seen:
                continue
            seen.add(one.household)
        chosen.append(one)
    return chosen


def document(
    sheets: Sequence[Sheet], text: Text, survey: Survey, profile: Profile, locales: Mapping[str, Locale], *,
    mode: str, short: str, day: date,
) -> dict[str, Any]:  # fmt: skip
    """What letters.typ sets: all words ready, in the order in which each household reads them."""
    first = next(iter(locales))
    return {
        "brand": profile.colours.brand,
        "title": pick(survey.title, first, tuple(locales))[0],
        "sender": pick(profile.name, first, tuple(locales))[0],
        "language": first,
        "address": short,
        "letters": [_letter(one, text, survey, profile, locales, mode, day) for one in sheets],
    }


def _letter(
    sheet: Sheet, text: Text, survey: Survey, profile: Profile, locales: Mapping[str, Locale], mode: str, day: date
) -> dict[str, Any]:
    order = [sheet.language, *(code for code in locales if code != sheet.language)]
    name = sheet.contact.name if sheet.contact else ""
    lines = sheet.contact.address.split("\n") if sheet.contact else []
    return {
        "address": [line for line in (name, *lines) if line],
        "reference": (sheet.contact.external_id if sheet.contact else None) or "",
        "code": sheet.code,
        "qr": picture(sheet.link),
        "texts": [_texts(locales[code], name, text, survey, profile, mode, day) for code in order],
    }


def _texts(
    spoken: Locale, name: str, text: Text, survey: Survey, profile: Profile, mode: str, day: date
) -> dict[str, Any]:
    def said(words: Text) -> str:
        return pick(words, spoken.code, spoken.order)[0]

    filling = Filling(
        name=name, title=said(survey.title), link="", sender=said(profile.name), promise="", way_out="",
        closes=spoken.deadline(survey.closes_at) if survey.closes_at else "",
    )  # fmt: skip
    paragraphs = [part.strip() for part in filled(said(text), filling).split("\n\n") if part.strip()]
    return {
        "language": spoken.code,
        "sender": said(profile.name),
        "contact": f"{said(profile.contact.department)} · {profile.contact.phone} · {profile.contact.email}",
        "return_address": f"{said(profile.name)} · {said(profile.contact.address)}",
        "date": spoken.date(day),
        "title": said(survey.title),
        "body": paragraphs,
        "address_label": spoken.gettext(N_("Open this address")),
        "code_label": spoken.gettext(N_("Your code")),
        "qr_alt": spoken.gettext(N_("QR code that opens the survey with your code")),
        "privacy": spoken.gettext(PROMISES[mode]),
    }


def picture(link: str) -> str:
    """A link as a QR code, in SVG."""
    drawn = BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return drawn.getvalue().decode()


def as_csv(sheets: Sequence[Sheet], locale: Locale) -> bytes:
    """The print list for a printing house; no cell can become a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([locale.gettext(head) for head in HEAD])
    for one in sheets:
        contact = one.contact
        cells = (
            contact.name if contact else "", contact.address.replace("\n", ", ") if contact else "", one.language,
            (contact.external_id if contact else None) or "", one.code, one.link,
        )  # fmt: skip
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
