"""A consultation's form: its fields read into Content, and a record put back into fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from consult.consultations.consultation import MOST_PHASES, Consultation, Outcome, Phase
from consult.consultations.deadline import minimum_days
from consult.consultations.operations import Content
from consult.errors import N_, Problem
from consult.i18n import Text, languages, locale
from consult.profile import Profile
from consult.web import Form
from consult.web.moments import day_in

TEXTS = ("title", "summary", "plain_words", "legal_basis", "contact")
FIRST_PHASES = (
    N_("Draft published"),
    N_("Comments"),
    N_("Public forum"),
    N_("Reasoned responses"),
    N_("The council decides"),
)


def text_of(form: Form, place: str) -> Text:
    """The languages of one text: field title-mk is the Macedonian title."""
    written = {language: form.get(f"{place}-{language}") for language in languages()}
    return {language: value for language, value in written.items() if value}


def day_of(form: Form, name: str, problems: list[Problem]) -> date | None:
    written = form.get(name)
    if not written:
        return None
    try:
        return day_in(written)
    except ValueError:
        problems.append(Problem(name, N_("Write a date as year-month-day, such as 2026-12-31.")))
        return None


def content_of(form: Form, authentic_language: str, profile: Profile) -> tuple[Content, list[Problem]]:
    """Read the form. A step without a date is left out; a date that is none is a problem."""
    problems: list[Problem] = []
    phases = []
    for number in range(1, MOST_PHASES + 1):
        starts = day_of(form, f"phase-{number}-starts", problems)
        ends = day_of(form, f"phase-{number}-ends", problems)
        if starts or ends:
            rule = form.get(f"phase-{number}-rule")
            shortest = minimum_days(profile, starts, rule) if rule and starts else 0
            reason = form.get(f"phase-{number}-reason").strip()
            named = text_of(form, f"phase-{number}")
            phases.append(Phase(str(number), named, starts, ends, rule, shortest, reason))
    content = Content(
        slug=form.get("slug"),
        kind=form.get("kind"),
        title=text_of(form, "title"),
        summary=text_of(form, "summary"),
        plain_words=text_of(form, "plain_words"),
        legal_basis=text_of(form, "legal_basis"),
        contact=text_of(form, "contact"),
        authentic_language=authentic_language,
        opens_on=day_of(form, "opens_on", problems),
        last_on=day_of(form, "last_on", problems),
        answers_due=day_of(form, "answers_due", problems),
        short_reason=form.get("short_reason"),
        phases=tuple(phases),
    )
    return content, problems


def new_form() -> Form:
    """An empty form with the usual steps named in every language; their dates are missing."""
    fields = {"kind": "regulation"}
    for number, label in enumerate(FIRST_PHASES, start=1):
        for language in languages():
            fields[f"phase-{number}-{language}"] = locale(language).gettext(label)
    return _form(fields)


def form_of(found: Consultation, zone: str) -> Form:
    fields = {
        "slug": found.slug,
        "kind": found.kind.value,
        "opens_on": _iso(found.first_day(zone)),
        "last_on": _iso(found.last_day(zone)),
        "answers_due": _iso(found.answers_due),
        "short_reason": found.short_reason,
    }
    for place in TEXTS:
        for language, value in getattr(found, place).items():
            fields[f"{place}-{language}"] = value
    fields |= _phase_fields(found.phases)
    return _form(fields)


def outcome_form(outcome: Outcome | None) -> Form:
    if outcome is None:
        return Form()
    return _form(
        {
            f"{place}-{language}": value
            for place in ("asked", "said", "did")
            for language, value in getattr(outcome, place).items()
        }
    )


def _phase_fields(phases: Sequence[Phase]) -> dict[str, str]:
    fields = {}
    for number, phase in enumerate(phases, start=1):
        fields[f"phase-{number}-starts"] = _iso(phase.starts)
        fields[f"phase-{number}-ends"] = _iso(phase.ends)
        fields[f"phase-{number}-rule"] = phase.rule
        fields[f"phase-{number}-reason"] = phase.short_reason
        for language, value in phase.label.items():
            fields[f"phase-{number}-{language}"] = value
    return fields


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _form(fields: dict[str, str]) -> Form:
    return Form({name: [value] for name, value in fields.items()})
