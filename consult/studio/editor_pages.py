"""The editor of a survey in the workspace: one page, one form, and its fragments for the script.

Without JavaScript every button sends the form that is open and gets the page again. With it the same posts are made by
editor.js (header `x-editor`), and the answer is the parts that have changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import Invalid, Problem, Refused
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.studio import edits, naming, operations, queries
from consult.studio.editor import View, ordered, page_of, place_or_first, say
from consult.studio.edits import QUESTION, Part
from consult.studio.fields import TYPES
from consult.studio.forms import Reader, place_in
from consult.studio.operations import EditConflict, Saved
from consult.surveys import queries as surveys
from consult.surveys.definition import schema as d
from consult.surveys.files import gallery
from consult.surveys.staff.pages import BUILD, SEE
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_files, see_other
from consult.web.guard import content_security_policy
from consult.web.pages import HTML, plain_page, render

HERE = "here"
Then = Callable[[d.Definition, str], edits.Edited]
FRAMING = {"content-security-policy": content_security_policy(frames="'self'")}
EDIT = "/staff/{language:str}/surveys/{slug:str}/edit"


@get(EDIT, guards=[requires(*SEE)])
async def editor(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    copy = await queries.copy(survey.id)
    at = place_or_first(copy.definition, request.query_params.get("at", ""))
    view = await view_of(survey, copy, at, locale, person, profile)
    return answer(request, survey, view)


async def view_of(
    survey: Survey, copy: queries.Copy, at: str, locale: Locale, person: Person, profile: Profile, **more: Any
) -> View:
    return View(
        locale=locale,
        slug=survey.slug,
        copy=copy,
        at=at,
        authentic=profile.authentic_language,
        installed=languages(),
        locked=await queries.locked(survey.id, survey.version),
        may_edit=person.may(*BUILD),
        pictures=await gallery.pictures_of(survey.id, copy.definition),
        **more,
    )


def answer(
    request: AnyRequest, survey: Survey, view: View, *, problems: tuple[Problem, ...] = (), status: int = 200,
    whole: bool = True,
) -> Response[bytes]:  # fmt: skip
    """The page, or for the script the parts of it that change; whole: with the form itself."""
    if "x-editor" in request.headers:
        body = render(view.locale, "studio/editor-fragment.html", view=view, whole=whole)
        return plain_page(request, body.encode(), HTML, status=status)
    return page(
        request, "studio/editor.html", status=status, headers=FRAMING, survey=survey, view=view, problems=problems
    )


@post(EDIT, guards=[requires(*BUILD)])
async def change(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_files(request)
    survey = await surveys.survey(slug)
    copy = await queries.copy(survey.id)
    at, act = form.get("_at"), form.get("_do")
    reader = await _reader(form, survey, copy.definition, at, act, profile)
    try:
        reader.pictures, unkept = await _kept(survey, form, now, person)
        saved = await _done(survey, copy, form, reader, at, act, person, now)
    except EditConflict as conflict:
        return await _conflict(request, survey, conflict, at, locale, person, profile)
    except (Refused, Invalid) as refused:
        found = refused.problems if isinstance(refused, Invalid) else ()
        problems = found or (refused.problem(),)
        view = await _after(survey, at, locale, person, profile, announced=locale.gettext(refused.message))
        return answer(request, survey, view, problems=problems, status=409)
    if unkept:
        view = await _after(
            survey, saved.edited.at, locale, person, profile, announced=locale.gettext(unkept[0].message)
        )
        return answer(request, survey, view, problems=unkept, status=422)
    return await _answered(request, survey, form, reader, saved, locale, person, profile)


async def _kept(
    survey: Survey, form: Form, now: dt.datetime, person: Person
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The names of pictures that were sent with the form, by field, and what is wrong with the others.

    What else the form says is saved all the same.
    """
    found = {}
    problems: list[Problem] = []
    for field, upload in form.files.items():
        if field.endswith(".upload") and upload.content:
            digest = hashlib.blake2b(upload.content, digest_size=4).hexdigest()
            words = naming.suggested(upload.name.rpartition(".")[0], join="-") or "picture"
            name = f"images/{words}-{digest}.webp"
            try:
                await gallery.keep(survey_id=survey.id, name=name, content=upload.content, at=now, person=person.id)
            except Invalid as refused:
                problems += [Problem(field, one.message, one.parameters) for one in refused.problems]
                continue
            found[field.removesuffix(".upload")] = name
    return found, tuple(problems)


