"""What a consultation still lacks before people can take part in it, in the order in which staff mend it. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.consultations.consultation import Consultation
from consult.drafts.draft import Draft
from consult.errors import N_
from consult.forums.forum import Forum
from consult.i18n import Text
from consult.surveys.survey import State, Survey

PARTS = {
    "title": N_("Title"),
    "summary": N_("Summary"),
    "plain_words": N_("In plain words"),
    "legal_basis": N_("Legal basis"),
    "contact": N_("Who answers questions"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """says is a msgid with %(what)s; what is a msgid for a part of the consultation, title names another thing.

    languages are those in which it is missing; is_needed is what publishing refuses without.
    """

    says: str
    part: str = ""
    title: Text | None = None
    languages: tuple[str, ...] = ()
    is_needed: bool = False


def lacks(
    found: Consultation,
    drafts: Sequence[Draft],
    surveys: Sequence[Survey],
    forums: Sequence[Forum],
    offered: Collection[str],
    now: datetime,
) -> tuple[Lack, ...]:
    return (*_of_itself(found, offered), *_of_contents(drafts, surveys, forums, offered, now))


def _of_itself(found: Consultation, offered: Collection[str]) -> Iterator[Lack]:
    if found.opens_at is None or found.closes_at is None:
        yield Lack(N_("The first and the last day are not set."), is_needed=True)
    for name, part in PARTS.items():
        missing = missing_in(getattr(found, name), offered)
        if missing:
            yield Lack(N_("%(what)s: not written in %(languages)s."), part=part, languages=missing)
    if found.answers_due is None:
        yield Lack(N_("The day by which answers come is not set."))
    if not found.phases:
        yield Lack(N_("No steps are shown on the page."))


def _of_contents(
    drafts: Sequence[Draft],
    surveys: Sequence[Survey],
    forums: Sequence[Forum],
    offered: Collection[str],
    now: datetime,
) -> Iterator[Lack]:
    if not (drafts or surveys or forums):
        yield Lack(N_("Nothing belongs to it: no draft, no survey, no meeting."))
    for draft in drafts:
        if draft.version_number is None:
            yield Lack(N_("“%(what)s”: no version has been published."), title=draft.title)
    for survey in surveys:
        if survey.state(now) is State.DRAFT:
            yield Lack(N_("“%(what)s”: the survey has not been opened."), title=survey.title or {"": survey.slug})
        elif missing := tuple(code for code in offered if code not in survey.languages):
            yield Lack(N_("“%(what)s”: not in %(languages)s."), title=survey.title, languages=missing)
    for forum in forums:
        if not forum.is_public:
            yield Lack(N_("“%(what)s”: the meeting has not been published."), title=forum.title)


def missing_in(text: Text, offered: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in offered if not text.get(code, "").strip())
