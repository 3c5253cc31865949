"""The page of one condition: built from questions, operators and values, or written as text with its faults marked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup, escape

from consult.errors import N_, NotFound, Problem
from consult.i18n import Locale, pick
from consult.people.guards import requires
from consult.people.person import Person
from consult.studio import builder, operations, queries
from consult.studio.builder import Askable, Group, Term
from consult.studio.editor import in_words, place_or_first, say
from consult.studio.editor_pages import EDIT
from consult.studio.edits import Part, part_at
from consult.studio.forms import place_in
from consult.studio.operations import EditConflict
from consult.surveys import queries as surveys
from consult.surveys.conditions import terms, type_checks
from consult.surveys.definition import schema as d
from consult.surveys.staff.pages import BUILD
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_form, see_other
from consult.web.pages import HTML, plain_page, render

MOST = 30
INCOMPLETE = N_("Choose a question, how it is compared, and a value.")


@dataclass(frozen=True)
class View:
    """One condition. group None: its text says more than the builder can. fault: the first, for the marked text."""

    locale: Locale
    url: str
    copy: queries.Copy
    at: str
    field: str
    source: str
    group: Group | None
    known: dict[str, Askable]
    faults: tuple[type_checks.Found, ...] = ()
    problems: tuple[Problem, ...] = ()
    conflict: EditConflict | None = None

    @property
    def back(self) -> str:
        return f"{self.url}?at={quote(self.at)}#{quote(self.at)}"

    @property
    def words(self) -> str:
        return in_words(self.source, self.copy.definition, self.locale) if self.source else ""

    @property
    def subject(self) -> str:
        """What the condition decides on."""
        part = part_at(self.copy.definition, self.at)
        whole = self.short(part.title if isinstance(part, d.Page | d.Definition) else part.text) or self.at
        item = _item(part, self.field)
        return f"{whole} – {self.short(item.text) or item.code}" if item is not None else whole

    def short(self, text: d.Text) -> str:
        return pick(text, self.locale.code, (*self.copy.definition.languages,))[0] if text else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        found = [("", self.locale.gettext(N_("Choose a question")))]
        for one in self.known.values():
            label = self.short(one.text) or one.name
            found.append((one.name, f"{label} – {self.short(one.row) or one.name}" if one.row is not None else label))
        return found

    def operators(self, term: Term) -> list[tuple[str, str]]:
        asked = self.known.get(term.asked)
        return [(name, self.locale.gettext(builder.NAMES[name])) for name in asked.operators] if asked else []

    def picks(self, term: Term) -> str:
        asked = self.known.get(term.asked)
        return asked.picks(term.operator or asked.operators[0]) if asked else ""

    def options(self, term: Term) -> list[tuple[str, str]]:
        asked = self.known.get(term.asked)
        return [(code, self.short(text) or code) for code, text in asked.options] if asked else []

    @property
    def marked(self) -> Markup:
        """The text with the place of its first fault marked."""
        if not self.faults:
            return Markup("")
        start = max(0, min(self.faults[0].column - 1, len(self.source)))
        end = start
        while end < len(self.source) and (self.source[end].isalnum() or self.source[end] == "_"):
            end += 1
        end = max(end, start + 1)
        return Markup("{}<mark>{}</mark>{}").format(
            self.source[:start], escape(self.source[start:end] or "\u00a0"), self.source[end:]
        )

    def fault(self, one: type_checks.Found) -> str:
        return self.locale.gettext(
            N_("Character %(number)s: %(what)s"),
            number=self.locale.number(one.column),
            what=say(self.locale, one.message, one.parameters),
        )

    def said(self, message: str, parameters: Any) -> str:
        return say(self.locale, message, parameters)


def _item(part: Part, field: str) -> Any:
    name, _, rest = field.partition(".")
    if name not in ("options", "rows"):
        return None
    code = rest.removesuffix(".show_if")
    for item in getattr(part, name, ()):
        if item.code == code:
            return item
    raise NotFound


def source_of(part: Part, field: str) -> str:
    """The condition in a field: `show_if`, or that of an option or row. Raises NotFound."""
    item = _item(part, field)
    if item is not None:
        return str(item.show_if)
    if field != "show_if" or isinstance(part, d.Definition):
        raise NotFound
    return str(part.show_if)


def with_source(part: Part, field: str, source: str) -> Part:
    item = _item(part, field)
    if item is None:
        return msgspec.structs.replace(part, show_if=source)
    name = field.partition(".")[0]
    items = tuple(
        msgspec.structs.replace(one, show_if=source) if one.code == item.code else one for one in getattr(part, name)
    )
    return msgspec.structs.replace(part, **{name: items})


def faults_of(definition: d.Definition, at: str, source: str) -> tuple[type_checks.Found, ...]:
    if not source.strip():
        return ()
    scope: dict[str, terms.Variable] = {}
    before = {one.name.partition(".")[0] for one in builder.askable(definition, at)}
    for question in definition.questions:
        offered = terms.variable(question) if question.key in before else None
        if offered is not None:
            scope[question.key] = offered
    later = frozenset(question.key for question in definition.questions) - scope.keys()
    return tuple(type_checks.check(source, scope, later))


async def view_of(survey: Survey, at: str, field: str, locale: Locale, **more: Any) -> View:
    copy = await queries.copy(survey.id)
    if place_or_first(copy.definition, at) != at:
        raise NotFound
    source = source_of(part_at(copy.definition, at), field)
    known = {one.name: one for one in builder.askable(copy.definition, at)}
    made = View(
        locale=locale,
        url=f"/staff/{locale.code}/surveys/{survey.slug}/edit",
        copy=copy,
        at=at,
        field=field,
        source=source,
        group=builder.group(source, known),
        known=known,
        faults=faults_of(copy.definition, at, source),
    )
    return replace(made, **more)


def answer(request: AnyRequest, survey: Survey, view: View, status: int = 200) -> Response[bytes]:
    if "x-editor" in request.headers:
        body = render(view.locale, "studio/editor-builder.html", view=view)
        return plain_page(request, body.encode(), HTML, status=status)
    return page(
        request, "studio/editor-condition.html", status=status, survey=survey, view=view, problems=view.problems
    )


@get(EDIT + "/condition", guards=[requires(*BUILD)])
async def condition(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    survey = await surveys.survey(slug)
    query = request.query_params
    return answer(request, survey, await view_of(survey, query.get("at", ""), query.get("field", ""), locale))


@post(EDIT + "/condition", guards=[requires(*BUILD)])
async def change_condition(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await surveys.survey(slug)
    view = await view_of(survey, form.get("_at"), form.get("_field"), locale)
    act = form.get("_do")
    group = read_group(form, "t")
    if act not in ("save", "text", "remove"):
        return answer(request, survey, replace(view, group=acted(group, act)))
    if act == "save" and not builder.is_complete(group, view.known):
        problems = tuple(incomplete(group, view.known, "t"))
        return answer(request, survey, replace(view, group=group, problems=problems), 422)
    source = {"save": builder.text(group) if act == "save" else "", "text": form.get("text"), "remove": ""}[act]
    given = form.get("_revision")
    try:
        await operations.save_part(
            survey_id=survey.id,
            place=view.at,
            written=lambda part: with_source(part, view.field, source[:2000]),
            based_on=int(given) if given.isascii() and given.isdigit() and len(given) < 10 else view.copy.revision,
            at=now,
            person=person.id,
        )
    except EditConflict as conflict:
        again = await view_of(survey, view.at, view.field, locale, conflict=conflict)
        shown = replace(again, group=group if act == "save" else again.group)
        return answer(request, survey, shown, 409)
    if act == "text":
        saved = await view_of(survey, view.at, view.field, locale)
        if saved.faults:
            return answer(request, survey, saved, 422)
    return see_other(view.back)


def read_group(form: Form, name: str, depth: int = 0) -> Group:
    """The group in a form: `t.count`, `t.0.asked`, `t.1.group`, `t.1.0.asked`."""
    given = form.get(f"{name}.count")
    count = min(int(given), MOST) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    items: list[Term | Group] = []
    for number in range(count):
        place = f"{name}.{number}"
        if form.flag(f"{place}.group") and depth == 0:
            items.append(read_group(form, place, depth + 1))
        else:
            values = tuple(value.strip()[:200] for value in form.list(f"{place}.value") if value.strip())
            items.append(Term(form.get(f"{place}.asked"), form.get(f"{place}.operator"), values[:100]))
    return Group("any" if form.get(f"{name}.joint") == "any" else "all", tuple(items))


def acted(group: Group, act: str) -> Group:
    """Add or take away a term or a group: `add:t`, `group:t`, `delete:t.1`, `delete:t.1.0`."""
    name, _, place = act.partition(":")
    path = [step for step in map(place_in, place.split(".")[1:]) if step is not None]
    if name == "delete" and path:
        return _without(group, path)
    if name not in ("add", "group"):
        return group
    new: Term | Group = Term() if name == "add" else Group("any", (Term(), Term()))
    if not path:
        return replace(group, items=(*group.items, new))
    inner = group.items[path[0]] if path[0] < len(group.items) else None
    if not isinstance(inner, Group):
        return group
    items = list(group.items)
    items[path[0]] = replace(inner, items=(*inner.items, new))
    return replace(group, items=tuple(items))


def _without(group: Group, path: list[int]) -> Group:
    items = list(group.items)
    if path[0] >= len(items):
        return group
    inner = items[path[0]]
    if len(path) > 1 and isinstance(inner, Group):
        items[path[0]] = _without(inner, path[1:])
    else:
        del items[path[0]]
    return replace(group, items=tuple(items))


def incomplete(group: Group, known: dict[str, Askable], name: str) -> list[Problem]:
    found = [] if group.items else [Problem(name, INCOMPLETE)]
    for number, item in enumerate(group.items):
        place = f"{name}.{number}"
        if isinstance(item, Group):
            found += incomplete(item, known, place)
        elif not builder.is_complete(item, known):
            found.append(Problem(f"{place}.asked", INCOMPLETE))
    return found


routes = [condition, change_condition]
nav: list[Any] = []
