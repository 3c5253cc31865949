"""The attendance sheet on paper: large type, a line for each party, empty lines for who comes without registration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from consult.errors import N_
from consult.forums.door.codes import spaced
from consult.forums.door.view import Line
from consult.forums.forum import Forum, ForumSession, Kind
from consult.forums.registration import NEEDS
from consult.i18n import Locale, Text, pick
from consult.profile import Profile

TEMPLATE = Path(__file__).parent.parent / "templates" / "sheet.typ"
EMPTY_LINES = 10
SHEET = N_("Attendance sheet")
FOOTER = N_("Destroy the paper once the attendance has been entered.")
BOX = "☐"


def head(locale: Locale, *, voters: bool) -> list[str]:
    labels = [N_("No."), N_("Name and surname"), N_("Code"), N_("Came (number)")]
    labels += [N_("Entitled to vote")] if voters else []
    return [locale.gettext(label) for label in (*labels, N_("Signature"))]


def document(
    forum: Forum, session: ForumSession, lines: Sequence[Line], profile: Profile, locale: Locale
) -> dict[str, Any]:
    """What sheet.typ sets: all words ready."""

    def said(words: Text) -> str:
        return pick(words, locale.code, locale.order)[0]

    voters = forum.kind is Kind.GATHERING
    hours = f"{locale.date(session.starts_at, 'full')}, {locale.time(session.starts_at)}–{locale.time(session.ends_at)}"
    return {
        "language": locale.code,
        "sender": said(profile.name),
        "title": f"{locale.gettext(SHEET)}: {said(session.title)}",
        "lines": [said(forum.title), hours, ", ".join(filter(None, map(said, (forum.venue, session.place))))],
        "footer": locale.gettext(FOOTER),
        "voters": voters,
        "head": head(locale, voters=voters),
        "rows": [_row(number, line, locale, voters) for number, line in enumerate(lines, start=1)]
        + [_empty(number, voters) for number in range(len(lines) + 1, len(lines) + EMPTY_LINES + 1)],
    }


def _row(number: int, line: Line, locale: Locale, voters: bool) -> list[str]:
    one = line.registration
    needs = [locale.gettext(NEEDS[need]) for need in one.needs if need in NEEDS]
    name = "\n".join([one.name, "; ".join(needs)]) if needs else one.name
    came = f"{BOX} / {locale.number(one.seats)}" if one.seats > 1 else BOX
    return [locale.number(number), name, spaced(line.code), came, *([BOX] if voters else []), ""]


def _empty(number: int, voters: bool) -> list[str]:
    return [str(number), "", "", BOX, *([BOX] if voters else []), ""]