async def _reader(form: Form, survey: Survey, definition: d.Definition, at: str, act: str, profile: Profile) -> Reader:
    own = at.partition("-")[2]
    keys = edits.keys(definition) if at.startswith(QUESTION) else {one.key for one in definition.pages}
    return Reader(
        form,
        ordered(definition, profile.authentic_language),
        await queries.locked(survey.id, survey.version),
        frozenset(keys - {own}),
        act=act.removeprefix("list:") if act.startswith("list:") else "",
    )


async def _done(
    survey: Survey, copy: queries.Copy, form: Form, reader: Reader, at: str, act: str, person: Person, now: dt.datetime
) -> Saved:
    """Do what a button says, with what was typed into the open form."""
    given = form.get("_revision")
    based_on = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else copy.revision
    if act in ("undo", "redo"):
        step = operations.undo if act == "undo" else operations.redo
        return await step(survey_id=survey.id, based_on=based_on, at=now, person=person.id)
    then, touches = _edit(form, at, act, reader.locked)
    if not _has_part(form):
        return await operations.save(
            survey_id=survey.id,
            edit=lambda found: then(found, at) if then else edits.Edited(found, ""),
            at=now,
            person=person.id,
            based_on=based_on,
            touches=touches,
        )
    return await operations.save_part(
        survey_id=survey.id,
        place=at,
        written=_resolving(reader, form),
        based_on=based_on,
        at=now,
        person=person.id,
        then=then,
        touches=touches,
    )


def _has_part(form: Form) -> bool:
    """Whether the form holds the fields of a part, and not only a button."""
    return any(not name.startswith("_") for name in form)


def _edit(form: Form, at: str, act: str, locked: queries.Locked) -> tuple[Then | None, tuple[str, ...]]:
    """What a button does beyond saving, and the places that must not have changed meanwhile."""
    name, _, place = act.partition(":")

    def meant(here: str) -> str:
        """`here` is the open part, whatever its key has become in the meantime."""
        return here if place in (HERE, at) else place

    match name:
        case "up" | "down":
            return (lambda found, here: edits.move(found, meant(here), -1 if name == "up" else 1)), ()
        case "to" if place.count(":") == 2:
            moved, to_page, index = place.split(":")
            number = place_in(index) or 0
            return (lambda found, here: _moved_to(found, here if moved == HERE else moved, to_page, number)), ()
        case "duplicate":
            return (lambda found, here: edits.duplicate(found, meant(here))), ()
        case "delete":
            return (lambda found, here: edits.delete(found, meant(here))), (meant(at),)
        case "add-page":
            return _added_page, ()
        case "add" if form.get("_type") in TYPES:
            return (lambda found, here: _added(found, here, form.get("_type"))), ()
        case "type" if form.get("_kind") in TYPES and not locked.has_question(at.removeprefix(QUESTION)):
            kind = form.get("_kind")
            return (lambda found, here: edits.change_type(found, here.removeprefix(QUESTION), kind)), ()
    return None, ()


def _moved_to(found: d.Definition, place: str, to_page: str, number: int) -> edits.Edited:
    return edits.move_to(found, place.removeprefix(QUESTION), to_page, number)


def _added_page(found: d.Definition, here: str) -> edits.Edited:
    current = page_of(found, here)
    return edits.add_page(found, current.key if current else "")


