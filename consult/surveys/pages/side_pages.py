"""The pages beside the questions: review, early ends, saving, own answers. Rendered for each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from markupsafe import Markup

from consult.errors import N_, Problem
from consult.i18n import Locale, Text, pick
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.piping import fill
from consult.surveys.pages import views
from consult.surveys.pages.rendering import Face
from consult.surveys.survey import Answered

RECEIVED = N_("Code %(code)s, received on %(day)s.")


@dataclass(frozen=True, slots=True)
class Review:
    """What the page with all answers shows: its parts, and the answers that go on with it."""

    parts: tuple[views.Part, ...]
    carried: tuple[tuple[str, str], ...]


def review_of(face: Face, locale: Locale, values: Fields, decoded: Decoded) -> Review:
    """All answers, page by page, each with a way back to change it."""
    compiled, copier = face.compiled, face.copier(locale)
    say = partial(copier.plain, answers=decoded.answers)
    parts = []
    for place, number in enumerate(decoded.pages, 1):
        page = compiled.definition.pages[number]
        keys = {name for name in decoded.answers if name.partition(".")[0] in compiled.pages[number].own}
        title = fill(pick(page.title, locale.code, locale.order)[0], say) if page.title else ""
        parts.append(views.Part(page.key, place, title, Markup(copier.copy(decoded.answers, keys))))
    carried = [
        (name, value)
        for name, given in values.items()
        if name in compiled.page_of and name.partition(".")[0] in decoded.answers
        for value in given
        if value
    ]
    return Review(tuple(part for part in parts if part.copy), tuple(carried))


def review(face: Face, locale: Locale, shown: Review, *, token: str, own: tuple[tuple[str, str], ...]) -> str:
    return face.html(
        locale,
        "surveys/review.html",
        definition=face.compiled.definition,
        version=face.version,
        parts=shown.parts,
        carried=shown.carried,
        own=own,
        token=token,
        action=face.path(locale.code),
        draft=face.draft,
        is_test=face.is_test,
        closes_at=face.survey.closes_at,
        alternates=face.alternates(locale),
    )


def ended(face: Face, locale: Locale, title: Text, text: Text, decoded: Decoded, *, is_used: bool = False) -> str:
    """The page of those whose answers are not needed: nothing was stored. is_used: their invitation is spent."""
    say = partial(face.copier(locale).plain, answers=decoded.answers)
    return face.html(
        locale,
        "surveys/ended.html",
        definition=face.compiled.definition,
        is_test=face.is_test,
        draft=face.draft,
        is_used=is_used,
        title=fill(pick(title, locale.code, locale.order)[0], say) if title else "",
        paragraphs=fill(pick(text, locale.code, locale.order)[0], say).split("\n\n"),
    )


def save(
    face: Face, locale: Locale, carried: list[tuple[str, str]], *, email: str, problems: tuple[Problem, ...]
) -> str:
    """Where shall the link go by which somebody goes on later?"""
    return face.html(
        locale,
        "surveys/save.html",
        definition=face.compiled.definition,
        carried=carried,
        email=email,
        problems=views.spoken(problems, locale),
        action=face.path(locale.code),
        alternates=face.alternates(locale),
    )


def kept(face: Face, locale: Locale, kept: tuple[str, datetime]) -> str:
    """The letter with the link is on its way."""
    email, until = kept
    return face.html(
        locale,
        "surveys/saved.html",
        definition=face.compiled.definition,
        email=email,
        until=until,
        draft=face.draft,
    )


def resume(face: Face, locale: Locale, link: str, *, is_there: bool) -> str:
    """What stands behind the link in a letter."""
    return face.html(
        locale,
        "surveys/resume.html",
        below=f"/resume/{link}",
        title=face.compiled.definition.title,
        is_there=is_there,
        action=f"{face.path(locale.code)}/resume/{link}",
        survey_href=face.path(locale.code),
    )


def answers(face: Face, locale: Locale, found: Answered, *, can_change: bool) -> str:
    """A respondent's own answers."""
    below = f"/answers/{face.keys.key_of(found.id).decode()}"
    href = f"{face.path(locale.code)}{below}"
    return face.html(
        locale,
        "surveys/answers.html",
        below=below,
        definition=face.compiled.definition,
        copy=face.copier(locale).markup(found.answers),
        code=found.code,
        day=found.day,
        closes_at=face.survey.closes_at,
        text_href=f"{href}/text",
        change_href=f"{href}/change" if can_change else "",
    )


def text_head(face: Face, locale: Locale, found: Answered) -> str:
    """The first lines of the file that a respondent keeps."""
    title = pick(face.compiled.definition.title, locale.code, locale.order)[0]
    return f"{title}\n{locale.gettext(RECEIVED, code=found.code, day=locale.date(found.day))}"
