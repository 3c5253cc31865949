"""The staff forms of a draft: fields read into content, and records put back into fields."""

from __future__ import annotations

from uuid import UUID

from markupsafe import Markup

from consult.consultations.consultation import end_of
from consult.consultations.forms import day_of, text_of
from consult.drafts.draft import Draft, WorkingCopy
from consult.drafts.markup import to_html
from consult.drafts.operations import DraftContent
from consult.errors import N_, Problem
from consult.i18n import Text
from consult.web import Form


def content_of(form: Form, authentic_language: str, zone: str) -> tuple[DraftContent, list[Problem]]:
    problems: list[Problem] = []
    consultation_id = None
    if form.get("consultation"):
        try:
            consultation_id = UUID(form.get("consultation"))
        except ValueError:
            problems.append(Problem("consultation", N_("Choose a consultation from the list.")))
    last = day_of(form, "closes_on", problems)
    content = DraftContent(
        slug=form.get("slug"),
        title=text_of(form, "title"),
        summary=text_of(form, "summary"),
        authentic_language=authentic_language,
        consultation_id=consultation_id,
        moderation=form.get("moderation"),
        closes_at=end_of(last, zone) if last else None,
    )
    return content, problems


def draft_form(draft: Draft, closes_on: str) -> Form:
    fields = {
        "slug": draft.slug,
        "consultation": str(draft.consultation.id) if draft.consultation else "",
        "moderation": draft.moderation.value,
        "closes_on": closes_on,
    }
    for place in ("title", "summary"):
        for language, value in getattr(draft, place).items():
            fields[f"{place}-{language}"] = value
    return _form(fields)


def working_form(working: WorkingCopy | None) -> Form:
    if working is None:
        return Form()
    return _form(
        {f"text-{language}": value for language, value in working.texts.items()}
        | {f"memorandum-{language}": value for language, value in working.memorandum.items()}
    )


def html(text: Text, language: str) -> Markup:
    return to_html(text.get(language, ""))


def _form(fields: dict[str, str]) -> Form:
    return Form({name: [value] for name, value in fields.items()})