def _added(found: d.Definition, here: str, kind: str) -> edits.Edited:
    current = page_of(found, here) or found.pages[-1]
    return edits.add_question(found, kind, current.key, here.removeprefix(QUESTION))


def _resolving(reader: Reader, form: Form) -> Callable[[Part], Part]:
    """The part as typed; where somebody chose the other's text in a conflict, that."""
    count = form.get("resolve.count")
    paths = {
        form.get(f"resolve.{number}.path")
        for number in range(min(int(count), 500) if count.isascii() and count.isdigit() and len(count) < 5 else 0)
        if form.get(f"resolve.{number}") == "theirs"
    }

    def written(part: Part) -> Part:
        mine = reader.written(part)
        return operations.taken_over(mine=mine, theirs=part, paths=paths) if paths else mine

    return written


async def _after(survey: Survey, at: str, locale: Locale, person: Person, profile: Profile, **more: Any) -> View:
    copy = await queries.copy(survey.id)
    return await view_of(survey, copy, place_or_first(copy.definition, at), locale, person, profile, **more)


async def _conflict(
    request: AnyRequest, survey: Survey, conflict: EditConflict, at: str, locale: Locale, person: Person,
    profile: Profile,
) -> Response[bytes]:  # fmt: skip
    """The part as it is by now, with what this person typed on top of it, and who has changed what."""
    said = locale.gettext(conflict.message)
    view = await _after(
        survey, at, locale, person, profile, mine=conflict.part, conflict=conflict, focus="conflict", announced=said
    )
    return answer(request, survey, view, status=409)


async def _answered(
    request: AnyRequest, survey: Survey, form: Form, reader: Reader, saved: Saved, locale: Locale, person: Person,
    profile: Profile,
) -> Response[Any]:  # fmt: skip
    act = form.get("_do")
    edited = saved.edited
    is_new = act in ("add", "add-page", "type") or act.startswith("duplicate:") or act == f"delete:{HERE}"
    at = edited.at if is_new else _where(form, saved)
    said = say(locale, edited.said, edited.parameters) if edited.said else locale.gettext(operations.NO_CHANGE)
    view = await _after(
        survey,
        at,
        locale,
        person,
        profile,
        unread=tuple(reader.problems),
        focus=_focus(act, at, reader.languages[0]),
        announced=said,
    )
    if "x-editor" in request.headers:
        return answer(request, survey, view, whole=act != "auto")
    if reader.problems:
        return answer(request, survey, view, status=422, problems=tuple(reader.problems))
    return see_other(view.url, anchor=quote(view.focus or view.at), at=view.at)


def _where(form: Form, saved: Saved) -> str:
    """The place that was open, under the key that it has now."""
    at = form.get("_at")
    if saved.edited.at.partition("-")[0] == at.partition("-")[0] and _gone(saved.after, at):
        return saved.edited.at
    return at


def _gone(definition: d.Definition, at: str) -> bool:
    return place_or_first(definition, at) != at


def _focus(act: str, at: str, language: str) -> str:
    """What has the keyboard afterwards: the same button while it is there, else what was made."""
    if act.startswith("list:"):
        return _list_focus(act)
    if act.startswith(("up:", "down:")) or act in ("undo", "redo"):
        return act.replace(":", "-")
    if act in ("add", "add-page"):
        return f"{'title' if act == 'add-page' else 'text'}.{language}"
    return "" if act in ("", "auto", "save") else at


def _list_focus(act: str) -> str:
    name, *words = act.removeprefix("list:").split(".")
    match words:
        case [number, "up"] if (place := place_in(number)) is not None:
            return f"list-{name}.{max(0, place - 1)}.up"
        case [number, "down"] if (place := place_in(number)) is not None:
            return f"list-{name}.{place + 1}.down"
        case ["add"]:
            return f"list-{name}.add:last"
    return name


__all__ = ["AnyRequest", "answer", "routes", "view_of"]
routes = [editor, change]
nav: list[Any] = []
