"""The preview: a page with frames, and in the frames the working copy itself. Answers lead on, and go nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Problem
from consult.i18n import Locale, languages, pick
from consult.people.guards import requires
from consult.studio import previews, queries
from consult.studio.editor import page_of, place_or_first
from consult.studio.editor_pages import EDIT, FRAMING
from consult.studio.previews import PreviewFace
from consult.surveys import queries as surveys
from consult.surveys.answers.flow import Decoded
from consult.surveys.definition import schema as d
from consult.surveys.files import gallery
from consult.surveys.files.pictures import Picture
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.response_ids import Signer
from consult.surveys.staff.pages import BUILD
from consult.surveys.survey import Survey
from consult.web import AnyRequest, page, read_form
from consult.web.guard import content_security_policy
from consult.web.pages import HTML, plain_page, shell

FRAMED = {
    "content-security-policy": content_security_policy(frame_ancestors="'self'"),
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-store",
}
NOTHING_YET = N_("(no text yet)")


@get(EDIT + "/preview", guards=[requires(*BUILD)])
async def preview(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """Both widths beside each other; ?at= chooses the page, ?in= the language of what is shown."""
    survey = await surveys.survey(slug)
    definition = (await queries.copy(survey.id)).definition
    at = place_or_first(definition, request.query_params.get("at", ""))
    shown = page_of(definition, at) or definition.pages[0]
    spoken = request.query_params.get("in", "")
    language = spoken if spoken in languages() else locale.code
    return page(
        request,
        "studio/editor-preview.html",
        headers=FRAMING,
        survey=survey,
        at=at,
        shown=shown,
        title=pick(definition.title, locale.code, locale.order)[0] or slug,
        pages=[(one.key, pick(one.title, locale.code, locale.order)[0]) for one in definition.pages],
        spoken=language,
        spoken_names=[(code, str(locale.babel.languages.get(code, code))) for code in languages()],
    )


@get(EDIT + "/preview/page", guards=[requires(*BUILD)])
async def preview_page(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """One page as residents see it."""
    survey = await surveys.survey(slug)
    definition = (await queries.copy(survey.id)).definition
    shown = page_of(definition, request.query_params.get("at", "")) or definition.pages[0]
    pictures = await gallery.pictures_of(survey.id, definition)
    face = face_of(request, survey, definition, pictures, locale, alone=shown.key)
    number = [one.key for one in definition.pages].index(shown.key)
    return framed(request, face.page(locale, number, {}, Decoded(), token=previews.TOKEN))


@post(EDIT + "/preview/page", guards=[requires(*BUILD)])
async def preview_step(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """What a resident would see next."""
    survey = await surveys.survey(slug)
    definition = (await queries.copy(survey.id)).definition
    form = await read_form(request)
    face = face_of(request, survey, definition, await gallery.pictures_of(survey.id, definition), locale)
    compiled = face.compiled
    current = next((n for n, one in enumerate(definition.pages) if one.key == form.get("_page")), 0)
    fields = {name: form.list(name) for name in form if name in compiled.page_of}
    decoded = compiled.decode(fields, upto=current)
    problems: tuple[Problem, ...] = ()
    number: int | None = current
    if form.get("_go") == "back":
        number = compiled.page_before(current, decoded) or 0
    elif form.get("_go") != "stay":
        problems = tuple(decoded.problems)
        number = (decoded.first_faulty_page or 0) if problems else compiled.page_after(current, decoded)
    if number is None:
        return page(request, "studio/editor-preview-end.html", headers=FRAMED, back=face.path(locale.code))
    before = compiled.decode(fields, upto=number - 1) if number else Decoded()
    return framed(request, face.page(locale, number, fields, before, token=previews.TOKEN, problems=problems))


def face_of(
    request: AnyRequest,
    survey: Survey,
    definition: d.Definition,
    pictures: Mapping[str, Picture],
    locale: Locale,
    *,
    alone: str = "",
) -> PreviewFace:
    return PreviewFace(
        shell=shell(request),
        survey=survey,
        version=0,
        compiled=previews.compiled(definition, locale.gettext(NOTHING_YET), alone=alone),
        signer=Signer(b"preview", survey.id, 0, is_test=True),
        keys=AnswerKeys(b"preview", survey.id),
        is_test=False,
        pictures=pictures,
    )


def framed(request: AnyRequest, body: str) -> Response[bytes]:
    return plain_page(request, body.encode(), HTML, headers=FRAMED)


routes = [preview, preview_page, preview_step]
nav: list[Any] = []
